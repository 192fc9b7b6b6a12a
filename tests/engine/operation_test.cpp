// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"
#include "engine/operation/progress_pace.hpp"
#include "hooked_store.hpp"

#include <reinstate/runtime.hpp>
#include <reinstate/testing/faulty_medium.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <future>

using namespace reinstate;
using namespace reinstate::test;
namespace asio = boost::asio;

// Operations as a whole: completion tokens, plug-ins that misbehave, configurations that lack something.

namespace {

struct player : machine {
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();

  player() {
    individualized(*this);
    for (unsigned i = 0; i != 10; ++i) put(make_license(i));
    open(stick);
  }
};

}  // namespace

TEST_CASE("a cancellation slot cancels its operation", "[operation]") {
  player p;
  asio::cancellation_signal signal;
  error_code result;
  async_backup_licenses(
      *p.restorer, backup_flags::none,
      asio::bind_cancellation_slot(signal.slot(), [&](error_code e, operation_report) { result = e; }));
  signal.emit(asio::cancellation_type::terminal);
  p.executors.run_until_idle();
  CHECK(result == errc::operation_canceled);
  CHECK(p.stick->empty());
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

TEST_CASE("progress comes at the beginning and end of each phase and between them not more often than a screen shows",
          "[operation]") {
  using phase = operation_phase;
  using namespace std::chrono_literals;
  engine::progress_pace pace;
  engine::progress_pace::clock::time_point now;
  const auto comes = [&](phase what, std::uint64_t done, std::uint64_t bytes) {
    return pace.lets_through({status::progress, {}, operation_progress{what, done, 100, bytes, 1000}}, now);
  };
  CHECK(comes(phase::copying, 0, 0));
  CHECK_FALSE(comes(phase::copying, 1, 10));
  now += 49ms;
  CHECK_FALSE(comes(phase::copying, 2, 20));
  CHECK(pace.lets_through({status::restricted_license, {}, license_reference{}}, now));
  now += 1ms;
  CHECK(comes(phase::copying, 3, 30));
  CHECK_FALSE(comes(phase::copying, 100, 999));
  CHECK(comes(phase::copying, 100, 1000));
  CHECK(comes(phase::checking, 100, 0));
  CHECK_FALSE(comes(phase::checking, 100, 1));
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
  asio::co_spawn(p.executors.io(), both(), asio::detached);
  p.executors.run_until_idle();
  CHECK(restored == 10);
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
  p.restorer->start(backup_options{}, {});
  p.restorer->start(restore_options{}, {});  // busy, and nobody to tell
  p.executors.run_until_idle();
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
  player p;
  license counted = make_license(300);
  counted.revision = 5;
  counted.state.uses_left = 10;
  p.put(counted);
  REQUIRE(!p.backup(p.stick).error);

  machine b;
  const auto inner = b.store;
  b.store = std::make_shared<hooked_store>(inner, [&](store_call call) {
    if (call != store_call::begin_batch) return error_code();
    license played = make_license(300);
    played.revision = 9;
    played.state.uses_left = 1;
    return put_license(*inner, played).has_value() ? error_code() : error_code(errc::store_failed);
  });
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
    config.io = p.executors.io();
    config.work = p.executors.work();
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
