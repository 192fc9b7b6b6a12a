// SPDX-License-Identifier: BSL-1.0
#include "hooked_store.hpp"
#include "player.hpp"

#include <reinstate/runtime.hpp>
#include <reinstate/testing/faulty_medium.hpp>

#include <future>
#include <set>
#include <thread>

using namespace reinstate;
using namespace reinstate::test;

// Which events are sent, in which order, with what, to whom, and from which thread.

namespace {

std::size_t count(const player& p, status what) {
  return static_cast<std::size_t>(std::ranges::count(p.heard, what, &status_event::status));
}

bool has_documented_payload(const status_event& event) {
  switch (event.status) {
    case status::restricted_license: return std::holds_alternative<license_reference>(event.payload);
    case status::error_with_url: return std::holds_alternative<url_reference>(event.payload);
    case status::progress: return std::holds_alternative<operation_progress>(event.payload);
    case status::individualize: return std::holds_alternative<individualization>(event.payload);
    case status::end: return std::holds_alternative<operation_report>(event.payload);
    default: return std::holds_alternative<std::monostate>(event.payload);
  }
}

// What holds for the events of every operation, however it went.
void check_order(const player& p, direction which) {
  REQUIRE(p.heard.size() >= 2);
  CHECK(p.heard.front().status == status::begin);
  CHECK(count(p, status::begin) == 1);
  CHECK(p.heard.back().status == status::end);
  CHECK(count(p, status::end) == 1);
  CHECK(std::ranges::all_of(p.heard, has_documented_payload));
  if (which == direction::backup) {
    CHECK(count(p, status::connecting) + count(p, status::disconnecting) + count(p, status::error_with_url) == 0);
  } else {
    CHECK(count(p, status::restricted_license) == 0);
    CHECK(count(p, status::disconnecting) <= count(p, status::connecting));
  }
}

// A player whose medium fails at call `n`, and only there.
struct player_with_faulty_medium : player {
  std::shared_ptr<testing::medium_faults> faults = std::make_shared<testing::medium_faults>();

  player_with_faulty_medium(direction which, unsigned n) : player(which) {
    faults->fail_at = n;
    open([this](const std::string&) -> result<std::unique_ptr<backup_medium>> {
      return testing::make_faulty_medium(make_memory_medium(stick), faults);
    });
  }
};

}  // namespace

TEST_CASE("however an operation fails, one BEGIN comes first and one END last, with the error",
          "[C62][C63][C64][C76][C77][C87][O2][O4]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  for (unsigned n = 1;; ++n) {
    player_with_faulty_medium p(which, n);
    const error_code error = p.run(which);
    INFO("call " << n << " of the medium fails: " << error.message());
    check_order(p, which);
    if (p.faults->calls < n) {
      CHECK_FALSE(error);
      break;
    }
  }
}

TEST_CASE("wherever an operation is canceled, one BEGIN comes first and one END last, with the error",
          "[C62][C63][C64][C76][C77][C87][O2][O4]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  for (unsigned turns = 0;; ++turns) {
    player p(which);
    REQUIRE(p.start(which));
    bool over = false;
    for (unsigned i = 0; i != turns && !over; ++i) over = !p.step();
    const cancel_result answer = p.cancel(which);
    const error_code error = p.finish();
    INFO("canceled after " << turns << " steps: " << error.message());
    check_order(p, which);
    CHECK((answer == cancel_result::accepted) == (error == errc::operation_canceled));
    if (over) break;
  }
}

TEST_CASE("a backup is BEGIN, each license left out, and END with its report", "[C62][C63][O2][O4]") {
  player p;
  license denied = make_license(100);
  denied.rights.backup = backup_right::denied;
  p.put(denied);
  REQUIRE_FALSE(p.backup());
  check_order(p, direction::backup);
  CHECK(p.statuses() == std::vector{status::begin, status::restricted_license, status::end});
  CHECK(p.report().licenses_done == licenses_of_a_player);
  CHECK(p.report().licenses_left_out == 1);
}

TEST_CASE("a restore is BEGIN, CONNECTING, DISCONNECTING, and END with its report", "[C85][C86][O1][O2][O4]") {
  player p(direction::restore);
  REQUIRE_FALSE(p.restore());
  check_order(p, direction::restore);
  CHECK(p.statuses() == std::vector{status::begin, status::connecting, status::disconnecting, status::end});
  for (const status_event& event : p.heard) CHECK_FALSE(event.error);
  CHECK(p.report().licenses_done == licenses_of_a_player);
}

TEST_CASE("DISCONNECTING is not sent by a restore that is not accepted", "[C86]") {
  const player owner(direction::restore);
  other_player p(owner);
  SECTION("the passphrase is wrong") {
    p.passphrase = "incorrect";
  }
  SECTION("the backup is damaged") {
    p.stick->at("000001/manifest").back() ^= std::byte{1};
  }
  SECTION("the machine has no identity, and none may be made") {
    p.identity = make_memory_machine_identity();
    p.open(p.stick);
  }
  CHECK(p.restore());
  CHECK(count(p, status::disconnecting) == 0);
}

TEST_CASE("the calls return before anything is done and before anything is heard", "[C51][C84]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  int store_calls = 0;
  p.store = std::make_shared<hooked_store>(p.store, [&](store_call) {
    ++store_calls;
    return error_code();
  });
  p.open(p.stick);
  REQUIRE(p.start(which));
  CHECK(p.heard.empty());
  CHECK(store_calls == 0);
  CHECK_FALSE(p.finish());
  CHECK(store_calls > 0);
}

TEST_CASE("events come from one thread and the store is called from others, none of them the caller's", "[C52]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  std::set<std::thread::id> of_events, of_store;
  std::promise<void> ended;
  p.store = std::make_shared<hooked_store>(p.store, [&](store_call) {
    of_store.insert(std::this_thread::get_id());
    return error_code();
  });
  p.at_event = [&](const status_event& event) {
    of_events.insert(std::this_thread::get_id());
    if (event.status == status::end) ended.set_value();
  };
  {
    runtime threads;
    auto config = p.config_with([&](const std::string&) { return make_memory_medium(p.stick); });
    config.io = threads.io();
    config.work = threads.work();
    p.open(std::move(config));
    REQUIRE(p.start(which));
    ended.get_future().get();
    p.restorer.reset();
  }
  CHECK_FALSE(p.heard.back().error);
  CHECK(of_events.size() == 1);
  CHECK_FALSE(of_store.empty());
  CHECK_FALSE(of_store.contains(*of_events.begin()));
  CHECK_FALSE(of_events.contains(std::this_thread::get_id()));
  CHECK_FALSE(of_store.contains(std::this_thread::get_id()));
}

TEST_CASE("at every moment of an operation a second one is refused as busy and its callback hears nothing",
          "[C68][O6]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  REQUIRE(p.start(which));
  for (bool over = false; !over; over = !p.step()) {
    if (!p.heard.empty() && p.heard.back().status == status::end) break;
    CHECK(hresult_of(p.restorer->backup_licenses(backup_flags::none, deaf_callback())) == hr::busy);
    CHECK(hresult_of(p.restorer->backup_licenses(backup_flags::overwrite, deaf_callback())) == hr::busy);
    CHECK(hresult_of(p.restorer->restore_licenses(restore_flags::none, deaf_callback())) == hr::busy);
  }
  CHECK_FALSE(p.finish());
  CHECK(p.report().licenses_done == licenses_of_a_player);
}

TEST_CASE("the asynchronous functions say busy to their handler, never inline", "[C68]") {
  player p;
  REQUIRE(p.start_backup());
  std::vector<error_code> refused;
  const auto handler = [&](error_code error, operation_report) { refused.push_back(error); };
  async_backup_licenses(*p.restorer, backup_flags::none, handler);
  async_restore_licenses(*p.restorer, restore_flags::none, handler);
  async_verify_backup(*p.restorer, handler);
  CHECK(refused.empty());
  CHECK_FALSE(p.finish());
  CHECK(refused == std::vector<error_code>(3, errc::busy));
  CHECK(p.events.empty());
}

TEST_CASE("the callback of an operation gets all of its events, and that of the restorer none", "[O5]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  REQUIRE_FALSE(p.run(which));
  check_order(p, which);
  CHECK(p.events.empty());
}

TEST_CASE("the callback of the restorer gets the events of an operation that has none of its own", "[O5]") {
  player p;
  REQUIRE_FALSE(p.machine::backup(p.stick).error);
  CHECK(p.machine::statuses() == std::vector{status::begin, status::end});
  CHECK(p.heard.empty());
}
