// SPDX-License-Identifier: BSL-1.0
#include "service/owner_session.hpp"

#include <chrono>
#include <utility>

namespace tool {

using reinstate::errc;
using reinstate::error_code;
using reinstate::machine_id;
using reinstate::owner_action;
using reinstate::owner_proof;
using reinstate::result;

owner_session::owner_session(const common_options& common, const owner_options& options, output& out)
    : home_folder_(common.home),
      choice_(options.service),
      out_(out),
      backup_(common, options.backup_path, options.unlock, out) {
}

result<void> owner_session::open() {
  auto used = use_service(home_folder_, choice_, machine_home().identity(), location_);
  if (!used) return used.error();
  if (!used->service || used->service->description().url.empty()) return errc::service_required;
  service_ = std::move(used->service);
  is_opening_backup_ = true;
  if (const auto opened = backup_.open(); !opened) return opened;
  auto owner = reinstate::open_backup_owner(backup_.medium(), backup_.credentials());
  if (!owner) return owner.error();
  owner_.emplace(std::move(*owner));
  const auto identity = machine_home().identity()->public_identity();
  if (!identity) return identity.error();
  this_machine_ = identity->signing;
  is_opening_backup_ = false;
  location_ = {error_subject::none, service_->description().url};
  return {};
}

result<owner_proof> owner_session::prove(owner_action action, const machine_id& machine) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return owner_->prove(action, service_->description().key, this_machine_, machine, now);
}

result<reinstate::machine_list> owner_session::machines() {
  const auto proof = prove(owner_action::list_machines);
  if (!proof) return proof.error();
  return service_->machines(*proof, {});
}

exit_code owner_session::failed(const error_code& ec) {
  return is_opening_backup_ ? backup_.failed(ec) : out_.failed(ec, location_);
}

}  // namespace tool
