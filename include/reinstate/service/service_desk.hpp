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

// What a service permits where an issuer's statement says nothing else.
struct service_policy {
  std::uint32_t daily_restores = 0;  // new machines of one license in 24 hours; 0: no limit [C103]
  bool allow_takeover = true;        // a reinstalled machine may take back its place [C100, L5]
  std::uint32_t max_takeovers = 2;   // so often for one license in `takeover_period`
  std::chrono::seconds takeover_period = std::chrono::hours(24 * 30);
  std::chrono::seconds release_cool_down = std::chrono::hours(24 * 7);  // between two releases of one license
  std::chrono::seconds ticket_lifetime = std::chrono::minutes(15);      // of a link that permits a release
  std::chrono::seconds order_lifetime = std::chrono::hours(24 * 30);    // of a release that waited in an outbox
  std::chrono::seconds clock_tolerance = std::chrono::minutes(5);       // between a proof's time and ours
};

// Who asks, after his signature was checked.
struct service_caller {
  machine_id machine{};
  x25519_public_key agreement{};  // that keys are sealed to
};

// What the desk decided about one license: as license_answer, but with the key sealed to the caller.
struct sealed_answer {
  license_id id;
  error_code refused;
  license_state state;
  std::array<std::byte, 48> key{};  // of a granted one
};

struct sealed_restore_answer {
  std::vector<sealed_answer> licenses;
  std::string page;
  std::vector<std::vector<std::byte>> revocations;
};

// Where the decisions of a License Management Service are made, whatever way the questions come in.
//
// Thread safety: any function from any thread.
class service_desk {
 public:
  struct parts {
    std::shared_ptr<reinstate::ledger> ledger;  // required
    std::shared_ptr<const service_keys> keys;   // required
    service_description about;                  // its key is that of `keys`
    std::string page;                           // the URL of the page, without a query; may be empty
    service_policy policy;
    std::function<std::chrono::sys_seconds()> clock = {};  // absent: the system's
  };

  explicit service_desk(parts from);
  ~service_desk();

  const service_description& description() const noexcept;
  const service_policy& policy() const noexcept;
  reinstate::ledger& ledger() const noexcept;
  std::chrono::sys_seconds now() const;

  // Errors, of each: those of the ledger.

  // Errors: invalid_argument where the request breaks a limit, names a license twice or a seal that is not there.
  result<sealed_restore_answer> decide(const service_caller& caller, const restore_request& request);
  result<void> report(const service_caller& caller, const std::vector<use_report>& uses);

  // Errors: ownership_not_proven, service_clock_differs; of a release also machine_not_found, release_too_soon.
  result<machine_list> machines(const service_caller& caller, const owner_proof& owner);
  result<release_receipt> release(const service_caller& caller, const owner_proof& order);

  // A ticket lets whoever holds the link of the page see the machines of one owner and release one of them, for a short
  // time. Errors: ownership_not_proven for one that is forged or too old.
  std::string make_ticket(const x25519_public_key& owner) const;
  result<x25519_public_key> read_ticket(std::string_view ticket) const;
  result<machine_list> machines_of(const x25519_public_key& owner);
  result<release_receipt> release_for(const x25519_public_key& owner, const machine_id& machine,
                                      const std::array<std::byte, 16>& order);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// A service in this process, for tests and for programs that are their own issuer. Asks as the machine whose identity
// it is given.
std::shared_ptr<license_management_service> make_in_process_license_management_service(
    std::shared_ptr<service_desk> desk, std::shared_ptr<machine_identity> machine);

}  // namespace reinstate

#endif
