// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_CONTRACT_NATIVE_PLAYER_HPP
#define REINSTATE_TESTS_CONTRACT_NATIVE_PLAYER_HPP

#include "backup_fixture.hpp"
#include "catch.hpp"

// A player that uses the documented calls, on executors that are stepped by hand.

namespace reinstate::test {

enum class direction { backup, restore };

inline constexpr std::size_t licenses_of_a_player = 10;

struct player : machine {
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();
  std::vector<status_event> heard;                    // by the callback of the operations
  std::function<void(const status_event&)> at_event;  // what the callback does besides listening

  // Has licenses and an empty stick.
  player() {
    individualized(*this);
    for (unsigned i = 0; i != licenses_of_a_player; ++i) put(make_license(i));
    open(stick);
  }

  // Has what the direction needs: for a restore an empty store, and a stick with a backup this machine has made.
  explicit player(direction which) : player() {
    if (which == direction::backup) return;
    REQUIRE(!backup());
    store = make_memory_license_store();
    open(stick);
  }

  std::shared_ptr<status_callback> callback() {
    return make_status_callback([this](const status_event& event) {
      heard.push_back(event);
      if (at_event) at_event(event);
    });
  }

  result<void> start_backup(backup_flags flags = backup_flags::none) {
    heard.clear();
    return restorer->backup_licenses(flags, callback());
  }

  result<void> start_restore(restore_flags flags = restore_flags::none) {
    heard.clear();
    return restorer->restore_licenses(flags, callback());
  }

  result<void> start(direction which) { return which == direction::backup ? start_backup() : start_restore(); }

  cancel_result cancel(direction which) {
    return which == direction::backup ? restorer->cancel_license_backup() : restorer->cancel_license_restore();
  }

  // Runs an operation to its end and returns what the terminal event says.
  error_code backup(backup_flags flags = backup_flags::none) {
    REQUIRE(start_backup(flags));
    return finish();
  }
  error_code restore(restore_flags flags = restore_flags::none) {
    REQUIRE(start_restore(flags));
    return finish();
  }
  error_code run(direction which) { return which == direction::backup ? backup() : restore(); }

  error_code finish() {
    executors.run_until_idle();
    REQUIRE_FALSE(heard.empty());
    REQUIRE(heard.back().status == status::end);
    return heard.back().error;
  }

  const operation_report& report() const { return std::get<operation_report>(heard.back().payload); }

  // What was heard, without progress.
  std::vector<status> statuses() const {
    std::vector<status> out;
    for (const status_event& event : heard)
      if (event.status != status::progress) out.push_back(event.status);
    return out;
  }

  // One handler; false where there was none.
  bool step() { return executors.step_io() || executors.step_work(); }
};

// Another machine that knows the passphrase and has its hands on the same stick.
struct other_player : player {
  explicit other_player(const player& owner) {
    store = make_memory_license_store();
    stick = owner.stick;
    open(stick);
  }
};

// A callback that must not hear anything.
inline std::shared_ptr<status_callback> deaf_callback() {
  return make_status_callback([](const status_event& event) { FAIL("heard " << name_of(event.status)); });
}

inline std::uint32_t hresult_of(const result<void>& answer) {
  return answer ? 0 : to_hresult(answer.error());
}

// The documented numbers of the errors a caller sees. [contract 2.6]
namespace hr {
inline constexpr std::uint32_t invalid_argument = 0x80070057;
inline constexpr std::uint32_t out_of_memory = 0x8007000E;
inline constexpr std::uint32_t needs_individualization = 0xC00D2728;
inline constexpr std::uint32_t individualizing = 0xC00D272C;
inline constexpr std::uint32_t backup_exists = 0xC00D2742;
inline constexpr std::uint32_t backup_corrupt = 0xC00D2743;
inline constexpr std::uint32_t busy = 0xC00D2744;
inline constexpr std::uint32_t invalid_property = 0xC00D2749;
inline constexpr std::uint32_t not_all_stored = 0xC00D275F;
inline constexpr std::uint32_t canceled = 0xC00D2768;
}  // namespace hr

}  // namespace reinstate::test

#endif
