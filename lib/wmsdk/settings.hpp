// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_SETTINGS_HPP
#define REINSTATE_WMSDK_SETTINGS_HPP

#include <reinstate/wmsdk/reinstate_wmsdk.h>
#include <reinstate/backup_restorer.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace reinstate::wmsdk {

// The configuration given to reinstate_configure_wmsdk. Empty paths stand for those in the user's data folder.
struct settings {
  std::filesystem::path store;
  std::filesystem::path identity;
  recovery_key_storage recovery_key = recovery_key_storage::readable;
  std::string recipient;
  passphrase_source passphrase;
  reinstate_post_function post = nullptr;
  void* post_context = nullptr;
};

// Returns the settings for an object created now; never null. Thread safety: from any thread.
std::shared_ptr<const settings> current_settings();

}  // namespace reinstate::wmsdk

#endif
