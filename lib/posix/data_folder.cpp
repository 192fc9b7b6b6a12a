// SPDX-License-Identifier: BSL-1.0
#include "posix/posix_file.hpp"

#include <reinstate/plugins/data_folder.hpp>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

namespace reinstate {
namespace {

namespace fs = std::filesystem;

// Returns the absolute path in an environment variable; the specification says to ignore any other.
std::optional<fs::path> folder_in_environment(const char* name) {
#ifdef __GLIBC__
  const char* value = ::secure_getenv(name);  // a setuid program does not trust the environment of its caller
#else
  const char* value = std::getenv(name);
#endif
  if (value == nullptr || value[0] != '/') return std::nullopt;
  return value;
}

// Returns the home folder in the user database, for processes that run without an environment.
fs::path home_of_user() {
  char text[4096];
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, text, sizeof text, &found) != 0 || found == nullptr) return "/";
  return found->pw_dir;
}

}  // namespace

fs::path user_data_folder() {
  if (const auto data = folder_in_environment("XDG_DATA_HOME")) return *data / "reinstate";
  const auto home = folder_in_environment("HOME");
  return (home ? *home : home_of_user()) / ".local" / "share" / "reinstate";
}

result<void> create_private_folder(const fs::path& folder) {
  // Without a trailing slash: the last name is the folder created for its owner only.
  const fs::path path = folder.has_filename() ? folder : folder.parent_path();
  std::error_code ec;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ec);  // mkdir below reports an error
  const auto made = posix::attempt([&] { return ::mkdir(path.c_str(), 0700); });
  if (made) return {};
  if (made.error() != posix::condition::file_exists) return posix::path_error(made.error(), errc::path_not_accessible);
  return fs::is_directory(path, ec) ? result<void>() : errc::path_not_a_directory;
}

}  // namespace reinstate
