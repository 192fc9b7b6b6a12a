// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "engine/operation/backup_fsm.hpp"
#include "engine/operation/restore_fsm.hpp"

using namespace reinstate;
using namespace reinstate::engine;

// The state machines alone: no executor, no medium, no store.

namespace {

using kind = action_kind;

std::vector<status> statuses(const action& a) {
  std::vector<status> out;
  for (const status_event& event : a.events) out.push_back(event.status);
  return out;
}

step_result more() {
  step_result out;
  out.more = true;
  return out;
}

step_result failed(errc why) {
  step_result out;
  out.error = why;
  return out;
}

step_result without_identity() {
  step_result out;
  out.needs_individualization = true;
  return out;
}

// Brings a machine to the point where it has asked for `steps` in turn, each answered with success.
template <class Machine>
action advance(Machine& machine, std::initializer_list<step> steps) {
  action last;
  for (const step expected : steps) {
    last = machine.resume({}, false);
    REQUIRE(last.kind == kind::run);
    REQUIRE(last.step == expected);
  }
  return last;
}

}  // namespace

TEST_CASE("a backup opens, copies, checks, closes, commits and cleans up, in this order", "[fsm]") {
  backup_fsm m;
  action a = m.resume({}, false);
  CHECK(a.step == step::open);
  CHECK(statuses(a) == std::vector{status::begin});
  a = m.resume({}, false);
  CHECK(a.step == step::copy);
  CHECK(statuses(a) == std::vector{status::progress});
  a = m.resume(more(), false);
  CHECK(a.step == step::copy);
  a = m.resume({}, false);
  CHECK(a.step == step::check);
  a = m.resume(more(), false);
  CHECK(a.step == step::check);
  a = m.resume({}, false);
  CHECK(a.kind == kind::close);
  a = m.resume({}, false);
  CHECK(a.step == step::commit);
  a = m.resume({}, false);
  CHECK(a.step == step::clean_up);
  a = m.resume({}, false);
  CHECK(a.kind == kind::finish);
  CHECK(!a.result);
}

TEST_CASE("a backup that is canceled at any point before the commit is abandoned", "[fsm]") {
  const std::size_t steps_done = GENERATE(1u, 2u, 3u);
  backup_fsm m;
  const step steps[] = {step::open, step::copy, step::check};
  for (std::size_t i = 0; i != steps_done; ++i) REQUIRE(m.resume({}, false).step == steps[i]);
  action a = m.resume({}, true);
  REQUIRE(a.kind == kind::run);
  CHECK(a.step == step::abandon);
  a = m.resume({}, true);
  CHECK(a.kind == kind::finish);
  CHECK(a.result == errc::operation_canceled);
}

TEST_CASE("a backup that is canceled just as it closes is abandoned", "[fsm]") {
  backup_fsm m;
  advance(m, {step::open, step::copy, step::check});
  REQUIRE(m.resume({}, false).kind == kind::close);
  CHECK(m.resume({}, true).step == step::abandon);
}

TEST_CASE("a backup that fails at any step is abandoned with that error", "[fsm]") {
  const std::size_t steps_done = GENERATE(1u, 2u, 3u, 4u);
  backup_fsm m;
  const step steps[] = {step::open, step::copy, step::check};
  for (std::size_t i = 0; i != std::min<std::size_t>(steps_done, 3); ++i) REQUIRE(m.resume({}, false).step == steps[i]);
  if (steps_done == 4) {
    REQUIRE(m.resume({}, false).kind == kind::close);
    REQUIRE(m.resume({}, false).step == step::commit);
  }
  action a = m.resume(failed(errc::medium_full), false);
  CHECK(a.step == step::abandon);
  a = m.resume({}, false);
  CHECK(a.kind == kind::finish);
  CHECK(a.result == errc::medium_full);
}

TEST_CASE("a backup that could not remove what it replaced is still a backup", "[fsm]") {
  backup_fsm m;
  advance(m, {step::open, step::copy, step::check});
  (void)m.resume({}, false);
  REQUIRE(m.resume({}, false).step == step::commit);
  REQUIRE(m.resume({}, false).step == step::clean_up);
  const action a = m.resume(failed(errc::medium_failed), false);
  CHECK(a.kind == kind::finish);
  CHECK(!a.result);
}

TEST_CASE("a restore tells that it connects before it touches the store and was accepted before it commits", "[fsm]") {
  restore_fsm m(false);
  CHECK(statuses(m.resume({}, false)) == std::vector{status::begin});
  action a = m.resume({}, false);
  CHECK(a.step == step::begin);
  CHECK(statuses(a) == std::vector{status::connecting});
  CHECK(m.resume({}, false).step == step::copy);
  CHECK(m.resume(more(), false).step == step::copy);
  a = m.resume({}, false);
  CHECK(a.kind == kind::close);
  CHECK(statuses(a) == std::vector{status::progress, status::disconnecting});
  CHECK(m.resume({}, false).step == step::commit);
  a = m.resume({}, false);
  CHECK(a.kind == kind::finish);
  CHECK(!a.result);
}

TEST_CASE("a restore that a service accepted for nothing tells the page and commits nothing", "[fsm][C86][C97][C98]") {
  restore_fsm m(false);
  advance(m, {step::open, step::begin, step::copy});
  step_result refused;
  refused.answer = {false, true, "https://service.invalid/", errc::machine_limit_reached};
  const action a = m.resume(refused, false);
  CHECK(a.step == step::abandon);
  CHECK(statuses(a) == std::vector{status::progress, status::error_with_url});
  CHECK(std::get<url_reference>(a.events.back().payload).url == "https://service.invalid/");
  CHECK(m.resume({}, false).result == errc::machine_limit_reached);
}

TEST_CASE("a restore that left licenses out ends with that, not with an abandonment", "[fsm][O16]") {
  restore_fsm m(false);
  advance(m, {step::open, step::begin, step::copy});
  (void)m.resume({}, false);
  REQUIRE(m.resume({}, false).step == step::commit);
  const action a = m.resume(failed(errc::not_all_licenses_stored), false);
  CHECK(a.kind == kind::finish);
  CHECK(a.result == errc::not_all_licenses_stored);
}

TEST_CASE("a restore individualizes only with permission", "[fsm][C111]") {
  restore_fsm refused(false);
  (void)refused.resume({}, false);
  action a = refused.resume(without_identity(), false);
  CHECK(a.step == step::abandon);
  CHECK(statuses(a) == std::vector{status::needs_individualization});
  CHECK(refused.resume({}, false).result == errc::needs_individualization);

  restore_fsm permitted(true);
  (void)permitted.resume({}, false);
  a = permitted.resume(without_identity(), false);
  CHECK(a.step == step::individualize);
  a = permitted.resume({}, false);
  CHECK(a.step == step::begin);
  CHECK(statuses(a) == std::vector{status::individualize, status::connecting});
}

TEST_CASE("an individualization that fails ends the restore with its error", "[fsm]") {
  restore_fsm m(true);
  (void)m.resume({}, false);
  (void)m.resume(without_identity(), false);
  const action a = m.resume(failed(errc::individualization_failed), false);
  CHECK(a.step == step::abandon);
  REQUIRE(a.events.size() == 1);
  CHECK(std::get<individualization>(a.events[0].payload) == individualization::failed);
}

TEST_CASE("an individualization that was canceled while it ran says so", "[fsm]") {
  restore_fsm m(true);
  (void)m.resume({}, false);
  (void)m.resume(without_identity(), false);
  const action a = m.resume({}, true);
  CHECK(a.step == step::abandon);
  REQUIRE(a.events.size() == 1);
  CHECK(std::get<individualization>(a.events[0].payload) == individualization::canceled);
  CHECK(a.events[0].error == errc::operation_canceled);
}

TEST_CASE("a restore that is canceled or fails before the commit is abandoned", "[fsm]") {
  const std::size_t steps_done = GENERATE(1u, 2u, 3u);
  const bool canceled = GENERATE(true, false);
  restore_fsm m(false);
  const step steps[] = {step::open, step::begin, step::copy};
  for (std::size_t i = 0; i != steps_done; ++i) REQUIRE(m.resume({}, false).step == steps[i]);
  action a = canceled ? m.resume({}, true) : m.resume(failed(errc::store_full), false);
  CHECK(a.step == step::abandon);
  CHECK(m.resume({}, canceled).result == (canceled ? errc::operation_canceled : errc::store_full));
}

TEST_CASE("a verification opens, copies into nothing, and ends", "[fsm]") {
  inspection_fsm m;
  CHECK(m.resume({}, false).step == step::open);
  CHECK(m.resume({}, false).step == step::copy);
  CHECK(m.resume(more(), false).step == step::copy);
  const action a = m.resume({}, false);
  CHECK(a.kind == kind::finish);
  CHECK(!a.result);
}
