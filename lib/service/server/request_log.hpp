// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_REQUEST_LOG_HPP
#define REINSTATE_SERVICE_SERVER_REQUEST_LOG_HPP

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace reinstate::service {

// One request, as the log has it: no query, since a ticket may be in one, no body, no name.
struct logged_request {
  std::string id;
  std::string_view method;
  std::string_view path;
  unsigned status = 0;
  std::chrono::steady_clock::duration took{};
  std::string_view address;
  std::string_view machine;  // the beginning of its id; may be empty
};

// Writes one line of JSON for each request and event, one at a time.
// Thread safety: any function from any thread.
class request_log {
 public:
  using sink = std::function<void(std::string_view)>;

  explicit request_log(sink to) : to_(std::move(to)) {}

  void request(const logged_request& what);
  void event(std::string_view what, std::string_view detail);

 private:
  void write(std::string_view line);

  sink to_;
  std::mutex mutex_;
};

}  // namespace reinstate::service

#endif
