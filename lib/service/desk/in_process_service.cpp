// SPDX-License-Identifier: BSL-1.0
#include "managed/key_wrap.hpp"

#include <reinstate/service/service_desk.hpp>

#include <utility>

namespace reinstate {
namespace {

// Maps an error of the desk to one that a client of a service sees: a failure of the ledger means unavailable.
error_code client_error(const error_code& ec) noexcept {
  for (const errc failure : {errc::ledger_not_accessible, errc::ledger_full, errc::ledger_failed, errc::ledger_damaged})
    if (ec == failure) return errc::service_unavailable;
  return ec;
}

template <class T>
result<T> client_result(result<T> outcome) {
  if (!outcome) return client_error(outcome.error());
  return outcome;
}

class in_process_service final : public license_management_service {
 public:
  in_process_service(std::shared_ptr<service_desk> desk, std::shared_ptr<machine_identity> machine)
      : desk_(std::move(desk)), machine_(std::move(machine)) {}

  const service_description& description() const noexcept override { return desk_->description(); }

  result<restore_answer> decide(const restore_request& request, std::stop_token stop) override {
    const auto caller = make_caller(stop);
    if (!caller) return caller.error();
    const auto shared = machine_->agree(description().key.agreement);
    if (!shared) return shared.error();
    auto decided = client_result(desk_->decide(*caller, request));
    if (!decided) return decided.error();

    restore_answer out{{}, std::move(decided->help_url), std::move(decided->revocations)};
    for (std::size_t i = 0; i != decided->licenses.size(); ++i) {
      const sealed_answer& sealed = decided->licenses[i];
      license_answer& opened = out.licenses.emplace_back(license_answer{sealed.id, sealed.refused, sealed.state, {}});
      if (sealed.refused) continue;
      const license_claim& claim = request.licenses[i];
      auto key =
          managed::unwrap_key(*shared, request.id, sealed.id, request.seals[claim.seal], claim.statement, sealed.key);
      if (!key) return key.error();
      opened.key = *std::move(key);
    }
    return out;
  }

  result<void> report(const std::vector<use_report>& uses, std::stop_token stop) override {
    const auto caller = make_caller(stop);
    if (!caller) return caller.error();
    return client_result(desk_->report(*caller, uses));
  }

  result<machine_list> machines(const owner_proof& owner, std::stop_token stop) override {
    const auto caller = make_caller(stop);
    if (!caller) return caller.error();
    return client_result(desk_->machines(*caller, owner));
  }

  result<release_receipt> release(const owner_proof& order, std::stop_token stop) override {
    const auto caller = make_caller(stop);
    if (!caller) return caller.error();
    return client_result(desk_->release(*caller, order));
  }

 private:
  result<service_caller> make_caller(const std::stop_token& stop) const {
    if (stop.stop_requested()) return errc::operation_canceled;
    const auto identity = machine_->public_identity();
    if (!identity) return identity.error();
    return service_caller{identity->signing, identity->agreement};
  }

  std::shared_ptr<service_desk> desk_;
  std::shared_ptr<machine_identity> machine_;
};

}  // namespace

std::shared_ptr<license_management_service> make_in_process_license_management_service(
    std::shared_ptr<service_desk> desk, std::shared_ptr<machine_identity> machine) {
  return std::make_shared<in_process_service>(std::move(desk), std::move(machine));
}

}  // namespace reinstate
