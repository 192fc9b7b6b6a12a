// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_HOME_HPP
#define REINSTATE_TOOL_HOME_HPP

#include "output/error_subject.hpp"

#include <reinstate/license_store.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/plugins/data_folder.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>

namespace tool {

// The folder with the licenses and the identity of this machine.
class home {
 public:
  explicit home(const std::filesystem::path& folder);

  std::filesystem::path store_file() const { return folder_ / reinstate::license_store_file_name; }
  std::filesystem::path identity_file() const { return folder_ / reinstate::machine_identity_file_name; }

  // Returns the file of this folder that an error is about: the identity or the store. Returns an empty location for
  // errors about something else.
  error_location location_of(const reinstate::error_code& ec) const;

  // Creates the folder, with permissions for its owner only, if it does not exist.
  reinstate::result<void> create() const;

  // Returns true if the database exists, or if that cannot be told: then open_store() reports why.
  bool has_store() const;

  std::shared_ptr<reinstate::machine_identity> identity() const { return identity_; }

  // Opens the license store, and creates the database if it does not exist. `helpers` as in open_sqlite_license_store.
  // Errors: those of open_sqlite_license_store.
  reinstate::result<std::shared_ptr<reinstate::license_store>> open_store(
      boost::asio::any_io_executor helpers = {}) const;

 private:
  std::filesystem::path folder_;
  std::shared_ptr<reinstate::machine_identity> identity_;
};

}  // namespace tool

#endif
