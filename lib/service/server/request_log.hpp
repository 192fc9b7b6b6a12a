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

// One request, as it is logged: without its query, which may hold a ticket, its body, and any name.
struct logged_request {
  std::string id;
  std::string_view method;
  std::string_view path;
  unsigned status = 0;
  std::chrono::steady_clock::duration duration{};
  std::string_view address;
  std::string_view machine;  // the beginning of its id; may be empty
};

// Writes one line of JSON for each request and event, one at a time.
// Thread safety: any function from any thread.
class request_log {
 public:
  using sink = std::function<void(std::string_view)>;

  explicit request_log(sink sink) : sink_(std::move(sink)) {}

  void request(const logged_request& entry);
  void event(std::string_view name, std::string_view detail);

 private:
  void write(std::string_view line);

  sink sink_;
  std::mutex mutex_;
};

}  // namespace reinstate::service

#endif
