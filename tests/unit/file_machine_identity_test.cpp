// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"
#include "identity/machine_keys.hpp"
#include "temporary_directory.hpp"

#include <reinstate/plugins/file_machine_identity.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

using namespace reinstate;
namespace fs = std::filesystem;

namespace {

// Whether link fails as it does on FAT. Replacing the function for the whole test program is the only way to have that
// file system's answer on every machine.
std::atomic<bool> without_links = false;

}  // namespace

#ifdef __linux__
extern "C" int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  if (without_links) {
    errno = EPERM;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}
#endif

namespace {

struct no_links {
  no_links() { without_links = true; }
  ~no_links() { without_links = false; }
};

struct fixture {
  tests::temporary_directory folder;
  fs::path file = folder.path() / "machine.identity";

  std::unique_ptr<machine_identity> identity() const { return make_file_machine_identity(file); }

  std::vector<std::byte> content() const {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
  }

  // In place, so that the mode stays.
  void replace_content(std::span<const std::byte> bytes) const {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }

  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
  }
};

struct individualized_fixture : fixture {
  individualized_fixture() { REQUIRE(identity()->individualize()); }
};

constexpr std::array message{std::byte{1}, std::byte{2}, std::byte{3}};

// The error every use gives; fails where they differ.
error_code error_of_use(machine_identity& identity) {
  const error_code ec = identity.public_identity().error();
  CHECK(identity.sign(message).error() == ec);
  CHECK(identity.agree({}).error() == ec);
  CHECK(identity.store_key().error() == ec);
  return ec;
}

}  // namespace

TEST_CASE("a file identity has no keys before it is individualized", "[identity]") {
  fixture f;
  CHECK(error_of_use(*f.identity()) == errc::needs_individualization);
  CHECK(f.files() == 0);
}

TEST_CASE("a file identity is the same whenever its file is opened", "[identity]") {
  individualized_fixture f;
  const auto a = f.identity();
  const auto b = f.identity();
  CHECK(a->public_identity().value() == b->public_identity().value());
  CHECK(a->store_key().value() == b->store_key().value());
  CHECK(crypto::ed25519_verify(b->public_identity()->signing, message, a->sign(message).value()));
}

TEST_CASE("two file identities agree on one secret", "[identity]") {
  individualized_fixture f;
  individualized_fixture g;
  const auto secret = f.identity()->agree(g.identity()->public_identity()->agreement).value();
  CHECK(secret == g.identity()->agree(f.identity()->public_identity()->agreement).value());
  CHECK(f.identity()->agree({}).error() == errc::invalid_argument);
}

TEST_CASE("only its owner can read an identity file, and nothing lies beside it", "[identity]") {
  const mode_t mask = ::umask(0);
  individualized_fixture f;
  ::umask(mask);
  struct stat info {};
  REQUIRE(::stat(f.file.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
  CHECK(info.st_nlink == 1);
  CHECK(f.content().size() == machine_keys::image_size);
  CHECK(f.files() == 1);
}

TEST_CASE("an identity is never replaced", "[identity]") {
  individualized_fixture f;
  const auto before = f.content();
  CHECK(f.identity()->individualize());
  CHECK(f.content() == before);

  const auto damaged = std::vector(before.begin(), before.end() - 1);
  f.replace_content(damaged);
  CHECK(f.identity()->individualize().error() == errc::identity_damaged);
  CHECK(f.content() == damaged);

  f.replace_content({});
  CHECK(f.identity()->individualize().error() == errc::identity_damaged);
  CHECK(f.content().empty());
  CHECK(f.files() == 1);
}

TEST_CASE("an identity file that others may read is refused", "[identity]") {
  individualized_fixture f;
  const auto mode = GENERATE(0640, 0604, 0660, 0644, 0610, 0601, 0602);
  CAPTURE(mode);
  REQUIRE(::chmod(f.file.c_str(), static_cast<mode_t>(mode)) == 0);
  CHECK(error_of_use(*f.identity()) == errc::identity_exposed);
  CHECK(f.identity()->individualize().error() == errc::identity_exposed);
  REQUIRE(::chmod(f.file.c_str(), 0600) == 0);
  CHECK(f.identity()->public_identity().has_value());
}

TEST_CASE("an identity file of another user is refused", "[identity]") {
  individualized_fixture f;
  if (::chown(f.file.c_str(), 12345, static_cast<gid_t>(-1)) != 0) {
    WARN("skipped: only root can give a file away");
    return;
  }
  CHECK(error_of_use(*f.identity()) == errc::identity_exposed);
}

TEST_CASE("an identity file cut short or grown is damaged", "[identity]") {
  individualized_fixture f;
  auto bytes = f.content();
  for (std::size_t size = 0; size != bytes.size(); ++size) {
    f.replace_content(std::span(bytes).first(size));
    CAPTURE(size);
    REQUIRE(f.identity()->public_identity().error() == errc::identity_damaged);
  }
  bytes.push_back(std::byte{0});
  f.replace_content(bytes);
  CHECK(error_of_use(*f.identity()) == errc::identity_damaged);
  bytes.resize(machine_keys::max_image_size + 1);
  f.replace_content(bytes);
  CHECK(error_of_use(*f.identity()) == errc::identity_damaged);
}

TEST_CASE("an identity file with any byte changed is damaged", "[identity]") {
  individualized_fixture f;
  auto bytes = f.content();
  for (std::byte& b : bytes) {
    for (const auto flip : {std::byte{1}, std::byte{0x80}, std::byte{0xFF}}) {
      b ^= flip;
      f.replace_content(bytes);
      CAPTURE(&b - bytes.data());
      REQUIRE(f.identity()->public_identity().error() == errc::identity_damaged);
      b ^= flip;
    }
  }
  f.replace_content(bytes);
  CHECK(f.identity()->public_identity().has_value());
}

TEST_CASE("a whole identity file of a newer version is told apart from a damaged one", "[identity]") {
  individualized_fixture f;
  auto bytes = f.content();
  const std::size_t size = GENERATE(std::size_t{144}, std::size_t{200});
  bytes.resize(size);
  bytes[8] = std::byte{2};
  const auto digest = crypto::hash(std::span(bytes).first(size - 32));
  std::ranges::copy(digest, bytes.end() - 32);
  f.replace_content(bytes);
  CHECK(error_of_use(*f.identity()) == errc::identity_version_unsupported);
  CHECK(f.identity()->individualize().error() == errc::identity_version_unsupported);
  CHECK(f.content() == bytes);
}

TEST_CASE("what is not a regular file is no identity, and is not waited for", "[identity]") {
  individualized_fixture real;
  fixture f;
  SECTION("a link to an identity") {
    fs::create_symlink(real.file, f.file);
  }
  SECTION("a link that leads nowhere") {
    fs::create_symlink(f.folder.path() / "nowhere", f.file);
  }
  SECTION("a folder") {
    fs::create_directory(f.file);
  }
  SECTION("a FIFO") {
    REQUIRE(::mkfifo(f.file.c_str(), 0600) == 0);
  }
  CHECK(error_of_use(*f.identity()) == errc::identity_damaged);
  CHECK(f.identity()->individualize().error() == errc::identity_damaged);
  CHECK(f.files() == 1);
}

TEST_CASE("a missing folder is named when an identity is to be created in it", "[identity]") {
  fixture f;
  const auto identity = make_file_machine_identity(f.folder.path() / "missing" / "machine.identity");
  CHECK(error_of_use(*identity) == errc::needs_individualization);
  CHECK(identity->individualize().error() == errc::path_not_found);
  CHECK(make_file_machine_identity("")->individualize().error() == errc::path_not_found);
  CHECK(make_file_machine_identity(std::string("a\0b", 3))->individualize().error() == errc::path_not_found);
}

TEST_CASE("a file where the folder should be is named", "[identity]") {
  individualized_fixture f;
  const auto identity = make_file_machine_identity(f.file / "machine.identity");
  CHECK(error_of_use(*identity) == errc::path_not_a_directory);
  CHECK(identity->individualize().error() == errc::path_not_a_directory);
}

TEST_CASE("an identity can lie in the current folder", "[identity]") {
  tests::temporary_directory folder;
  const auto before = fs::current_path();
  fs::current_path(folder.path());
  const auto identity = make_file_machine_identity("machine.identity");
  CHECK(identity->individualize());
  CHECK(identity->public_identity().has_value());
  CHECK(fs::exists(folder.path() / "machine.identity"));
  fs::current_path(before);
}

TEST_CASE("identities that race to individualize end with one key", "[identity]") {
#ifdef __linux__
  without_links = GENERATE(false, true);
  CAPTURE(without_links.load());
#endif
  for (int round = 0; round != 25; ++round) {
    fixture f;
    constexpr std::size_t racers = 4;
    std::array<std::unique_ptr<machine_identity>, racers> identities;
    std::array<error_code, racers> errors;
    std::array<machine_public_identity, racers> seen;
    std::atomic<std::size_t> ready = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != racers; ++i) {
      identities[i] = f.identity();
      threads.emplace_back([&, i] {
        for (++ready; ready != racers;) std::this_thread::yield();
        const auto done = identities[i]->individualize();
        errors[i] = done ? error_code() : done.error();
        if (const auto known = identities[i]->public_identity(); known) seen[i] = *known;
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(std::ranges::all_of(errors, [](const error_code& ec) { return !ec || ec == errc::individualizing; }));
    CHECK(std::ranges::count(errors, error_code()) >= 1);
    for (std::size_t i = 0; i != racers; ++i)
      if (!errors[i]) CHECK(seen[i] == f.identity()->public_identity().value());
    CHECK(f.files() == 1);
  }
  without_links = false;
}

TEST_CASE("an individualization while another one runs is refused, and succeeds after it", "[identity][C118]") {
  const fixture f;
  const int other = ::open(f.folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(::flock(other, LOCK_EX) == 0);  // as whoever makes an identity there does
  CHECK(f.identity()->individualize().error() == errc::individualizing);
  CHECK(f.files() == 0);
  ::close(other);
  CHECK(f.identity()->individualize());
}

#ifdef __linux__
TEST_CASE("an identity is made where the file system has no links", "[identity]") {
  const no_links guard;
  individualized_fixture f;
  CHECK(f.identity()->public_identity().has_value());
  CHECK(f.files() == 1);
  const auto before = f.content();
  CHECK(f.identity()->individualize());
  CHECK(f.content() == before);
}
#endif
