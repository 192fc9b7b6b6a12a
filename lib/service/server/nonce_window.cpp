// SPDX-License-Identifier: BSL-1.0
#include "service/server/nonce_window.hpp"

#include "crypto/hash.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace reinstate::service {

std::size_t nonce_window::entry_hash::operator()(const entry& hashed) const noexcept {
  std::size_t out = 0;  // an entry is a digest already
  std::memcpy(&out, hashed.data(), sizeof out);
  return out;
}

nonce_window::verdict nonce_window::admit(const machine_id& machine, std::string_view nonce,
                                          std::chrono::sys_seconds now) {
  crypto::hasher hasher;
  hasher.update(machine);  // of a fixed size, so that no two pairs give the same input
  hasher.update(std::as_bytes(std::span(nonce)));
  const crypto::digest digest = hasher.finish();
  entry request{};
  std::ranges::copy(std::span(digest).first(request.size()), request.begin());

  const std::lock_guard lock(mutex_);
  if (now - started_ >= window_) {
    older_ = std::move(newer_);
    newer_.clear();
    if (now - started_ >= 2 * window_) older_.clear();
    started_ = now;
  }
  if (newer_.contains(request) || older_.contains(request)) return verdict::seen;
  if (newer_.size() >= max_each_half_) return verdict::full;
  newer_.insert(request);
  return verdict::fresh;
}

}  // namespace reinstate::service
