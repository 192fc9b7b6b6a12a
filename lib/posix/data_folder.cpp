// SPDX-License-Identifier: BSL-1.0
#include <reinstate/data_folder.hpp>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>

namespace reinstate {
namespace {

namespace fs = std::filesystem;

// A full path in an environment variable; the specification says to ignore any other.
std::optional<fs::path> folder_in_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || value[0] != '/') return std::nullopt;
  return value;
}

fs::path home_folder() {
  if (const auto home = folder_in_environment("HOME")) return *home;
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_dir : "/";
}

}  // namespace

fs::path user_data_folder() {
  return folder_in_environment("XDG_DATA_HOME").value_or(home_folder() / ".local" / "share") / "reinstate";
}

result<void> create_private_folder(const fs::path& folder) {
  std::error_code ec;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), ec);  // mkdir below tells what is wrong
  if (::mkdir(folder.c_str(), 0700) == 0) return {};
  if (errno == EEXIST) return fs::is_directory(folder, ec) ? result<void>() : errc::path_not_a_directory;
  return errno == ENOTDIR  ? errc::path_not_a_directory
         : errno == ENOENT ? errc::path_not_found
                           : errc::path_not_accessible;
}

}  // namespace reinstate
