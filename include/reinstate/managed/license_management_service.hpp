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

// The public keys of a License Management Service. Backups of managed licenses are sealed to `agreement`; what the
// service answers is signed with `signing`.
struct service_key {
  x25519_public_key agreement{};
  ed25519_public_key signing{};

  friend bool operator==(const service_key&, const service_key&) = default;
};

// "reinstate-service:" and base64url of both keys and four bytes that find a mistyped character.
std::string to_string(const service_key& key);
result<service_key> parse_service_key(std::string_view text);  // errors: invalid_argument

struct service_description {
  std::string name;     // what a person calls it; UTF-8
  std::string url;      // where it is; empty for one in this process
  std::string privacy;  // the URL of what it does with what it learns; may be empty
  service_key key;
};

// The newest revocation list of an issuer that the asking side has.
struct known_revocations {
  ed25519_public_key issuer{};
  std::uint64_t version = 0;
};

// One license of a backup that this machine asks for.
struct license_claim {
  std::vector<std::byte> statement;  // signed by the issuer, see rights_statement.hpp
  std::size_t seal = 0;              // an index into `restore_request::seals`
  license_state state;               // as the backup has it, or the store, whichever is further along
};

// Asks whether this machine may have the licenses. Asking twice is the same as asking once. [C93, C95]
struct restore_request {
  static constexpr std::size_t max_licenses = 1'000;
  static constexpr std::size_t max_seals = 64;

  std::array<std::byte, 16> id{};  // random; the same where the same request is sent again
  std::string machine_name;        // what the user calls this machine, up to 100 bytes of UTF-8; may be empty
  std::vector<std::vector<std::byte>> seals;  // seal certificates, each once [docs/managed-licenses.md]
  std::vector<license_claim> licenses;        // each license once
  std::optional<owner_proof> owner;           // with owner_action::restore
  std::vector<known_revocations> revocations;
};

// What the service decided about one license.
struct license_answer {
  license_id id;
  error_code refused;   // success: granted. machine_limit_reached, daily_limit_reached, license_revoked,
                        // backup_right_absent, license_expired, issuer_unknown, license_not_authentic
  license_state state;  // of a granted one: what is left, never more than was asked for [C131, C132]
  secret_bytes key;     // of a granted one: opens its seal
};

struct restore_answer {
  std::vector<license_answer> licenses;             // in the order of the request
  std::string page;                                 // where a limit was reached: the page that says what can be done
  std::vector<std::vector<std::byte>> revocations;  // signed lists that are newer than what the request knew
};

// How far a license has been used on this machine.
struct use_report {
  std::vector<std::byte> statement;
  license_state state;
};

// One machine that has licenses of an owner.
struct managed_machine {
  machine_id id{};
  std::string name;
  std::chrono::sys_seconds first_restore{};
  std::chrono::sys_seconds last_restore{};
  std::uint64_t licenses = 0;
  std::optional<std::chrono::sys_seconds> releasable_from;  // in the future: a release would be too soon

  friend bool operator==(const managed_machine&, const managed_machine&) = default;
};

struct machine_list {
  std::vector<managed_machine> machines;  // in order of first restore
  std::uint32_t limit = 0;                // the lowest of the owner's licenses; 0 where he has none
};

struct release_receipt {
  std::uint64_t licenses = 0;               // whose place became free
  std::chrono::sys_seconds next_release{};  // no release before that
};

// An issuer's License Management Service: hands out the keys of managed licenses, license by license, counts the
// machines that have each, and keeps the lowest count of uses. It never sees a payload, a title or a passphrase.
//
// The functions are synchronous and may block for as long as time-outs allow; operations call them on their `work`
// executor, never under a lock. Each ends soon after a stop was requested, with operation_canceled.
//
// Errors, of each function: service_unavailable, service_busy, service_not_authentic, service_answer_invalid,
// service_clock_differs, network_forbidden, operation_canceled, invalid_argument, and those of the machine's identity.
// What a function says more comes first. Throw std::bad_alloc.
//
// Thread safety: any function from any thread.
class license_management_service {
 public:
  virtual ~license_management_service() = default;

  // Known without asking it.
  virtual const service_description& description() const noexcept = 0;

  // Errors: the request as a whole was refused; otherwise each license has its own answer.
  virtual result<restore_answer> decide(const restore_request& request, std::stop_token stop) = 0;

  // Only reports of licenses that this machine has count. At most restore_request::max_licenses at a time.
  virtual result<void> report(const std::vector<use_report>& uses, std::stop_token stop) = 0;

  // The machines that have licenses of the owner. Errors: ownership_not_proven.
  virtual result<machine_list> machines(const owner_proof& owner, std::stop_token stop) = 0;

  // Takes the owner's licenses from the machine that the proof names, which keeps what it has and gets nothing new
  // without a place. The same proof again gives the same answer; a proof may be up to 30 days old.
  // Errors: ownership_not_proven, machine_not_found, release_too_soon.
  virtual result<release_receipt> release(const owner_proof& order, std::stop_token stop) = 0;
};

// What an application is asked before the first contact of an operation with a service: what will be sent, to whom.
struct service_contact {
  service_description service;
  std::string machine_name;  // is sent, as are this machine's public keys and the time
  bool proves_ownership = false;
  // And of each managed license: ids, issuer, the issuer's name for the user, rights, uses left, first use.
};

enum class consent_answer { refused, agreed };

// Whether the user agrees. Called on `work`, once in an operation, and may block. Refusing leaves managed licenses out,
// each named, and the rest is restored; an error ends the operation. [L8]
using service_consent = std::function<result<consent_answer>(const service_contact&)>;

}  // namespace reinstate

#endif
