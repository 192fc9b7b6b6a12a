// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_NONCE_WINDOW_HPP
#define REINSTATE_SERVICE_SERVER_NONCE_WINDOW_HPP

#include <reinstate/managed/owner_proof.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string_view>
#include <unordered_set>

namespace reinstate::service {

// Remembers the requests that were seen, for at least `window` and at most twice that: in two halves, of which the
// older is forgotten as a whole. If it is full, it says so rather than forgetting a request, which could be replayed.
//
// Thread safety: any function from any thread.
class nonce_window {
 public:
  enum class verdict { fresh, seen, full };

  explicit nonce_window(std::chrono::seconds window, std::size_t max_each_half = 500'000)
      : window_(window), max_each_half_(max_each_half) {}

  // Returns `fresh` for the first call with each pair of machine and nonce, in whatever order calls come.
  verdict admit(const machine_id& machine, std::string_view nonce, std::chrono::sys_seconds now);

 private:
  using entry = std::array<std::byte, 16>;
  struct entry_hash {
    std::size_t operator()(const entry& hashed) const noexcept;
  };

  const std::chrono::seconds window_;
  const std::size_t max_each_half_;
  std::mutex mutex_;
  std::chrono::sys_seconds started_{};  // when `newer_` was begun
  std::unordered_set<entry, entry_hash> newer_, older_;
};

}  // namespace reinstate::service

#endif
