// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "temporary_directory.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/testing/backup_medium_suite.hpp>
#include <reinstate/testing/faulty_medium.hpp>

#include <cerrno>
#include <fstream>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/mount.h>
#include <sys/syscall.h>
#endif

using namespace reinstate;
namespace fs = std::filesystem;

namespace {

const std::vector<std::byte> some_bytes(1'000, std::byte{7});

std::unique_ptr<backup_medium> opened(const fs::path& folder) {
  return open_directory_medium(folder).value();
}

error_code error_of_opening(const fs::path& path) {
  const auto medium = open_directory_medium(path);
  return medium ? error_code() : medium.error();
}

error_code put(backup_medium& medium, std::string_view name, std::span<const std::byte> bytes = some_bytes) {
  const auto writer = medium.create(name);
  if (!writer) return writer.error();
  if (const auto written = (*writer)->write(bytes); !written) return written.error();
  if (const auto finished = (*writer)->finish(); !finished) return finished.error();
  return {};
}

struct fixture {
  tests::temporary_directory folder;
  std::unique_ptr<backup_medium> medium = opened(folder.path());
};

void make_file(const fs::path& path) {
  std::ofstream(path) << "not ours";
}

void make_socket(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(path.string().size() < sizeof address.sun_path);
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  const int s = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const int bound = ::bind(s, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(s);
  REQUIRE(bound == 0);
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  REQUIRE(::lstat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

}  // namespace

TEST_CASE("the directory medium keeps the contract of backup media", "[medium]") {
  for (const auto& check : testing::backup_medium_contract()) {
    DYNAMIC_SECTION(check.promise) {
      const tests::temporary_directory folder;
      CHECK_NOTHROW(check.run([&] { return open_directory_medium(folder.path()); }));
    }
  }
}

TEST_CASE("a directory medium needs a folder that exists", "[medium]") {
  const tests::temporary_directory folder;
  make_file(folder.path() / "file");
  CHECK(error_of_opening(folder.path() / "missing") == errc::path_not_found);
  CHECK(error_of_opening("") == errc::path_not_found);
  CHECK(error_of_opening(folder.path().string().append("\0x", 2)) == errc::path_not_found);
  CHECK(error_of_opening(folder.path() / "file") == errc::path_not_a_directory);
  CHECK(error_of_opening(folder.path() / "file" / "inside") == errc::path_not_a_directory);
}

TEST_CASE("a link to the folder itself is followed: the user named it", "[medium]") {
  const tests::temporary_directory folder;
  const tests::temporary_directory other;
  fs::create_directory_symlink(folder.path(), other.path() / "link");
  CHECK_FALSE(put(*opened(other.path() / "link"), "a").failed());
  CHECK(fs::exists(folder.path() / "a"));
}

TEST_CASE("the factory for folders takes UTF-8", "[medium]") {
  const tests::temporary_directory folder;
  fs::create_directory(folder.path() / u8"Sicherung \u00e4");
  const auto medium = directory_medium_factory()(folder.path().string() + "/Sicherung \xC3\xA4");
  REQUIRE(medium.has_value());
  CHECK_FALSE(put(**medium, "a").failed());
  CHECK(fs::exists(folder.path() / u8"Sicherung \u00e4" / "a"));
}

TEST_CASE("whoever finds a directory medium can read the files on it, since they are encrypted", "[medium]") {
  const mode_t mask = ::umask(0);
  fixture f;
  CHECK_FALSE(put(*f.medium, "000001/manifest").failed());
  ::umask(mask);
  CHECK(mode_of(f.folder.path() / "000001") == 0755);
  CHECK(mode_of(f.folder.path() / "000001/manifest") == 0644);
}

TEST_CASE("what is not a regular file is not seen, not touched and not waited for", "[medium]") {
  fixture f;
  const tests::temporary_directory elsewhere;
  make_file(elsewhere.path() / "secret");
  const std::string name = GENERATE("x", "000001/x");
  const fs::path path = f.folder.path() / name;
  fs::create_directory(f.folder.path() / "000001");

  SECTION("a link to a file") {
    fs::create_symlink(elsewhere.path() / "secret", path);
  }
  SECTION("a link that leads nowhere") {
    fs::create_symlink(elsewhere.path() / "nowhere", path);
  }
  SECTION("a FIFO") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  }
  SECTION("a socket") {
    make_socket(path);
  }
  SECTION("a folder") {
    fs::create_directory(path);
  }
  CHECK(f.medium->open(name).error() == errc::path_not_found);
  CHECK(f.medium->create(name).error() == errc::medium_failed);
  CHECK(f.medium->remove(name));
  CHECK(fs::symlink_status(path).type() != fs::file_type::not_found);
  CHECK(f.medium->list()->empty());
  CHECK_FALSE(fs::exists(elsewhere.path() / "nowhere"));
}

TEST_CASE("a link or a file in place of a folder is not entered", "[medium]") {
  fixture f;
  const tests::temporary_directory elsewhere;
  make_file(elsewhere.path() / "x");
  const fs::path path = f.folder.path() / "000001";
  SECTION("a link to a folder") {
    fs::create_directory_symlink(elsewhere.path(), path);
  }
  SECTION("a link to the medium's own folder") {
    fs::create_directory_symlink(".", path);
  }
  SECTION("a link that leads nowhere") {
    fs::create_directory_symlink(elsewhere.path() / "nowhere", path);
  }
  SECTION("a file") {
    make_file(path);
  }
  SECTION("a FIFO") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  }
  CHECK(f.medium->open("000001/x").error() == errc::path_not_found);
  CHECK(f.medium->create("000001/y").error() == errc::medium_failed);
  CHECK(f.medium->remove("000001/x"));
  CHECK(fs::exists(elsewhere.path() / "x"));
  CHECK_FALSE(fs::exists(elsewhere.path() / "y"));
  CHECK(f.medium->list()->size() == (fs::is_regular_file(fs::symlink_status(path)) ? 1 : 0));
}

TEST_CASE("whatever else lies in the folder is not seen and not touched", "[medium]") {
  fixture f;
  fs::create_directories(f.folder.path() / "photos" / "2020");
  fs::create_directory(f.folder.path() / "System Volume Information");
  for (const char* name : {".hidden", "my file", "photos/.hidden", "photos/2020/a", "System Volume Information/a"})
    make_file(f.folder.path() / name);
  CHECK(f.medium->list()->empty());
  CHECK_FALSE(put(*f.medium, "photos/a").failed());
  CHECK(f.medium->list().value() == std::vector<medium_entry>{{"photos/a", some_bytes.size()}});
  CHECK(f.medium->remove("photos/a"));
  CHECK(fs::exists(f.folder.path() / "photos/2020/a"));
}

TEST_CASE("a file that was never finished keeps its name taken until it is removed", "[medium]") {
  fixture f;
  f.medium->create("000001/a").value().reset();
  CHECK(f.medium->create("000001/a").error() == errc::medium_failed);
  CHECK(f.medium->remove("000001/a"));
  CHECK_FALSE(fs::exists(f.folder.path() / "000001"));
}

TEST_CASE("a finished directory writer takes nothing more", "[medium]") {
  fixture f;
  const auto writer = f.medium->create("a").value();
  CHECK(writer->finish());
  CHECK(writer->write(some_bytes).error() == errc::medium_failed);
  CHECK(writer->finish().error() == errc::medium_failed);
  CHECK(fs::file_size(f.folder.path() / "a") == 0);
}

TEST_CASE("a file large enough for early write-back is whole", "[medium]") {
  fixture f;
  std::vector<std::byte> bytes((std::size_t{17} << 20) + 1, std::byte{7});
  bytes.back() = std::byte{8};
  CHECK_FALSE(put(*f.medium, "a", bytes).failed());
  std::vector<std::byte> read(bytes.size() + 1);
  CHECK(f.medium->open("a").value()->read(read).value() == bytes.size());
  read.pop_back();
  CHECK((read == bytes));
}

TEST_CASE("a folder that was taken away is missed", "[medium]") {
  fixture f;
  fs::remove(f.folder.path());
  CHECK(f.medium->create("a").error() == errc::path_not_found);
  CHECK(f.medium->create("000001/a").error() == errc::path_not_found);
}

TEST_CASE("a folder that may not be entered is named as such", "[medium]") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can become another user");
    return;
  }
  fixture f;
  REQUIRE(put(*f.medium, "000001/a") == error_code());
  REQUIRE(::chmod(f.folder.path().c_str(), 0755) == 0);
  REQUIRE(::chmod((f.folder.path() / "000001").c_str(), 0700) == 0);
  REQUIRE(::seteuid(65534) == 0);
  const auto opened_file = f.medium->open("000001/a");
  const auto created = f.medium->create("b");
  const auto removed = f.medium->remove("000001/a");
  const auto listed = f.medium->list();
  const auto inner = error_of_opening(f.folder.path() / "000001");
  REQUIRE(::seteuid(0) == 0);
  CHECK(opened_file.error() == errc::path_not_accessible);
  CHECK(created.error() == errc::path_not_accessible);
  CHECK(removed.error() == errc::path_not_accessible);
  CHECK(listed.error() == errc::path_not_accessible);
  CHECK(inner == errc::path_not_accessible);
}

#ifdef __linux__

namespace {

// A file system of 64 KiB that is unmounted at the end; `permitted` tells whether it could be mounted.
struct small_file_system {
  tests::temporary_directory folder;
  bool permitted = ::mount("none", folder.path().c_str(), "tmpfs", 0, "size=64k") == 0;

  ~small_file_system() {
    if (permitted) ::umount2(folder.path().c_str(), MNT_DETACH);
  }
  bool make_read_only() const {
    return ::mount("none", folder.path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }
};

// What fsync was called for, and which of the calls fails. Replacing the function for the whole test program is the
// only way to see the order.
struct fsync_record {
  bool active = false;
  std::vector<std::string> synced;
  std::size_t fail_at = 0;  // counted from 1; 0 for none
  int error = EIO;
} fsyncs;

struct watching_fsync {
  watching_fsync() { fsyncs = {true, {}, 0, EIO}; }
  ~watching_fsync() { fsyncs = {}; }
};

}  // namespace

extern "C" int fsync(int file) {
  if (fsyncs.active) {
    char path[4096] = {};
    const std::string link = "/proc/self/fd/" + std::to_string(file);
    if (::readlink(link.c_str(), path, sizeof path - 1) > 0) fsyncs.synced.push_back(path);
    if (fsyncs.synced.size() == fsyncs.fail_at) {
      errno = fsyncs.error;
      return -1;
    }
  }
  return static_cast<int>(::syscall(SYS_fsync, file));
}

TEST_CASE("a finished file is synced first, then its folder, then the folder above", "[medium]") {
  fixture f;
  const std::string top = f.folder.path().string();
  const watching_fsync watch;
  CHECK_FALSE(put(*f.medium, "000001/a").failed());
  CHECK(fsyncs.synced == std::vector{top + "/000001/a", top + "/000001", top});
  fsyncs.synced.clear();
  CHECK_FALSE(put(*f.medium, "a").failed());
  CHECK(fsyncs.synced == std::vector{top + "/a", top});
}

TEST_CASE("a removed file is gone from its folder first, then the folder from the one above", "[medium]") {
  fixture f;
  const std::string top = f.folder.path().string();
  REQUIRE(put(*f.medium, "000001/a") == error_code());
  REQUIRE(put(*f.medium, "000001/b") == error_code());
  const watching_fsync watch;
  CHECK(f.medium->remove("000001/a"));
  CHECK(fsyncs.synced == std::vector{top + "/000001"});
  fsyncs.synced.clear();
  CHECK(f.medium->remove("000001/b"));
  CHECK(fsyncs.synced == std::vector{top + "/000001", top});
}

TEST_CASE("an fsync that fails is reported, and never tried again on that file", "[medium]") {
  const auto n = GENERATE(range(std::size_t{1}, std::size_t{4}));
  fixture f;
  const auto writer = f.medium->create("000001/a").value();
  REQUIRE(writer->write(some_bytes));
  const watching_fsync watch;
  fsyncs.fail_at = n;
  fsyncs.error = GENERATE(EIO, ENOSPC);
  const auto expected = fsyncs.error == EIO ? errc::medium_failed : errc::medium_full;
  CHECK(writer->finish().error() == expected);
  CHECK(writer->finish().error() == expected);
  CHECK(writer->write(some_bytes).error() == expected);
  CHECK(fsyncs.synced.size() == n);
}

TEST_CASE("file systems that cannot sync folders are accepted, those that cannot sync files are not", "[medium]") {
  fixture f;
  const watching_fsync watch;
  fsyncs.error = EINVAL;
  fsyncs.fail_at = 2;
  CHECK_FALSE(put(*f.medium, "000001/a").failed());
  fsyncs.fail_at = fsyncs.synced.size() + 1;
  CHECK(put(*f.medium, "000001/b") == errc::medium_failed);
}

TEST_CASE("an interrupted fsync is called again", "[medium]") {
  fixture f;
  const watching_fsync watch;
  fsyncs.error = EINTR;
  fsyncs.fail_at = 1;
  CHECK_FALSE(put(*f.medium, "000001/a").failed());
  CHECK(fsyncs.synced.size() == 4);
}

TEST_CASE("a full medium is named as such, and its file is dead", "[medium]") {
  const small_file_system small;
  if (!small.permitted) {
    WARN("skipped: may not mount a file system");
    return;
  }
  const auto medium = opened(small.folder.path());
  REQUIRE(put(*medium, "000001/a") == error_code());
  {
    const auto writer = medium->create("000001/b").value();
    CHECK(writer->write(std::vector<std::byte>(100'000)).error() == errc::medium_full);
    CHECK(writer->write(some_bytes).error() == errc::medium_full);
    CHECK(writer->finish().error() == errc::medium_full);
  }
  CHECK(medium->remove("000001/b"));
  CHECK_FALSE(put(*medium, "000001/b").failed());
  CHECK(medium->list()->size() == 2);
}

TEST_CASE("a read-only medium can be read, and says why it cannot be written", "[medium]") {
  const small_file_system small;
  if (!small.permitted) {
    WARN("skipped: may not mount a file system");
    return;
  }
  const auto medium = opened(small.folder.path());
  REQUIRE(put(*medium, "000001/a") == error_code());
  REQUIRE(small.make_read_only());
  CHECK(medium->list()->size() == 1);
  CHECK(medium->open("000001/a").has_value());
  CHECK(medium->create("000001/b").error() == errc::medium_read_only);
  CHECK(medium->create("000002/b").error() == errc::medium_read_only);
  CHECK(medium->create("b").error() == errc::medium_read_only);
  CHECK(medium->remove("000001/a").error() == errc::medium_read_only);
  CHECK(medium->remove("000001/b"));
  CHECK(medium->list()->size() == 1);
}

#endif
