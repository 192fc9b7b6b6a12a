// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_PROGRESS_LINE_HPP
#define REINSTATE_TOOL_PROGRESS_LINE_HPP

#include <reinstate/status.hpp>

#include <chrono>
#include <mutex>
#include <string>

namespace tool {

// Shows the progress of an operation and the time left in one line at the bottom of the terminal. Writes to standard
// error, and only if that is a terminal. Pausing and destruction erase the line.
// Thread safety: any function from any thread.
class progress_line {
 public:
  explicit progress_line(bool is_wanted);
  ~progress_line() { pause(); }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void show(const reinstate::operation_progress& progress);

  // Erases the line and shows none until resume(), so that other output can use the terminal.
  void pause();
  void resume();

 private:
  using clock = std::chrono::steady_clock;

  std::string text_for(const reinstate::operation_progress& progress);

  const bool is_on_;
  std::mutex mutex_;
  bool is_visible_ = false;
  bool is_paused_ = false;
  reinstate::operation_phase phase_ = reinstate::operation_phase::copying;
  clock::time_point phase_began_;
};

}  // namespace tool

#endif
