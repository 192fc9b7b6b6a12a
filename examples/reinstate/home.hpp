// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_HOME_HPP
#define REINSTATE_TOOL_HOME_HPP

#include <reinstate/plugins/data_folder.hpp>
#include <reinstate/license_store.hpp>
#include <reinstate/machine_identity.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace tool {

// The folder that makes this installation one machine: its licenses and its identity.
class home {
 public:
  explicit home(const std::filesystem::path& folder);

  std::filesystem::path store_file() const { return folder_ / reinstate::license_store_file_name; }
  std::filesystem::path identity_file() const { return folder_ / reinstate::machine_identity_file_name; }

  // The file of this folder that an error is about: the identity or the store; empty for errors about something else.
  std::string place_of(const reinstate::error_code& ec) const;

  // Creates the folder, for its owner only, where it does not exist.
  reinstate::result<void> create() const;

  bool has_store() const;

  std::shared_ptr<reinstate::machine_identity> identity() const { return identity_; }

  // Errors: those of open_sqlite_license_store, which also says what `helpers` are. Creates the database where it does
  // not exist.
  reinstate::result<std::shared_ptr<reinstate::license_store>> open_store(
      boost::asio::any_io_executor helpers = {}) const;

 private:
  std::filesystem::path folder_;
  std::shared_ptr<reinstate::machine_identity> identity_;
};

}  // namespace tool

#endif
