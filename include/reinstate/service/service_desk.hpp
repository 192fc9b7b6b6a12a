// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVICE_DESK_HPP
#define REINSTATE_SERVICE_SERVICE_DESK_HPP

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/service/ledger.hpp>
#include <reinstate/service/service_keys.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reinstate {

// The service's rules for everything that an issuer's statement does not decide.
struct service_policy {
  std::uint32_t daily_restores = 0;  // new machines of one license in 24 hours; 0: no limit [C103]
  bool allow_takeover = true;        // a reinstalled machine may take over its own slot [C100]
  std::uint32_t max_takeovers = 2;   // at most so many of one license in `takeover_period`
  std::chrono::seconds takeover_period = std::chrono::hours(24 * 30);
  std::chrono::seconds release_cool_down = std::chrono::hours(24 * 7);  // between two releases of one license
  std::chrono::seconds ticket_lifetime = std::chrono::minutes(15);      // of a link to the page
  std::chrono::seconds order_lifetime =
      std::chrono::hours(24 * 30);  // of a proof for a release, which may wait in an outbox
  std::chrono::seconds clock_tolerance = std::chrono::minutes(5);  // between the times of a machine and the service
};

// The machine that sent a request, whose signature has been checked.
struct service_caller {
  machine_id machine{};
  x25519_public_key agreement{};  // the key that license keys are sealed to
};

// The decision about one license: as license_answer, but with the key sealed to the caller.
struct sealed_answer {
  license_id id;
  error_code refused;
  license_state state;
  std::array<std::byte, 48> key{};  // of a granted license
};

struct sealed_restore_answer {
  std::vector<sealed_answer> licenses;
  std::string help_url;
  std::vector<std::vector<std::byte>> revocations;
};

// Makes the decisions of a License Management Service, independently of how requests arrive.
//
// Thread safety: any function from any thread.
class service_desk {
 public:
  struct parts {
    std::shared_ptr<reinstate::ledger> ledger;  // required
    std::shared_ptr<const service_keys> keys;   // required
    service_description description;            // its key is set to that of `keys`
    std::string page_url;                       // of the page for users, without a query; may be empty
    service_policy policy;
    std::function<std::chrono::sys_seconds()> clock = {};  // absent: the system clock
  };

  explicit service_desk(parts parts);
  ~service_desk();

  const service_description& description() const noexcept;
  const service_policy& policy() const noexcept;
  reinstate::ledger& ledger() const noexcept;
  std::chrono::sys_seconds now() const;

  // Errors of each function below: those of the ledger, and those that it names.

  // Decides a restore. Errors: invalid_argument if the request exceeds a limit, has a license twice, or refers to a
  // seal that it does not contain.
  result<sealed_restore_answer> decide(const service_caller& caller, const restore_request& request);
  // Records how far the caller has used licenses. Ignores licenses of unknown issuers and those that the caller has
  // not.
  result<void> report(const service_caller& caller, const std::vector<use_report>& uses);

  // List the owner's machines, and release the machine that the proof names.
  // Errors: ownership_not_proven, service_clock_differs; of a release also machine_not_found, release_too_soon.
  result<machine_list> machines(const service_caller& caller, const owner_proof& owner);
  result<release_receipt> release(const service_caller& caller, const owner_proof& order);

  // Make and check a ticket, which permits any holder of the link to see the machines of one owner and to release one
  // of them, for a short time. Errors: ownership_not_proven if the ticket is forged or too old.
  std::string make_ticket(const x25519_public_key& owner) const;
  result<x25519_public_key> read_ticket(std::string_view ticket) const;

  // As `machines` and `release`, for an owner who is already known. `order` identifies the release: repeating it has no
  // further effect.
  result<machine_list> machines_of(const x25519_public_key& owner);
  result<release_receipt> release_for(const x25519_public_key& owner, const machine_id& machine,
                                      const std::array<std::byte, 16>& order);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// Makes a service in this process, for tests and for programs that are their own issuer. Its requests come from the
// machine of `machine`.
std::shared_ptr<license_management_service> make_in_process_license_management_service(
    std::shared_ptr<service_desk> desk, std::shared_ptr<machine_identity> machine);

}  // namespace reinstate

#endif
