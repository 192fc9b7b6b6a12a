// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_LICENSE_MANAGEMENT_SERVICE_HPP
#define REINSTATE_MANAGED_LICENSE_MANAGEMENT_SERVICE_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/managed/owner_proof.hpp>
#include <reinstate/secret_bytes.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate {

// The public keys of a License Management Service. Backups of managed licenses are sealed to `agreement`; the service
// signs its answers with `signing`.
struct service_key {
  x25519_public_key agreement{};
  ed25519_public_key signing{};

  friend bool operator==(const service_key&, const service_key&) = default;
};

// Converts a service key to text, and back: "reinstate-service:" and base64url of both keys and of a 4-byte checksum
// that detects typing errors. Errors: invalid_argument.
std::string to_string(const service_key& key);
result<service_key> parse_service_key(std::string_view text);

// A service's description of itself.
struct service_description {
  std::string name;     // display name; UTF-8
  std::string url;      // its address; empty for a service in this process
  std::string privacy;  // URL of its privacy policy; may be empty
  service_key key;
};

// The version of an issuer's newest revocation list known to the client.
struct known_revocations {
  ed25519_public_key issuer{};
  std::uint64_t version = 0;
};

// A license of a backup that this machine requests.
struct license_claim {
  std::vector<std::byte> statement;  // signed by the issuer, see rights_statement.hpp
  std::size_t seal = 0;              // an index into `restore_request::seals`
  license_state state;               // the more used of the states in the backup and in the store
};

// A request for the keys of licenses on this machine. Sending the same request again has no further effect. [C93, C95]
struct restore_request {
  static constexpr std::size_t max_licenses = 1'000;
  static constexpr std::size_t max_seals = 64;

  std::array<std::byte, 16> id{};  // random; the same if the same request is sent again
  std::string machine_name;        // the user's name for this machine, up to 100 bytes of UTF-8; may be empty
  std::vector<std::vector<std::byte>> seals;  // seal certificates, each once [docs/managed-licenses.md]
  std::vector<license_claim> licenses;        // each license once
  std::optional<owner_proof> owner;           // with owner_action::restore
  std::vector<known_revocations> revocations;
};

// The service's decision about one license.
struct license_answer {
  license_id id;
  error_code refused;   // success if granted; else machine_limit_reached, daily_limit_reached, license_revoked,
                        // backup_right_absent, license_expired, issuer_unknown, license_not_authentic
  license_state state;  // if granted: the state to restore, never with more uses than requested [C131, C132]
  secret_bytes key;     // if granted: opens its seal
};

// The service's answer to a restore_request.
struct restore_answer {
  std::vector<license_answer> licenses;             // in the order of the request
  std::string help_url;                             // if a limit was reached: the page that tells the user what to do
  std::vector<std::vector<std::byte>> revocations;  // signed lists that are newer than those known to the client
};

// The use that was made of a license on this machine.
struct use_report {
  std::vector<std::byte> statement;
  license_state state;
};

// A machine that has licenses of an owner.
struct managed_machine {
  machine_id id{};
  std::string name;
  std::chrono::sys_seconds first_restore{};
  std::chrono::sys_seconds last_restore{};
  std::uint64_t licenses = 0;
  std::optional<std::chrono::sys_seconds> releasable_from;  // in the future if a release now would be too soon

  friend bool operator==(const managed_machine&, const managed_machine&) = default;
};

// The machines that have licenses of an owner.
struct machine_list {
  std::vector<managed_machine> machines;  // in order of first restore
  std::uint32_t limit = 0;                // the lowest machine limit among the owner's licenses; 0 if there are none
};

// The result of a release.
struct release_receipt {
  std::uint64_t licenses = 0;               // number of licenses whose machine slot was freed
  std::chrono::sys_seconds next_release{};  // time of the next permitted release
};

// An issuer's License Management Service: hands out the keys of managed licenses, license by license, counts the
// machines that have each, and keeps the lowest count of uses. It never sees a payload, a title or a passphrase.
//
// The functions are synchronous and may block until a time-out; operations call them on their `work` executor, never
// under a lock. Each returns operation_canceled soon after a stop is requested.
//
// Errors of every function: service_unavailable, service_busy, service_not_authentic, service_answer_invalid,
// service_clock_differs, network_forbidden, operation_canceled, invalid_argument, and those of the machine's identity.
// A function's additional errors take precedence. Throws std::bad_alloc.
//
// Thread safety: any function from any thread.
class license_management_service {
 public:
  virtual ~license_management_service() = default;

  // Returns the service's description, without contacting the service.
  virtual const service_description& description() const noexcept = 0;

  // Requests licenses for this machine. An error means that the request as a whole was refused; otherwise each license
  // has an answer of its own.
  virtual result<restore_answer> decide(const restore_request& request, std::stop_token stop) = 0;

  // Reports uses of licenses, at most restore_request::max_licenses at a time. The service ignores licenses that this
  // machine does not have.
  virtual result<void> report(const std::vector<use_report>& uses, std::stop_token stop) = 0;

  // Lists the machines that have licenses of the owner. Errors: ownership_not_proven.
  virtual result<machine_list> machines(const owner_proof& owner, std::stop_token stop) = 0;

  // Releases the machine slots that the machine named in the proof holds of the owner's licenses. That machine keeps
  // the licenses it has, but gets no new ones without a machine slot. The same proof gives the same answer again; a
  // proof may be up to 30 days old.
  // Errors: ownership_not_proven, machine_not_found, release_too_soon.
  virtual result<release_receipt> release(const owner_proof& order, std::stop_token stop) = 0;
};

// The data that will be sent to a service, shown to the user before the first contact of an operation.
struct service_contact {
  service_description service;
  std::string machine_name;  // sent, like this machine's public keys and the time
  bool proves_ownership = false;
  // Also sent, for each managed license: ids, issuer, the issuer's name for the user, rights, uses left, first use.
};

enum class consent_answer { refused, agreed };

// Asks whether the user agrees to a contact. Called on `work`, once in an operation, and may block. If the user
// refuses, managed licenses are left out, each of them reported, and the rest is restored; an error ends the operation.
using service_consent = std::function<result<consent_answer>(const service_contact&)>;

}  // namespace reinstate

#endif
