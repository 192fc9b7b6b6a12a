// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVICE_SERVER_HPP
#define REINSTATE_SERVICE_SERVICE_SERVER_HPP

#include <reinstate/service/service_desk.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace reinstate {

struct server_limits {
  std::size_t body_bytes = 2 * 1024 * 1024;
  std::size_t header_bytes = 16 * 1024;
  std::chrono::seconds request_timeout{30};   // to send one request, from its first byte; a slow sender is cut off
  std::chrono::seconds idle_timeout{60};      // between two requests on one connection
  std::chrono::seconds shutdown_timeout{10};  // what is under way may take so long to end
  std::size_t connections = 2'000;
  std::size_t connections_per_address = 100;   // an IPv6 address counts as its first 64 bits: whoever has one has all
  double requests_per_second_per_machine = 5;  // on average, with bursts of ten seconds' worth
  double requests_per_second_per_address = 50;
};

struct service_server_config {
  std::shared_ptr<service_desk> desk;        // required
  std::shared_ptr<const service_keys> keys;  // required: answers are signed with them
  std::string address = "127.0.0.1";         // to listen at
  std::uint16_t port = 0;                    // 0: any free one
  std::filesystem::path certificate;         // PEM, with its chain
  std::filesystem::path private_key;         // PEM
  bool plain = false;                        // HTTP without TLS: refused at any but a loopback address
  unsigned threads = 0;                      // each with an io_context of its own; 0: one for each core
  server_limits limits;

  // Receives one line of JSON for each request and event; no secret, no ticket and no body is in one. Called from any
  // thread of the server, one call at a time. Absent: nothing is logged.
  std::function<void(std::string_view)> log = {};
};

// The HTTPS server of a License Management Service: docs/service/openapi.yaml, the page for people, /healthz, /metrics.
//
// Thread safety: any function from any thread. Lifetime: destroying it stops it.
class service_server {
 public:
  virtual ~service_server() = default;

  // "https://127.0.0.1:8443"
  virtual std::string url() const = 0;

  // Accepts nothing more, lets requests end for `shutdown_timeout`, then cuts them off. Returns when all threads have
  // ended.
  virtual void stop() = 0;
};

// Listens, and starts the threads.
// Errors: invalid_argument, address_not_available, path_not_found, path_not_accessible, certificate_unusable.
// Throws std::bad_alloc and, where a thread cannot be started, std::system_error.
result<std::unique_ptr<service_server>> start_service_server(service_server_config config);

}  // namespace reinstate

#endif
