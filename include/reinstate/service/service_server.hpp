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

// Limits of a server.
struct server_limits {
  std::size_t body_bytes = 2 * 1024 * 1024;
  std::size_t header_bytes = 16 * 1024;
  std::chrono::seconds request_timeout{30};   // to send one request, from its first byte; slower clients are cut off
  std::chrono::seconds idle_timeout{60};      // between two requests on a connection
  std::chrono::seconds shutdown_timeout{10};  // how long stop() waits for requests in progress
  std::size_t connections = 2'000;
  std::size_t connections_per_address = 100;   // an IPv6 address counts as its first 64 bits, its network
  double requests_per_second_per_machine = 5;  // on average, with bursts of ten seconds' worth
  double requests_per_second_per_address = 50;
};

// Configuration of a server.
struct service_server_config {
  std::shared_ptr<service_desk> desk;        // required
  std::shared_ptr<const service_keys> keys;  // required: answers are signed with them
  std::string address = "127.0.0.1";         // to listen on
  std::uint16_t port = 0;                    // 0: any free port
  std::filesystem::path certificate;         // PEM, with its chain
  std::filesystem::path private_key;         // PEM
  bool plain = false;                        // HTTP without TLS: for a loopback address only
  unsigned threads = 0;                      // each with its own io_context; 0: one per core
  server_limits limits;

  // Receives one line of JSON for each request and event, without secrets, tickets and bodies. Called from any thread
  // of the server, one call at a time. Absent: nothing is logged.
  std::function<void(std::string_view)> log = {};
};

// The HTTPS server of a License Management Service: the protocol in docs/service/openapi.yaml, the page for users,
// /healthz and /metrics.
//
// Thread safety: any function from any thread. Lifetime: its destructor stops it.
class service_server {
 public:
  virtual ~service_server() = default;

  // Returns the address that it listens on, such as "https://127.0.0.1:8443".
  virtual std::string url() const = 0;

  // Stops accepting connections, gives requests `shutdown_timeout` to end, then cuts them off. Returns when all threads
  // have ended.
  virtual void stop() = 0;
};

// Starts a server: listens, and starts its threads.
// Errors: invalid_argument, address_not_available, path_not_found, path_not_accessible, certificate_unusable.
// Throws std::bad_alloc, and std::system_error if a thread cannot be started.
result<std::unique_ptr<service_server>> start_service_server(service_server_config config);

}  // namespace reinstate

#endif
