// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_TOKEN_BUCKETS_HPP
#define REINSTATE_SERVICE_SERVER_TOKEN_BUCKETS_HPP

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace reinstate::service {

// Limits the rate of requests for each of many names: `per_second` on average, with bursts of ten seconds' worth.
//
// Remembers only the names that asked within the last ten seconds; if those are more than `max_names`, new names are
// refused.
// Thread safety: any function from any thread.
class token_buckets {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // `per_second`: zero or less means no limit.
  explicit token_buckets(double per_second, std::size_t max_names = 100'000);

  // Takes a token for one request. Returns nullopt if there was one, otherwise how long to wait before trying again.
  std::optional<std::chrono::seconds> take(std::string_view name, time_point now);

 private:
  struct bucket {
    double tokens = 0;
    time_point filled{};
  };

  double tokens_of(const bucket& bucket, time_point now) const noexcept;
  bool make_room(time_point now);

  const double per_second_, burst_;
  const std::size_t max_names_;
  std::mutex mutex_;
  time_point swept_{};
  std::unordered_map<std::string, bucket> buckets_;
};

}  // namespace reinstate::service

#endif
