// SPDX-License-Identifier: BSL-1.0
#include "machine/home.hpp"

#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>

#include <utility>

namespace tool {
namespace {

namespace fs = std::filesystem;

}  // namespace

home::home(const fs::path& folder)
    : folder_(fs::absolute(folder).lexically_normal()),
      identity_(reinstate::make_file_machine_identity(identity_file())) {
}

reinstate::result<void> home::create() const {
  return reinstate::create_private_folder(folder_);
}

error_location home::location_of(const reinstate::error_code& ec) const {
  const error_subject subject = subject_of(ec);
  if (subject == error_subject::identity) return {subject, identity_file().string()};
  if (subject == error_subject::store) return {subject, store_file().string()};
  return {};
}

bool home::has_store() const {
  std::error_code ec;
  return fs::exists(store_file(), ec) || ec;
}

reinstate::result<std::shared_ptr<reinstate::license_store>> home::open_store(
    boost::asio::any_io_executor helpers) const {
  auto store = reinstate::open_sqlite_license_store(store_file(), identity_, std::move(helpers));
  if (!store) return store.error();
  return std::shared_ptr<reinstate::license_store>(std::move(*store));
}

}  // namespace tool
