// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_TEMPORARY_DIRECTORY_HPP
#define REINSTATE_TESTS_TEMPORARY_DIRECTORY_HPP

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace reinstate::tests {

// A new empty folder that is removed, with all that is in it, at the end.
class temporary_directory {
 public:
  explicit temporary_directory(const std::filesystem::path& in = std::filesystem::temp_directory_path()) {
    std::string name = (in / "reinstate-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    path_ = name;
  }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  // Where to make one that waits for no disk, on systems that have such a place.
  static std::filesystem::path in_memory() {
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
  }

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace reinstate::tests

#endif
