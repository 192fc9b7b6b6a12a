// SPDX-License-Identifier: BSL-1.0
#include "hooked_store.hpp"
#include "player.hpp"
#include "schedules.hpp"

#include <stdexcept>

using namespace reinstate;
using namespace reinstate::test;

// What a callback may do, when an operation may be canceled, and who may go away while it runs.

namespace {

// Whether nothing has changed that the operation would have changed.
bool is_untouched(player& p, direction which) {
  return which == direction::backup ? p.stick->empty() : contents(*p.store).empty();
}

bool is_complete(player& p, direction which) {
  return which == direction::backup ? p.stick->contains("000001/manifest")
                                    : contents(*p.store).size() == licenses_of_a_player;
}

// Runs an operation once for each of its events; `what` is done at the last event of the first run, the one before it
// in the second, and so on. Hands each run to `check` when it is over.
template <class What, class Check>
void at_each_event(direction which, What what, Check check) {
  for (std::size_t at = 0, events = 1; at != events; ++at) {
    player p(which);
    std::size_t heard = 0;
    p.at_event = [&](const status_event& event) {
      if (heard++ == at) what(p, event);
    };
    REQUIRE(p.start(which));
    p.executors.run_until_idle();
    INFO("at event " << at << ", " << name_of(p.heard.at(at).status));
    check(p);
    events = std::max(events, heard);
  }
}

// The same for each call to the store.
template <class What, class Check>
void at_each_store_call(direction which, What what, Check check) {
  for (std::size_t at = 0, calls = 1; at != calls; ++at) {
    player p(which);
    const auto inner = p.store;
    std::size_t seen = 0;
    p.store = std::make_shared<hooked_store>(inner, [&](store_call) {
      if (seen++ == at) what(p);
      return error_code();
    });
    p.open(p.stick);
    REQUIRE(p.start(which));
    const error_code error = p.finish();
    const std::size_t calls_of_this_run = seen;
    p.store = inner;
    INFO("at call " << at << " of the store: " << error.message());
    check(p, error);
    calls = std::max(calls, calls_of_this_run);
  }
}

// Holds for every cancellation. [O11]
void check_canceled(player& p, direction which, cancel_result answer) {
  if (answer == cancel_result::accepted) {
    CHECK(to_hresult(p.heard.back().error) == hr::canceled);
    CHECK(is_untouched(p, which));
  } else {
    CHECK_FALSE(p.heard.back().error);
    CHECK(is_complete(p, which));
  }
}

}  // namespace

TEST_CASE(
    "in every order of steps and one cancellation, it is accepted and nothing changes, or refused and all is done",
    "[C61][C105][C106][O10][O11]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  int accepted = 0, refused = 0;
  schedules all;
  do {
    player p(which);
    REQUIRE(p.start(which));
    std::optional<cancel_result> answer;
    bool possible = true;  // false where the schedule asks an executor for a step it does not have
    while (possible && (p.heard.empty() || p.heard.back().status != status::end)) {
      switch (all.choose(answer ? 2 : 3)) {
        case 0: possible = p.executors.step_io(); break;
        case 1: possible = p.executors.step_work(); break;
        default: answer = p.cancel(which); break;
      }
    }
    if (!possible) continue;
    const cancel_result got = answer ? *answer : p.cancel(which);  // never too late to ask
    ++(got == cancel_result::accepted ? accepted : refused);
    check_canceled(p, which, got);
  } while (all.next());
  CHECK(accepted > 5);
  CHECK(refused > 1);
}

TEST_CASE("a cancellation from inside any call to the store is answered as from anywhere", "[C106][O11]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  cancel_result answer{};
  at_each_store_call(
      which, [&](player& p) { answer = p.cancel(which); },
      [&](player& p, error_code) { check_canceled(p, which, answer); });
}

TEST_CASE("a cancellation after a failure is still answered as one", "[O11]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  cancel_result answer = cancel_result::nothing_running;
  p.store = std::make_shared<hooked_store>(p.store, [&](store_call) -> error_code {
    answer = p.cancel(which);
    return errc::store_failed;
  });
  p.open(p.stick);
  REQUIRE(p.start(which));
  const error_code error = p.finish();
  CHECK(answer == cancel_result::accepted);
  CHECK(to_hresult(error) == hr::canceled);
}

TEST_CASE("a callback may cancel at any event", "[C75][O11]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  cancel_result answer{};
  at_each_event(
      which, [&](player& p, const status_event&) { answer = p.cancel(which); },
      [&](player& p) { check_canceled(p, which, answer); });
}

TEST_CASE("a callback that throws at any event changes nothing", "[C78]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  at_each_event(
      which, [](player&, const status_event&) { throw std::runtime_error("the player's own trouble"); },
      [&](player& p) {
        CHECK_FALSE(p.heard.back().error);
        CHECK(is_complete(p, which));
      });
}

TEST_CASE("a callback that always throws changes nothing", "[C78]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  p.at_event = [](const status_event&) { throw 1; };
  CHECK_FALSE(p.run(which));
  CHECK(is_complete(p, which));
}

TEST_CASE("a callback may change the properties at any event, and the operation keeps its own", "[C47]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  at_each_event(
      which,
      [](player& p, const status_event&) {
        p.restorer->remove_all_props();
        CHECK(p.restorer->set_prop(backup_path_property, "elsewhere"));
      },
      [&](player& p) {
        CHECK_FALSE(p.heard.back().error);
        CHECK(is_complete(p, which));
        CHECK(p.restorer->prop_by_name(backup_path_property).value() == "elsewhere");
      });
}

TEST_CASE("a callback may start the next operation from the terminal event and from no other", "[C68][C69]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  at_each_event(
      which,
      [&](player& p, const status_event& event) {
        const auto answer = p.restorer->backup_licenses(backup_flags::overwrite, make_status_callback([](auto&) {}));
        CHECK(hresult_of(answer) == (event.status == status::end ? 0 : hr::busy));
      },
      [&](player& p) { CHECK_FALSE(p.heard.back().error); });
}

TEST_CASE("operations started one from the terminal event of the other all run", "[C69]") {
  player p;
  int ends = 0;
  p.at_event = [&](const status_event& event) {
    if (event.status != status::end) return;
    CHECK_FALSE(event.error);
    if (++ends == 5) return;
    CHECK((ends % 2 == 0 ? p.start_backup(backup_flags::overwrite) : p.start_restore()));
  };
  REQUIRE(p.start_backup());
  p.executors.run_until_idle();
  CHECK(ends == 5);
}

TEST_CASE("a callback may release the restorer at any event", "[C19]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  at_each_event(
      which, [](player& p, const status_event&) { p.restorer.reset(); },
      [&](player& p) {
        CHECK(std::ranges::count(p.heard, status::end, &status_event::status) == 1);
        const bool canceled = p.heard.back().error == errc::operation_canceled;
        check_canceled(p, which, canceled ? cancel_result::accepted : cancel_result::nothing_running);
      });
}

TEST_CASE("a restorer released at any moment ends its operation, canceled or complete", "[C19]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  for (int turns = 0;; ++turns) {
    player p(which);
    REQUIRE(p.start(which));
    bool over = false;
    for (int i = 0; i != turns && !over; ++i) over = !p.step();
    p.restorer.reset();
    const error_code error = p.finish();
    INFO("released after " << turns << " steps: " << error.message());
    check_canceled(p, which, error ? cancel_result::accepted : cancel_result::nothing_running);
    if (over) break;
  }
}

TEST_CASE("a restorer released from inside any call to the store ends its operation, canceled or complete", "[C19]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  at_each_store_call(
      which, [](player& p) { p.restorer.reset(); },
      [&](player& p, error_code error) {
        check_canceled(p, which, error ? cancel_result::accepted : cancel_result::nothing_running);
      });
}

TEST_CASE("an operation whose executors go away is dropped and tells nobody", "[C19]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  for (int turns = 0;; ++turns) {
    auto p = std::make_unique<player>(which);
    bool ended = false, gone = false, heard_afterwards = false, over = false;
    p->at_event = [&](const status_event& event) {
      ended = event.status == status::end;
      heard_afterwards = gone;
    };
    REQUIRE(p->start(which));
    for (int i = 0; i != turns && !over; ++i) over = !p->step();
    gone = true;
    p.reset();
    CHECK_FALSE(heard_afterwards);
    CHECK((ended || !over));
    if (over) break;
  }
}

TEST_CASE("an operation keeps its callback until the terminal event is delivered, and no longer", "[C19]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  int ends = 0;
  auto mine = make_status_callback([&](const status_event& event) { ends += event.status == status::end; });
  const std::weak_ptr<status_callback> watched = mine;
  if (which == direction::backup)
    REQUIRE(p.restorer->backup_licenses(backup_flags::none, std::move(mine)));
  else
    REQUIRE(p.restorer->restore_licenses(restore_flags::none, std::move(mine)));
  for (bool more = true; more && ends == 0; more = p.step()) CHECK_FALSE(watched.expired());
  CHECK(ends == 1);
  CHECK(watched.expired());
}
