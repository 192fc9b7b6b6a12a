// SPDX-License-Identifier: BSL-1.0
#include "home.hpp"

#include <reinstate/file_machine_identity.hpp>
#include <reinstate/sqlite_license_store.hpp>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace tool {
namespace {

namespace fs = std::filesystem;
using reinstate::errc;

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

fs::path user_folder() {
  if (const char* home = environment("HOME")) return home;
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? fs::path(user->pw_dir) : fs::path("/");
}

// The last segment is what gets created for its owner only, so there must be one.
fs::path without_slash(const fs::path& folder) {
  const fs::path normal = fs::absolute(folder).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace

fs::path default_home() {
  const char* data = environment("XDG_DATA_HOME");
  return (data != nullptr ? fs::path(data) : user_folder() / ".local" / "share") / "reinstate";
}

home::home(const fs::path& folder)
    : folder_(without_slash(folder)), identity_(reinstate::make_file_machine_identity(identity_file())) {
}

reinstate::result<void> home::create() const {
  std::error_code ec;
  if (folder_.has_parent_path()) fs::create_directories(folder_.parent_path(), ec);  // mkdir below tells what is wrong
  if (::mkdir(folder_.c_str(), 0700) == 0) return {};
  if (errno == EEXIST) return fs::is_directory(folder_, ec) ? reinstate::result<void>() : errc::path_not_a_directory;
  return errno == ENOTDIR  ? errc::path_not_a_directory
         : errno == ENOENT ? errc::path_not_found
                           : errc::path_not_accessible;
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
