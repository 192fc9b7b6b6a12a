// SPDX-License-Identifier: BSL-1.0
#include "service/server/token_buckets.hpp"

#include <algorithm>
#include <cmath>

namespace reinstate::service {
namespace {

constexpr double burst_seconds = 10;

}  // namespace

token_buckets::token_buckets(double per_second, std::size_t max_names)
    : per_second_(per_second), burst_(std::max(1.0, per_second * burst_seconds)), max_names_(max_names) {
}

double token_buckets::tokens_of(const bucket& bucket, time_point now) const noexcept {
  const double elapsed = std::chrono::duration<double>(now - bucket.filled).count();
  return std::min(burst_, bucket.tokens + std::max(0.0, elapsed) * per_second_);
}

// Forgets full buckets, which limit nothing. Looks through all of them at most once a second, so that a flood of names
// costs little. Returns true if there is room for another bucket.
bool token_buckets::make_room(time_point now) {
  if (buckets_.size() < max_names_) return true;
  if (now - swept_ >= std::chrono::seconds(1)) {
    std::erase_if(buckets_, [&](const auto& item) { return tokens_of(item.second, now) >= burst_; });
    swept_ = now;
  }
  return buckets_.size() < max_names_;
}

std::optional<std::chrono::seconds> token_buckets::take(std::string_view name, time_point now) {
  if (per_second_ <= 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  auto found = buckets_.find(std::string(name));
  if (found == buckets_.end()) {
    if (!make_room(now)) return std::chrono::seconds(static_cast<int>(burst_seconds));
    found = buckets_.emplace(name, bucket{burst_, now}).first;
  }
  const double tokens = tokens_of(found->second, now);
  if (tokens < 1) return std::chrono::seconds(static_cast<long>(std::ceil((1 - tokens) / per_second_)));
  found->second = {tokens - 1, now};
  return std::nullopt;
}

}  // namespace reinstate::service
