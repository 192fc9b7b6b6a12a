// SPDX-License-Identifier: BSL-1.0
#include "wmsdk/native_restorer.hpp"

#include "wmsdk/posting_executor.hpp"
#include "wmsdk/self_ending_thread.hpp"
#include "wmsdk/user_store.hpp"

#include <reinstate/plugins/data_folder.hpp>
#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/plugins/file_machine_identity.hpp>

namespace reinstate::wmsdk {
namespace {

namespace fs = std::filesystem;

// Returns a medium_factory that accepts only absolute paths. A relative path would depend on the player's current
// folder, and so would a drive letter of another system. [C49]
medium_factory folders_by_full_path() {
  return [folders = directory_medium_factory()](const std::string& path) -> result<std::unique_ptr<backup_medium>> {
    if (!fs::path(path).is_absolute()) return errc::path_not_absolute;
    return folders(path);
  };
}

boost::asio::any_io_executor own_thread() {
  return posting_executor([thread = std::make_shared<self_ending_thread>()](void (*task)(void*), void* argument) {
    thread->post(task, argument);
  });
}

boost::asio::any_io_executor event_executor(const settings& configured) {
  if (configured.post == nullptr) return own_thread();
  return posting_executor([post = configured.post, context = configured.post_context](
                              void (*task)(void*), void* argument) { post(context, task, argument); });
}

}  // namespace

result<std::unique_ptr<backup_restorer>> make_native_restorer(const settings& configured) {
  const fs::path folder = user_data_folder();
  const bool uses_folder = configured.store.empty() || configured.identity.empty();
  backup_restorer_config config;
  config.identity = make_file_machine_identity(configured.identity.empty() ? folder / machine_identity_file_name
                                                                           : configured.identity);
  config.work = own_thread();
  config.store = make_user_store(configured.store.empty() ? folder / license_store_file_name : configured.store,
                                 uses_folder ? std::optional(folder) : std::nullopt, config.identity, config.work);
  config.medium = folders_by_full_path();
  config.passphrase = configured.passphrase;
  config.recovery_key = configured.recovery_key;
  config.recipient = configured.recipient;
  config.io = event_executor(configured);
  return create_backup_restorer(std::move(config));
}

}  // namespace reinstate::wmsdk
