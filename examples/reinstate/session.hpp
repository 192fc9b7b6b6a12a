// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SESSION_HPP
#define REINSTATE_TOOL_SESSION_HPP

#include "home.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "secrets.hpp"
#include "service_client.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/report.hpp>
#include <reinstate/runtime.hpp>
#include <reinstate/status.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace tool {

// How an operation ended.
struct ending {
  reinstate::error_code error;
  reinstate::operation_report report;
  std::optional<std::size_t> mistyped_group = {};  // of a recovery code: the one that has the wrong character
};

// What the operations of one command share: the machine, the passphrase, events, progress and Ctrl-C.
class session {
 public:
  session(const options& what, output& out);

  const home& here() const { return home_; }
  interrupt& stop() { return stop_; }

  // Reads what the user named files for. `where` is the one an error is about.
  reinstate::result<void> take_secrets(std::string& where) { return secrets_.take(where); }

  // Makes ready to use the service that the user chose, if any. `where` as above.
  // Errors: those of `use_service`.
  reinstate::result<void> take_service(std::string& where);

  // The store of this machine, which must not outlive the session. Errors: those of home::open_store.
  reinstate::result<std::shared_ptr<reinstate::license_store>> open_store() const {
    return home_.open_store(threads_.work());
  }

  // Runs an operation about the folder that the user named, to its end.
  ending run(std::shared_ptr<reinstate::license_store> store, reinstate::operation_request request);

 private:
  reinstate::consent_answer agrees(const reinstate::service_contact& to);
  reinstate::backup_restorer_config configure(std::shared_ptr<reinstate::license_store> store);
  reinstate::recovery_key_storage recovery_key() const;
  reinstate::result<reinstate::secret_bytes> passphrase(reinstate::passphrase_purpose purpose);
  reinstate::result<reinstate::secret_bytes> ask(reinstate::passphrase_purpose purpose);
  void tell(const reinstate::status_event& event);
  void show_url(const reinstate::url_reference& url);

  const options& what_;
  output& out_;
  home home_;
  secrets secrets_;
  std::optional<reinstate::secret_bytes> opened_with_;  // for the next operation of this session
  used_service used_;
  interrupt stop_;
  progress_line progress_;
  reinstate::runtime threads_;
};

}  // namespace tool

#endif
