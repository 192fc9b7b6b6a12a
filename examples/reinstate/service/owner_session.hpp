// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OWNER_SESSION_HPP
#define REINSTATE_TOOL_OWNER_SESSION_HPP

#include "operation/opened_backup.hpp"
#include "service/service_client.hpp"

#include <reinstate/managed/owner_proof.hpp>

#include <optional>
#include <string>

namespace tool {

// The options of the commands that a backup's owner uses a service with.
struct owner_options {
  std::string backup_path;
  unlock_options unlock;
  service_choice_options service;
};

// A service and the owner of a backup, who proves to the service that the backup is theirs.
class owner_session {
 public:
  // Lifetime: `out` must outlive the session.
  owner_session(const common_options& common, const owner_options& options, output& out);

  // Connects to the service and opens the backup. Must succeed before the functions below.
  // Errors: service_required if no service with an address was chosen; those of use_service, opened_backup::open,
  // open_backup_owner and the identity.
  reinstate::result<void> open();

  // Returns a proof for this action; `machine` is the one to release. Errors: those of backup_owner::prove.
  reinstate::result<reinstate::owner_proof> prove(reinstate::owner_action action,
                                                  const reinstate::machine_id& machine = {}) const;

  // Asks the service for the machines of the owner. Errors: those of prove and of the service.
  reinstate::result<reinstate::machine_list> machines();

  reinstate::license_management_service& service() { return *service_; }
  const home& machine_home() const { return backup_.machine_home(); }
  bool is_this_machine(const reinstate::machine_id& id) const { return id == this_machine_; }

  // Ends the command with an error about the backup or the service, whichever was being used.
  exit_code failed(const reinstate::error_code& ec);

 private:
  std::filesystem::path home_folder_;
  service_choice_options choice_;
  output& out_;
  opened_backup backup_;
  shared_service service_;
  std::optional<reinstate::backup_owner> owner_;
  reinstate::machine_id this_machine_{};
  bool is_opening_backup_ = false;
  error_location location_;
};

}  // namespace tool

#endif
