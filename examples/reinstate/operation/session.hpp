// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SESSION_HPP
#define REINSTATE_TOOL_SESSION_HPP

#include "command_line/common_options.hpp"
#include "machine/home.hpp"
#include "output/output.hpp"
#include "secrets/secrets.hpp"
#include "service/service_choice.hpp"
#include "service/service_client.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/progress_line.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/report.hpp>
#include <reinstate/runtime.hpp>
#include <reinstate/status.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace tool {

// How the operations of a command open or protect the backup, and which service they use.
struct session_options {
  std::string backup_path;
  unlock_options unlock;
  bool readable_key = false;       // protect: store the recovery key readable; open: accept a readable one
  std::string recipient;           // protect: an age public key that the recovery key is encrypted to
  bool keep_recovery_key = false;  // go on with the recovery key of the backup, even if a passphrase is given
  service_choice_options service;
  service_contact_options contact;
};

// How an operation ended.
struct ending {
  reinstate::error_code error;
  reinstate::operation_report report;
  std::optional<std::size_t> mistyped_group = {};  // as in secrets
};

// The state that the operations of one command share: the machine, the secrets, events, progress and Ctrl-C.
class session {
 public:
  // Lifetime: `out` must outlive the session.
  session(const common_options& common, session_options options, output& out);

  const home& machine_home() const { return home_; }
  interrupt& stop() { return stop_; }

  // Reads the secrets that were given. Sets `location` if this fails. Errors: those of secrets::load.
  reinstate::result<void> load_secrets(error_location& location) { return secrets_.load(location); }

  // Connects to the service that the user chose, if any. Sets `location` if this fails. Errors: those of use_service.
  reinstate::result<void> load_service(error_location& location);

  // Opens the store of this machine, which must not outlive the session. Errors: those of home::open_store.
  reinstate::result<std::shared_ptr<reinstate::license_store>> open_store() const {
    return home_.open_store(threads_.work());
  }

  // Runs an operation on the backup folder and waits for its end.
  ending run(std::shared_ptr<reinstate::license_store> store, reinstate::operation_request request);

 private:
  reinstate::consent_answer consent_to(const reinstate::service_contact& contact);
  reinstate::backup_restorer_config configure(std::shared_ptr<reinstate::license_store> store);
  reinstate::recovery_key_storage key_storage() const;
  reinstate::result<reinstate::secret_bytes> secret_for(reinstate::passphrase_purpose purpose);
  reinstate::result<reinstate::secret_bytes> ask_user(reinstate::passphrase_purpose purpose);
  void on_event(const reinstate::status_event& event);
  void show_url(const reinstate::url_reference& url);

  const common_options common_;
  const session_options options_;
  output& out_;
  home home_;
  secrets secrets_;
  std::optional<reinstate::secret_bytes> unlocked_with_;  // answers the next operation of this session, too
  used_service service_;
  interrupt stop_;
  progress_line progress_;
  reinstate::runtime threads_;
};

}  // namespace tool

#endif
