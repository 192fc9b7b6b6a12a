// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_PROGRESS_LINE_HPP
#define REINSTATE_TOOL_PROGRESS_LINE_HPP

#include <reinstate/status.hpp>

#include <chrono>
#include <mutex>
#include <string>

namespace tool {

// One line at the bottom of the terminal that tells how far an operation is and how long it will take. Written to
// standard error, and only where that is a terminal; nothing is left of it when it is paused or gone.
// Thread safety: any function from any thread.
class progress_line {
 public:
  explicit progress_line(bool wanted);
  ~progress_line() { pause(); }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void show(const reinstate::operation_progress& now);

  // Takes the line away, and shows none until `resume`: something else is about to use the terminal.
  void pause();
  void resume();

 private:
  using clock = std::chrono::steady_clock;

  std::string text_for(const reinstate::operation_progress& now);

  const bool is_on_;
  std::mutex mutex_;
  bool is_visible_ = false;
  bool is_paused_ = false;
  reinstate::operation_phase phase_ = reinstate::operation_phase::copying;
  clock::time_point phase_began_;
};

}  // namespace tool

#endif
