// SPDX-License-Identifier: BSL-1.0
#include "progress_line.hpp"

#include "describe.hpp"
#include "text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace tool {
namespace {

constexpr std::string_view erase_line = "\r\x1b[K";

bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
}

std::size_t terminal_width() {
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0;
  return is_known ? size.ws_col : 80;
}

void put(std::string_view text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

// "0:05", "1:02:03".
std::string duration_text(double seconds) {
  const auto total = static_cast<std::uint64_t>(seconds + 0.5);
  std::array<char, 40> out{};
  if (total < 3600)
    std::snprintf(out.data(), out.size(), "%u:%02u", static_cast<unsigned>(total / 60),
                  static_cast<unsigned>(total % 60));
  else
    std::snprintf(out.data(), out.size(), "%u:%02u:%02u", static_cast<unsigned>(total / 3600),
                  static_cast<unsigned>(total / 60 % 60), static_cast<unsigned>(total % 60));
  return out.data();
}

}  // namespace

progress_line::progress_line(bool wanted) : is_on_(wanted && is_terminal()) {
}

void progress_line::show(const reinstate::operation_progress& now) {
  if (!is_on_) return;
  const std::scoped_lock lock(mutex_);
  if (is_paused_) return;
  std::string text = text_for(now);
  // A full line would wrap, and could not be erased then.
  if (const std::size_t width = terminal_width(); text.size() >= width) text.resize(width - 1);
  put(std::string(erase_line) + text);
  is_visible_ = true;
}

void progress_line::pause() {
  const std::scoped_lock lock(mutex_);
  if (is_visible_) put(erase_line);
  is_visible_ = false;
  is_paused_ = true;
}

void progress_line::resume() {
  const std::scoped_lock lock(mutex_);
  is_paused_ = false;
}

std::string progress_line::text_for(const reinstate::operation_progress& now) {
  if (now.licenses_done == 0 || now.phase != phase_) {
    phase_ = now.phase;
    phase_began_ = clock::now();
  }
  std::string text(phase_name(now.phase));
  text += " " + count_text(now.licenses_done) + " of " + license_count(now.licenses_total);
  if (now.bytes_total != 0) text += ", " + size_text(now.bytes_done) + " of " + size_text(now.bytes_total);

  // The first moments say nothing about the rest.
  const double seconds = std::chrono::duration<double>(clock::now() - phase_began_).count();
  if (seconds < 0.2 || now.bytes_done == 0) return text;
  const double rate = static_cast<double>(now.bytes_done) / seconds;
  text += ", " + size_text(static_cast<std::uint64_t>(rate)) + "/s";
  if (now.bytes_total > now.bytes_done)
    text += ", " + duration_text(static_cast<double>(now.bytes_total - now.bytes_done) / rate) + " left";
  return text;
}

}  // namespace tool
