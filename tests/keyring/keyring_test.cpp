// SPDX-License-Identifier: BSL-1.0
#include "../support/temporary_directory.hpp"
#include "catch.hpp"
#include "private_session.hpp"

#include <reinstate/recovery/keyring.hpp>

#include <sys/socket.h>
#include <sys/un.h>

#include <future>

#ifdef __has_feature
#if __has_feature(thread_sanitizer)
// GLib is not built for the thread sanitizer, which therefore does not see its locks: judge our own code only.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() {
  return "ignore_noninstrumented_modules=1";
}
#endif
#endif

using namespace reinstate;
using namespace reinstate::tests;
using std::chrono::milliseconds;

namespace {

// Before anything else: no test may find the session of whoever runs it.
const int no_session = ::setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1) +
                       ::setenv("XDG_RUNTIME_DIR", "/nonexistent", 1) + ::unsetenv("DISPLAY");

const keyring_entry first{"000102030405060708090a0b0c0d0e0f"};
const keyring_entry second{"ffffffffffffffffffffffffffffffff"};
constexpr const char* identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

secret_bytes secret(const std::string& text) {
  return secret_bytes::locked_copy_of(text);
}

// What is kept, "-" for nothing.
std::string found(const keyring_entry& which) {
  const auto kept = keyring_find(which);
  if (!kept) return kept.error().message();
  if (!*kept) return "-";
  const auto bytes = (*kept)->expose();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// All three fail, and none of them waits.
void check_unavailable(milliseconds time_limit = keyring_time_limit) {
  CHECK(keyring_store(first, secret(identity), time_limit).error() == errc::keyring_unavailable);
  CHECK(keyring_find(first, time_limit).error() == errc::keyring_unavailable);
  CHECK(keyring_erase(first, time_limit).error() == errc::keyring_unavailable);
}

// The paths of what the key store has of a set, unlocked and locked, as it answers.
std::string paths_of(const bus_client& bus, const keyring_entry& which) {
  return bus.call("org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service",
                  "SearchItems", "({'application': 'reinstate', 'set': '" + which.set + "'},)");
}

}  // namespace

TEST_CASE("what is kept in the keyring is found again", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::unlocked);
  CHECK(found(first) == "-");
  REQUIRE(keyring_store(first, secret(identity)));
  CHECK(found(first) == identity);
  CHECK(found(second) == "-");

  REQUIRE(keyring_store(second, secret("of the second set")));
  CHECK(found(first) == identity);
  CHECK(found(second) == "of the second set");
}

TEST_CASE("keeping another secret of a set in the keyring replaces the first", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::unlocked);
  REQUIRE(keyring_store(first, secret(identity)));
  REQUIRE(keyring_store(first, secret("another")));
  CHECK(found(first) == "another");
  CHECK(paths_of(bus_client(session), first) == "(['/org/freedesktop/secrets/collection/login/1'], [])");
}

TEST_CASE("what is erased from the keyring is gone and nothing else is", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::unlocked);
  REQUIRE(keyring_store(first, secret(identity)));
  REQUIRE(keyring_store(second, secret("of the second set")));
  REQUIRE(keyring_erase(first));
  CHECK(found(first) == "-");
  CHECK(found(second) == "of the second set");
  CHECK(keyring_erase(first));  // again, with nothing there
}

TEST_CASE("a secret in the keyring is still there after the session", "[keyring]") {
  const temporary_directory folder;
  {
    const private_session session(folder.path(), key_store_program::unlocked);
    REQUIRE(keyring_store(first, secret(identity)));
  }
  const private_session session(folder.path(), key_store_program::unlocked);
  CHECK(found(first) == identity);
}

TEST_CASE("the keyring shows what a secret is for", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::unlocked);
  REQUIRE(keyring_store(first, secret(identity)));
  const auto property = [&](const char* name) {
    return bus_client(session).call("org.freedesktop.secrets", "/org/freedesktop/secrets/collection/login/1",
                                    "org.freedesktop.DBus.Properties", "Get",
                                    "('org.freedesktop.Secret.Item', '" + std::string(name) + "')");
  };
  CHECK(property("Label") == "(<'Recovery key of the backup set 000102030405060708090a0b0c0d0e0f'>,)");
  const std::string attributes = property("Attributes");
  CHECK_THAT(attributes, Catch::Matchers::Contains("'application': 'reinstate'"));
  CHECK_THAT(attributes, Catch::Matchers::Contains("'set': '000102030405060708090a0b0c0d0e0f'"));
}

TEST_CASE("a secret that another program put into the keyring is found", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::unlocked);
  const bus_client bus(session);
  const std::string opened = bus.call("org.freedesktop.secrets", "/org/freedesktop/secrets",
                                      "org.freedesktop.Secret.Service", "OpenSession", "('plain', <''>)");
  const std::size_t at = opened.find("'/");
  const std::string path = opened.substr(at, opened.find('\'', at + 1) + 1 - at);
  bus.call("org.freedesktop.secrets", "/org/freedesktop/secrets/aliases/default", "org.freedesktop.Secret.Collection",
           "CreateItem",
           "({'org.freedesktop.Secret.Item.Label': <'by hand'>, 'org.freedesktop.Secret.Item.Attributes': "
           "<{'application': 'reinstate', 'set': '" +
               first.set + "'}>}, (objectpath " + path + ", @ay [], @ay [0x61, 0x67, 0x65], 'text/plain'), true)");
  CHECK(found(first) == "age");
  CHECK(keyring_erase(first));
  CHECK(found(first) == "-");
}

TEST_CASE("several threads use the keyring at once", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::unlocked);
  CHECK(found(first) == "-");  // starts the key store
  std::vector<std::future<std::string>> all;
  for (const char digit : std::string("abcd"))
    all.push_back(std::async(std::launch::async, [digit] {
      const keyring_entry own{std::string(32, digit)};
      const std::string text(20, digit);
      for (int i = 0; i != 5; ++i)
        if (!keyring_store(own, secret(text)) || found(own) != text || !keyring_erase(own) || found(own) != "-")
          return std::string("failed");
      return std::string("done");
    }));
  for (auto& each : all) CHECK(each.get() == "done");
}

TEST_CASE("a keyring that stays locked is unavailable", "[keyring]") {
  const temporary_directory folder;
  {
    const private_session session(folder.path(), key_store_program::unlocked);
    REQUIRE(keyring_store(first, secret(identity)));
  }
  {
    // There is no program that could ask the user, which is as if he had refused.
    const private_session session(folder.path(), key_store_program::locked);
    CHECK(paths_of(bus_client(session), first) == "([], ['/org/freedesktop/secrets/collection/login/1'])");
    check_unavailable();
    CHECK(found(second) == "-");  // what it does not have can be said without a password
  }
  const private_session session(folder.path(), key_store_program::unlocked);
  CHECK(found(first) == identity);
}

TEST_CASE("a keyring whose question nobody answers is unavailable when the time limit ends", "[keyring]") {
  const temporary_directory folder;
  {
    const private_session session(folder.path(), key_store_program::unlocked);
    REQUIRE(keyring_store(first, secret(identity)));
  }
  const private_session session(folder.path(), key_store_program::locked);
  bus_client desktop(session);
  desktop.show_windows_to_nobody();
  const auto key_store = [&] {
    return desktop.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner",
                        "('org.freedesktop.secrets',)");
  };
  paths_of(desktop, first);  // starts it
  const std::string before = key_store();
  check_unavailable(milliseconds(500));
  CHECK(desktop.windows_opened() == 1);  // one for all that wait
  CHECK(key_store() == before);          // it lives on: nobody else's secrets are locked because of a time limit
}

TEST_CASE("a keyring that has to be set up first is unavailable when the user does not want to", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::locked);
  CHECK(keyring_store(first, secret(identity)).error() == errc::keyring_unavailable);
  CHECK(found(first) == "-");
  CHECK(keyring_erase(first));
}

TEST_CASE("a function that never ends is given up after the time limit", "[keyring]") {
  glib::limited_calls calls(milliseconds(1));
  int begun = 0;
  const auto never_ends = [&](GCancellable*, GAsyncReadyCallback, gpointer) { ++begun; };
  CHECK_FALSE(calls.call(never_ends));
  CHECK_FALSE(calls.call(never_ends));
  CHECK(begun == 1);  // nothing is begun after that
}

TEST_CASE("without a key store the keyring is unavailable", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::none);
  check_unavailable();
}

TEST_CASE("a key store that never answers is unavailable when the time limit ends", "[keyring]") {
  const temporary_directory folder;
  const private_session session(folder.path(), key_store_program::none);
  const bus_client silent(session);
  silent.be_silent_as("org.freedesktop.secrets");
  check_unavailable(milliseconds(100));
  check_unavailable(milliseconds(0));
  check_unavailable(milliseconds(-1));
}

TEST_CASE("without a session bus the keyring is unavailable", "[keyring]") {
  ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
  check_unavailable();
  for (const std::string address : {"", "unix:path=/nonexistent", "no address", "unix:", ";;"}) {
    INFO(address);
    ::setenv("DBUS_SESSION_BUS_ADDRESS", address.c_str(), 1);
    check_unavailable();
  }
}

TEST_CASE("a session bus that never answers is unavailable when the time limit ends", "[keyring]") {
  const temporary_directory folder;
  const std::string path = (folder.path() / "bus").string();
  const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listening, 8) == 0);
  ::setenv("DBUS_SESSION_BUS_ADDRESS", ("unix:path=" + path).c_str(), 1);
  check_unavailable(milliseconds(100));
  ::close(listening);
}

TEST_CASE("the end of a session bus does no harm and the next one is used", "[keyring]") {
  const temporary_directory folder;
  for (int round = 0; round != 3; ++round) {
    {
      const private_session session(folder.path(), key_store_program::unlocked);
      REQUIRE(keyring_store(first, secret(identity + std::to_string(round))));
      CHECK(found(first) == identity + std::to_string(round));
    }
    check_unavailable();
  }
}

TEST_CASE("calls to the keyring leave no file open", "[keyring]") {
  const temporary_directory folder;
  const auto open_files = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const private_session session(folder.path(), key_store_program::unlocked);
  REQUIRE(keyring_store(first, secret(identity)));
  const auto before = open_files();
  for (int i = 0; i != 50; ++i) CHECK(found(first) == identity);
  CHECK(open_files() < before + 10);  // the last ones may be closing still, in a thread of GLib
}

TEST_CASE("an entry of the keyring needs a set and a secret", "[keyring]") {
  for (const std::string set : {"", "0001", "000102030405060708090A0B0C0D0E0F", "000102030405060708090a0b0c0d0e0g",
                                "000102030405060708090a0b0c0d0e0f0"}) {
    INFO(set);
    CHECK(keyring_store({set}, secret(identity)).error() == errc::invalid_argument);
    CHECK(keyring_find({set}).error() == errc::invalid_argument);
    CHECK(keyring_erase({set}).error() == errc::invalid_argument);
  }
  CHECK(keyring_store(first, secret_bytes()).error() == errc::invalid_argument);
}
