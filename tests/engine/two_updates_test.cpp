// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "generation_fixture.hpp"
#include "interrupted_machine.hpp"

using namespace reinstate;
using namespace reinstate::test;

// Updates that meet another backup of the same machine, or of another one, at every call to the medium.

namespace {

struct meeting {
  backup_options of_slow, of_quick;
  bool is_same_machine = true;
};

// Two programs with one stick that has two generations, and something new in the store of each.
struct two {
  interrupted_machine slow{4};
  machine quick;
  stick_files stick = empty_stick();
  store_image slow_state, quick_state;

  explicit two(const meeting& what) {
    REQUIRE(!update(slow, stick).error);
    slow.put(make_license(5));
    REQUIRE(!update(slow, stick).error);
    individualized(quick);
    if (what.is_same_machine) quick.identity = slow.identity;
    for (unsigned i = 2; i != 7; ++i) quick.put(make_license(i));
    slow.put(make_license(20));
    quick.put(make_license(21));
    slow_state = image_of(*slow.store);
    quick_state = image_of(*quick.store);
  }
};

// What was reported done can be restored, or has made way for a later one that was reported done.
void check_done(const stick_files& stick, const ended& done, const store_image& state, const ended& other,
                const backup_options& options_of_other) {
  if (done.error) return;
  const auto all = listed(stick);
  const auto found = std::ranges::find(all, done.report.generation, &generation_summary::generation);
  if (found != all.end()) {
    CHECK(restore_elsewhere(stick, done.report.generation).licenses == state);
    return;
  }
  const bool keeps_all = options_of_other.flags == backup_flags::update && options_of_other.keep.keeps_all();
  CHECK(!other.error);
  CHECK(other.report.generation > done.report.generation);
  CHECK_FALSE(keeps_all);
}

backup_options updating(keep_policy keep = {}) {
  return {.flags = backup_flags::update, .keep = keep};
}

}  // namespace

TEST_CASE("an update that meets another backup gives way or can be restored", "[engine][two]") {
  const keep_policy one{.last = 1};
  const backup_options of_slow = GENERATE_COPY(updating(), updating(one), backup_options{backup_flags::overwrite});
  const backup_options of_quick = GENERATE_COPY(updating(), updating(one), backup_options{backup_flags::overwrite});
  const meeting what{of_slow, of_quick, GENERATE(true, false)};
  bool was_slow_done = false, was_quick_done = false;
  for (unsigned at_call = 1;; ++at_call) {
    two t(what);
    std::optional<ended> of_quick;
    t.slow.at_call = at_call;
    t.slow.meanwhile = [&] { of_quick = run_backup(t.quick, t.stick, what.of_quick); };
    t.slow.calls = 0;
    const ended of_slow = t.slow.backup_interrupted(t.stick, what.of_slow);
    if (!of_quick) break;
    INFO("flags " << static_cast<unsigned>(what.of_slow.flags) << " keep " << to_string(what.of_slow.keep) << " and "
                  << static_cast<unsigned>(what.of_quick.flags) << " keep " << to_string(what.of_quick.keep)
                  << (what.is_same_machine ? ", one machine" : ", two machines"));
    INFO("at call " << at_call << ", slow: " << of_slow.report.generation << " " << of_slow.error.message() << " "
                    << of_slow.report.file << ", quick: " << of_quick->report.generation << " "
                    << of_quick->error.message() << " " << of_quick->report.file);
    was_slow_done = was_slow_done || !of_slow.error;
    was_quick_done = was_quick_done || !of_quick->error;
    REQUIRE((!of_slow.error || !of_quick->error));
    check_done(t.stick, of_slow, t.slow_state, *of_quick, what.of_quick);
    check_done(t.stick, *of_quick, t.quick_state, of_slow, what.of_slow);
    const restored newest = restore_elsewhere(t.stick);
    INFO("newest: " << newest.error.message() << " " << newest.report.file);
    CHECK(!newest.error);
    CHECK((newest.licenses == t.slow_state || newest.licenses == t.quick_state));
    CHECK(newest.report.damage.empty());
    for (const generation_summary& each : listed(t.stick)) CHECK(!each.error);
  }
  CHECK(was_slow_done);
  CHECK(was_quick_done);
}
