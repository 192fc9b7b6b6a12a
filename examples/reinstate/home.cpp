// SPDX-License-Identifier: BSL-1.0
#include "home.hpp"

#include <reinstate/file_machine_identity.hpp>
#include <reinstate/sqlite_license_store.hpp>

#include <utility>

namespace tool {
namespace {

namespace fs = std::filesystem;
using reinstate::errc;

}  // namespace

home::home(const fs::path& folder)
    : folder_(fs::absolute(folder).lexically_normal()),
      identity_(reinstate::make_file_machine_identity(identity_file())) {
}

reinstate::result<void> home::create() const {
  return reinstate::create_private_folder(folder_);
}

std::string home::place_of(const reinstate::error_code& ec) const {
  if (ec.category() != reinstate::error_category()) return {};
  const auto is_between = [&](errc first, errc last) {
    return ec.value() >= static_cast<int>(first) && ec.value() <= static_cast<int>(last);
  };
  if (is_between(errc::needs_individualization, errc::identity_version_unsupported)) return identity_file().string();
  if (is_between(errc::store_not_found, errc::license_damaged)) return store_file().string();
  return {};
}

bool home::has_store() const {
  std::error_code ec;
  return fs::exists(store_file(), ec) || ec;  // what may not be looked at is for open_store to explain
}

reinstate::result<std::shared_ptr<reinstate::license_store>> home::open_store() const {
  auto store = reinstate::open_sqlite_license_store(store_file(), identity_);
  if (!store) return store.error();
  return std::shared_ptr<reinstate::license_store>(std::move(*store));
}

}  // namespace tool
