// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"

#include <reinstate/runtime.hpp>
#include <reinstate/testing/faulty_medium.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <stdexcept>
#include <thread>

using namespace reinstate;
using namespace reinstate::test;
namespace asio = boost::asio;

// Operations as a whole: tokens, threads, cancellation, re-entrancy.

namespace {

struct player : machine {
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();

  player() {
    individualized(*this);
    for (unsigned i = 0; i != 10; ++i) put(make_license(i));
    open(stick);
  }

  // Runs what is ready, one handler at a time, until `done` or nothing is left.
  template <class Done>
  void step_until(Done done) {
    io.restart();
    while (!done() && io.run_one() != 0) {
    }
  }
};

}  // namespace

TEST_CASE("the documented calls refuse what they are documented to refuse, and send nothing", "[operation][C50][C57]") {
  player p;
  const auto callback = make_status_callback([](const status_event&) { FAIL("nothing is sent"); });
  CHECK(p.restorer->backup_licenses(backup_flags::none, nullptr).error() == errc::invalid_argument);
  CHECK(p.restorer->restore_licenses(restore_flags::none, nullptr).error() == errc::invalid_argument);
  CHECK(p.restorer->backup_licenses(static_cast<backup_flags>(4), callback).error() == errc::invalid_argument);
  p.restorer->remove_all_props();
  CHECK(p.restorer->backup_licenses(backup_flags::none, callback).error() == errc::property_not_set);
  CHECK(p.restorer->restore_licenses(restore_flags::none, callback).error() == errc::property_not_set);
  CHECK(make_status_callback({}) == nullptr);
  p.io.run();
}

TEST_CASE("the flag of the other direction is ignored", "[operation][C70][C110][O14]") {
  player p;
  CHECK(!p.run([&](auto h) { async_backup_licenses(*p.restorer, static_cast<backup_flags>(2), h); }).error);
  CHECK(!p.run([&](auto h) { async_restore_licenses(*p.restorer, static_cast<restore_flags>(1), h); }).error);
}

TEST_CASE("a second operation is refused while one runs, and its callback hears nothing", "[operation][C68]") {
  player p;
  std::vector<status> heard;
  const auto first = make_status_callback([&](const status_event& e) { heard.push_back(e.status); });
  const auto second = make_status_callback([](const status_event&) { FAIL("nothing is sent"); });
  REQUIRE(p.restorer->backup_licenses(backup_flags::none, first).has_value());
  CHECK(p.restorer->backup_licenses(backup_flags::overwrite, second).error() == errc::busy);
  CHECK(p.restorer->restore_licenses(restore_flags::none, second).error() == errc::busy);
  error_code refused;
  async_verify_backup(*p.restorer, [&](error_code error, operation_report) { refused = error; });
  CHECK(!refused);  // never inline
  p.io.run();
  CHECK(refused == errc::busy);
  CHECK(heard.back() == status::end);
}

TEST_CASE("the callback of an operation gets all of its events, that of the restorer none", "[operation][O5]") {
  player p;
  int heard = 0;
  REQUIRE(p.restorer->backup_licenses(backup_flags::none, make_status_callback([&](const status_event&) { ++heard; })));
  p.io.run();
  CHECK(heard > 2);
  CHECK(p.events.empty());
}

TEST_CASE("a backup canceled right after the start ends as canceled and leaves nothing", "[operation][C61][O11]") {
  player p;
  std::vector<status_event> heard;
  const auto callback = make_status_callback([&](const status_event& e) { heard.push_back(e); });
  REQUIRE(p.restorer->backup_licenses(backup_flags::none, callback).has_value());
  CHECK(p.restorer->cancel_license_restore() == cancel_result::nothing_running);
  CHECK(p.restorer->cancel_license_backup() == cancel_result::accepted);
  p.io.run();
  CHECK(heard.back().status == status::end);
  CHECK(heard.back().error == errc::operation_canceled);
  CHECK(p.stick->empty());
  CHECK(p.restorer->cancel_license_backup() == cancel_result::nothing_running);
}

TEST_CASE("whenever a backup is canceled, it was accepted and nothing is left, or refused and all is done",
          "[operation][O11]") {
  for (int turns = 0;; ++turns) {
    player p;
    std::optional<ended> got;
    async_backup_licenses(*p.restorer, backup_flags::none, [&](error_code e, operation_report r) { got = {e, r}; });
    for (int i = 0; i != turns && p.io.run_one() != 0; ++i) {
    }
    const bool over = got.has_value();
    const cancel_result answer = p.restorer->cancel_license_backup();
    p.io.run();
    REQUIRE(got.has_value());
    if (answer == cancel_result::accepted) {
      CHECK(got->error == errc::operation_canceled);
      CHECK(p.stick->empty());
    } else {
      CHECK(!got->error);
      CHECK(p.stick->contains("000001/manifest"));
    }
    if (over) break;
  }
}

TEST_CASE("whenever a restore is canceled, the store is as before or complete", "[operation][C105][C106]") {
  player source;
  REQUIRE(!source.backup(source.stick).error);
  for (int turns = 0;; ++turns) {
    machine b;
    individualized(b).open(source.stick);
    std::optional<ended> got;
    async_restore_licenses(*b.restorer, restore_flags::none, [&](error_code e, operation_report r) { got = {e, r}; });
    for (int i = 0; i != turns && b.io.run_one() != 0; ++i) {
    }
    const bool over = got.has_value();
    const cancel_result answer = b.restorer->cancel_license_restore();
    b.io.run();
    REQUIRE(got.has_value());
    if (answer == cancel_result::accepted) {
      CHECK(got->error == errc::operation_canceled);
      CHECK(contents(*b.store).empty());
    } else {
      CHECK(!got->error);
      CHECK(contents(*b.store).size() == 10);
    }
    if (over) break;
  }
}

TEST_CASE("a cancellation slot cancels its operation", "[operation]") {
  player p;
  asio::cancellation_signal signal;
  error_code result;
  async_backup_licenses(
      *p.restorer, backup_flags::none,
      asio::bind_cancellation_slot(signal.slot(), [&](error_code e, operation_report) { result = e; }));
  signal.emit(asio::cancellation_type::terminal);
  p.io.run();
  CHECK(result == errc::operation_canceled);
  CHECK(p.stick->empty());
}

TEST_CASE("the next operation can be started from the terminal event", "[operation][C69]") {
  player p;
  result<void> second = errc::busy;
  const auto next = make_status_callback([](const status_event&) {});
  const auto callback = make_status_callback([&](const status_event& event) {
    if (event.status == status::end) second = p.restorer->restore_licenses(restore_flags::none, next);
  });
  REQUIRE(p.restorer->backup_licenses(backup_flags::none, callback).has_value());
  p.io.run();
  CHECK(second.has_value());
}

TEST_CASE("a callback may cancel, throw, and release the restorer", "[operation][C19][C75][C78]") {
  SECTION("cancel") {
    player p;
    error_code last;
    const auto callback = make_status_callback([&](const status_event& event) {
      if (event.status == status::begin) CHECK(p.restorer->cancel_license_backup() == cancel_result::accepted);
      last = event.error;
    });
    REQUIRE(p.restorer->backup_licenses(backup_flags::none, callback).has_value());
    p.io.run();
    CHECK(last == errc::operation_canceled);
  }
  SECTION("throw") {
    player p;
    const auto callback = make_status_callback([](const status_event&) { throw std::runtime_error("the player's"); });
    REQUIRE(p.restorer->backup_licenses(backup_flags::none, callback).has_value());
    p.io.run();
    CHECK(p.stick->contains("000001/manifest"));
  }
  SECTION("release") {
    player p;
    int ends = 0;
    const auto callback = make_status_callback([&](const status_event& event) {
      if (event.status == status::begin) p.restorer.reset();
      if (event.status == status::end) ++ends;
    });
    REQUIRE(p.restorer->backup_licenses(backup_flags::none, callback).has_value());
    p.io.run();
    CHECK(ends == 1);
    CHECK(p.stick->empty());
  }
}

TEST_CASE("properties changed during an operation do not change the operation", "[operation][C47]") {
  player p;
  const auto callback = make_status_callback([&](const status_event& event) {
    if (event.status == status::begin) p.restorer->remove_all_props();
  });
  REQUIRE(p.restorer->backup_licenses(backup_flags::none, callback).has_value());
  p.io.run();
  CHECK(p.stick->contains("000001/manifest"));
}

TEST_CASE("properties are set, replaced, listed by name, and removed", "[operation][C30][C34][C40][C45]") {
  player p;
  p.restorer->remove_all_props();
  p.restorer->remove_all_props();
  CHECK(p.restorer->prop_count() == 0);
  CHECK(p.restorer->set_prop("b", "2").has_value());
  CHECK(p.restorer->set_prop("a", "1").has_value());
  CHECK(p.restorer->set_prop("a", "3").has_value());
  CHECK(p.restorer->set_prop("", "3").error() == errc::invalid_argument);
  CHECK(p.restorer->prop_count() == 2);
  CHECK(*p.restorer->prop_by_index(0) == property{"a", "3"});
  CHECK(p.restorer->prop_by_index(2).error() == errc::invalid_argument);
  CHECK(*p.restorer->prop_by_name("b") == "2");
  CHECK(p.restorer->prop_by_name("B").error() == errc::property_not_set);
  CHECK(p.restorer->remove_prop("b").has_value());
  CHECK(p.restorer->remove_prop("b").error() == errc::property_not_set);
}

TEST_CASE("operations work with futures on threads of their own", "[operation]") {
  player p;
  runtime threads;
  backup_restorer_config config;
  config.store = p.store;
  config.identity = p.identity;
  config.medium = [&](const std::string&) { return make_memory_medium(p.stick); };
  config.passphrase = [](passphrase_purpose) -> result<secret_bytes> { return secret_bytes::locked_copy_of("secret"); };
  config.io = threads.io();
  config.work = threads.work();
  config.limits.scrypt_work_factor = 4;
  const auto restorer = *create_backup_restorer(std::move(config));
  REQUIRE(restorer->set_prop(backup_path_property, "stick").has_value());
  auto done = std::async(std::launch::async, [&] {
    return async_backup_licenses(*restorer, backup_flags::none, asio::use_future).get().licenses_done;
  });
  CHECK(done.get() == 10);
}

TEST_CASE("operations work in a coroutine", "[operation]") {
  player p;
  std::uint64_t restored = 0;
  const auto both = [&]() -> asio::awaitable<void> {
    co_await async_backup_licenses(*p.restorer, backup_flags::none, asio::use_awaitable);
    p.store = make_memory_license_store();
    p.open(p.stick);
    const operation_report report =
        co_await async_restore_licenses(*p.restorer, restore_flags::none, asio::use_awaitable);
    restored = report.licenses_done;
  };
  asio::co_spawn(p.io, both(), asio::detached);
  p.io.run();
  CHECK(restored == 10);
}

TEST_CASE("events come from `io` and plug-ins are called on `work`", "[operation][C52]") {
  player p;
  asio::thread_pool work(1);
  std::optional<std::thread::id> called_from;
  backup_restorer_config config;
  config.store = p.store;
  config.identity = p.identity;
  config.medium = [&](const std::string&) {
    called_from = std::this_thread::get_id();
    return make_memory_medium(p.stick);
  };
  config.passphrase = [](passphrase_purpose) -> result<secret_bytes> { return secret_bytes::locked_copy_of("secret"); };
  config.io = p.io.get_executor();
  config.work = work.get_executor();
  config.limits.scrypt_work_factor = 4;
  const auto restorer = *create_backup_restorer(std::move(config));
  REQUIRE(restorer->set_prop(backup_path_property, "stick").has_value());
  bool here = true;
  const auto me = std::this_thread::get_id();
  async_backup_licenses(*restorer, backup_flags::none,
                        [&](error_code, operation_report) { here = here && std::this_thread::get_id() == me; });
  p.io.run();
  CHECK(here);
  REQUIRE(called_from.has_value());
  CHECK(*called_from != me);
  work.join();
}

TEST_CASE("a medium that fails at any call leaves the old backup and the store as they were", "[operation][C71][C72]") {
  const errc error = GENERATE(errc::medium_full, errc::medium_failed, errc::medium_read_only);
  for (unsigned n = 1;; ++n) {
    player p;
    REQUIRE(!p.backup(p.stick).error);
    p.put(make_license(77));
    const auto faults = std::make_shared<testing::medium_faults>();
    faults->fail_at = n;
    faults->error = error;
    p.renew_recovery_key = true;
    p.open([&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
      return testing::make_faulty_medium(make_memory_medium(p.stick), faults);
    });
    const ended second = p.run([&](auto h) { async_backup_licenses(*p.restorer, backup_flags::overwrite, h); });
    const bool untouched = faults->calls < n;
    machine b;
    const ended restored = b.restore(p.stick);
    INFO("call " << n << ": " << second.error.message());
    CHECK(!restored.error);
    const std::size_t have = contents(*b.store).size();
    CHECK((second.error ? have == 10 : have == 11));
    if (untouched) {
      CHECK(!second.error);
      break;
    }
  }
}

TEST_CASE("a medium that reports success and forgets is found out before anything older is removed", "[operation]") {
  for (unsigned n = 1;; ++n) {
    player p;
    REQUIRE(!p.backup(p.stick).error);
    const auto faults = std::make_shared<testing::medium_faults>();
    faults->forget_from = n;
    p.open([&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
      return testing::make_faulty_medium(make_memory_medium(p.stick), faults);
    });
    const ended second = p.run([&](auto h) { async_backup_licenses(*p.restorer, backup_flags::overwrite, h); });
    INFO("call " << n << ": " << second.error.message());
    CHECK(!p.verify(p.stick).error);
    if (faults->calls < n) break;
  }
}

TEST_CASE("operations may be started without anybody who listens", "[operation]") {
  player p;
  p.restorer->start_backup(backup_flags::none, {});
  p.restorer->start_restore(restore_flags::none, {});  // busy, and nobody to tell
  p.io.run();
  CHECK(p.stick->contains("000001/manifest"));
}

TEST_CASE("an identity without a usable key ends the backup with an error", "[operation]") {
  struct broken final : machine_identity {
    std::unique_ptr<machine_identity> inner = make_memory_machine_identity();
    result<machine_public_identity> public_identity() override { return machine_public_identity{}; }
    result<ed25519_signature> sign(std::span<const std::byte> message) override { return inner->sign(message); }
    result<secret_bytes> agree(const x25519_public_key& peer) override { return inner->agree(peer); }
    result<secret_bytes> store_key() override { return inner->store_key(); }
    result<void> individualize() override { return inner->individualize(); }
  };
  player p;
  p.identity = std::make_shared<broken>();
  individualized(p);
  CHECK(p.backup(p.stick).error == errc::identity_damaged);
  CHECK(p.stick->empty());
}

TEST_CASE("a verification needs no identity, not even a sound one", "[operation]") {
  struct unreadable final : machine_identity {
    result<machine_public_identity> public_identity() override { return errc::identity_damaged; }
    result<ed25519_signature> sign(std::span<const std::byte>) override { return errc::identity_damaged; }
    result<secret_bytes> agree(const x25519_public_key&) override { return errc::identity_damaged; }
    result<secret_bytes> store_key() override { return errc::identity_damaged; }
    result<void> individualize() override { return errc::identity_damaged; }
  };
  player p;
  REQUIRE(!p.backup(p.stick).error);
  machine other;
  other.identity = std::make_shared<unreadable>();
  CHECK(!other.verify(p.stick).error);
  CHECK(other.restore(p.stick).error == errc::identity_damaged);
}

TEST_CASE("a license that the player writes while the restore waits for the store is respected", "[operation]") {
  // The store lets somebody else write just before it begins the batch.
  struct late_writer final : license_store {
    std::unique_ptr<license_store> inner = make_memory_license_store();
    std::function<void(license_store&)> before_batch;
    result<store_description> describe() override { return inner->describe(); }
    result<std::unique_ptr<license_cursor>> open_cursor() override { return inner->open_cursor(); }
    result<std::unique_ptr<write_batch>> begin_batch() override {
      if (before_batch) std::exchange(before_batch, nullptr)(*inner);
      return inner->begin_batch();
    }
    result<license> find(const license_id& id) override { return inner->find(id); }
  };
  player p;
  license counted = make_license(300);
  counted.revision = 5;
  counted.state.uses_left = 10;
  p.put(counted);
  REQUIRE(!p.backup(p.stick).error);

  machine b;
  const auto store = std::make_shared<late_writer>();
  store->before_batch = [](license_store& inner) {
    license played = make_license(300);
    played.revision = 9;
    played.state.uses_left = 1;
    REQUIRE(put_license(inner, played).has_value());
  };
  b.store = store;
  REQUIRE(!b.restore(p.stick).error);
  CHECK(b.store->find(counted.id)->state.uses_left == 1u);
}

TEST_CASE("create_backup_restorer refuses a configuration that lacks something", "[operation]") {
  player p;
  const auto complete = [&] {
    backup_restorer_config config;
    config.store = p.store;
    config.identity = p.identity;
    config.medium = [&](const std::string&) { return make_memory_medium(p.stick); };
    config.io = p.io.get_executor();
    config.work = p.io.get_executor();
    return config;
  };
  CHECK(create_backup_restorer(complete()).has_value());
  const int missing = GENERATE(range(0, 7));
  backup_restorer_config config = complete();
  switch (missing) {
    case 0: config.store = nullptr; break;
    case 1: config.identity = nullptr; break;
    case 2: config.medium = nullptr; break;
    case 3: config.io = {}; break;
    case 4: config.work = {}; break;
    case 5: config.limits.volume_bytes = 1; break;
    default: config.limits.scrypt_work_factor = 0; break;
  }
  CHECK(create_backup_restorer(std::move(config)).error() == errc::invalid_argument);
}
