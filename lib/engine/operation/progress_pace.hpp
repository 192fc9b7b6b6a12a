// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_PROGRESS_PACE_HPP
#define REINSTATE_ENGINE_OPERATION_PROGRESS_PACE_HPP

#include <reinstate/status.hpp>

#include <chrono>
#include <optional>

namespace reinstate::engine {

// Limits progress events to a rate that a screen can show: the beginning and the end of each phase always pass, and
// between them one event per interval. Any other event passes.
class progress_pace {
 public:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds interval{50};

  bool lets_through(const status_event& event, clock::time_point now) noexcept {
    const auto* progress = std::get_if<operation_progress>(&event.payload);
    if (progress == nullptr) return true;
    const bool is_end =
        progress->licenses_done == progress->licenses_total && progress->bytes_done == progress->bytes_total;
    const bool is_due = !phase_ || *phase_ != progress->phase || now - last_ >= interval;
    if (!is_end && !is_due) return false;
    phase_ = progress->phase;
    last_ = now;
    return true;
  }

 private:
  std::optional<operation_phase> phase_;
  clock::time_point last_;
};

}  // namespace reinstate::engine

#endif
