// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_METRICS_HPP
#define REINSTATE_SERVICE_SERVER_METRICS_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace reinstate::service {

// The metrics of a server, for Prometheus. They identify no user or machine, and their labels come only from the
// server's own code, so that their number is bounded.
//
// Thread safety: any function from any thread.
class metrics {
 public:
  void count_request(std::string_view path, unsigned status, std::chrono::steady_clock::duration duration);
  void count_decisions(std::string_view outcome, std::uint64_t licenses = 1);
  void count_ledger_error();
  void connection_opened();
  void connection_closed();
  void connection_refused(std::string_view reason);

  // Returns the metrics in the text format 0.0.4.
  std::string text() const;

 private:
  static constexpr std::array<double, 11> bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, unsigned>, std::uint64_t> requests_;
  std::map<std::string, std::uint64_t, std::less<>> decisions_, refused_connections_;
  std::array<std::uint64_t, bounds.size() + 1> durations_{};  // the last: longer than all bounds
  double total_duration_ = 0;
  std::uint64_t ledger_errors_ = 0, connections_opened_ = 0, connections_closed_ = 0;
};

}  // namespace reinstate::service

#endif
