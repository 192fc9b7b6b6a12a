// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "temporary_directory.hpp"

#include <reinstate/service/service_keys.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace reinstate;
using tests::temporary_directory;
namespace fs = std::filesystem;

namespace {

constexpr fs::perms owner_only = fs::perms::owner_read | fs::perms::owner_write;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_owner_only(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
  fs::permissions(file, owner_only);
}

// The last line of a key file: the key itself.
std::string key_line_of(const service_keys& keys, const fs::path& folder) {
  REQUIRE(keys.save(folder / "made"));
  const std::string text = content_of(folder / "made");
  REQUIRE(text.ends_with('\n'));
  return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

}  // namespace

TEST_CASE("the keys of a service come back from their file", "[service keys]") {
  const temporary_directory folder;
  const service_keys keys = service_keys::generate();
  REQUIRE(keys.save(folder.path() / "key"));
  CHECK(fs::status(folder.path() / "key").permissions() == owner_only);

  const auto loaded = service_keys::load(folder.path() / "key");
  REQUIRE(loaded.has_value());
  CHECK(loaded->public_key() == keys.public_key());
  CHECK(loaded->agreement() == keys.agreement());
  CHECK(loaded->signing_seed() == keys.signing_seed());
  CHECK(loaded->ticket() == keys.ticket());
}

TEST_CASE("a key file is one line of capitals and comments", "[service keys]") {
  const temporary_directory folder;
  const service_keys keys = service_keys::generate();
  const std::string line = key_line_of(keys, folder.path());
  CHECK(line.starts_with("REINSTATE-SERVICE-KEY-1"));
  CHECK(content_of(folder.path() / "made").find("# public key: " + to_string(keys.public_key())) != std::string::npos);

  write_owner_only(folder.path() / "typed", "# mine\r\n\r\n" + line.substr(0, line.size() - 1) + "\r\n# end");
  const auto typed = service_keys::load(folder.path() / "typed");
  REQUIRE(typed.has_value());
  CHECK(typed->public_key() == keys.public_key());
}

TEST_CASE("all keys of a service come from its seed and differ from each other", "[service keys]") {
  const secret_bytes seed(32);
  const auto keys = service_keys::from_seed(seed);
  REQUIRE(keys.has_value());
  CHECK(keys->public_key() == service_keys::from_seed(seed)->public_key());
  CHECK_FALSE(keys->agreement() == keys->signing_seed());
  CHECK_FALSE(keys->agreement() == keys->ticket());
  CHECK_FALSE(keys->signing_seed() == keys->ticket());
  CHECK_FALSE(keys->agreement() == seed);
  CHECK(service_keys::from_seed(secret_bytes(31)).error() == errc::invalid_argument);
  CHECK_FALSE(service_keys::generate().public_key() == service_keys::generate().public_key());
}

TEST_CASE("the keys of a service are never written over others", "[service keys]") {
  const temporary_directory folder;
  const service_keys keys = service_keys::generate();
  REQUIRE(keys.save(folder.path() / "key"));
  const std::string before = content_of(folder.path() / "key");
  CHECK(service_keys::generate().save(folder.path() / "key").error() == errc::service_key_exists);
  CHECK(content_of(folder.path() / "key") == before);
  CHECK(keys.save(folder.path() / "missing" / "key").error() == errc::path_not_found);
  CHECK(keys.save(folder.path() / "key" / "below").error() == errc::path_not_found);
}

TEST_CASE("a key file that others can read is refused", "[service keys]") {
  const temporary_directory folder;
  REQUIRE(service_keys::generate().save(folder.path() / "key"));
  for (const fs::perms more : {fs::perms::group_read, fs::perms::others_read, fs::perms::others_write}) {
    fs::permissions(folder.path() / "key", owner_only | more);
    CHECK(service_keys::load(folder.path() / "key").error() == errc::service_key_exposed);
  }
  CHECK(service_keys::load(folder.path() / "none").error() == errc::path_not_found);
  CHECK(service_keys::load(folder.path() / "none" / "key").error() == errc::path_not_found);
}

TEST_CASE("a damaged key file is refused", "[service keys]") {
  const temporary_directory folder;
  const std::string line = key_line_of(service_keys::generate(), folder.path());
  std::string mistyped = line;
  mistyped[30] = mistyped[30] == 'Q' ? 'P' : 'Q';
  std::string small = line;
  for (char& c : small) c = static_cast<char>(std::tolower(c));
  const std::string contents[] = {"",          "# nothing\n",      mistyped,   small,
                                  line + line, line.substr(0, 50), line + "x", std::string(5'000, '#')};
  for (const std::string& content : contents) {
    CAPTURE(content);
    write_owner_only(folder.path() / "key", content);
    CHECK(service_keys::load(folder.path() / "key").error() == errc::service_key_damaged);
  }
  CHECK(service_keys::load(folder.path()).error() == errc::service_key_damaged);
}
