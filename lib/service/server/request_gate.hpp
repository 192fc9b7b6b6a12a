// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_REQUEST_GATE_HPP
#define REINSTATE_SERVICE_SERVER_REQUEST_GATE_HPP

#include "service/protocol/wire.hpp"
#include "service/server/http_message.hpp"
#include "service/server/nonce_window.hpp"
#include "service/server/token_buckets.hpp"

#include <chrono>
#include <variant>

namespace reinstate::service {

// Admits signed requests: the machine's signature must be valid, its clock within the tolerance, the request new, and
// its rate below the limit.
//
// Thread safety: any function from any thread.
class request_gate {
 public:
  // `started`: requests signed before that time are refused, since the nonces seen before a restart are forgotten.
  request_gate(std::chrono::seconds clock_tolerance, double requests_per_second, std::chrono::sys_seconds started)
      : tolerance_(clock_tolerance),
        started_(started),
        rate_(requests_per_second),
        nonces_(2 * clock_tolerance + std::chrono::seconds(1)) {}

  // Returns the machine that signed the request, or why it is refused.
  std::variant<machine_id, problem> admit(const server_request& request, std::chrono::sys_seconds now);

 private:
  const std::chrono::seconds tolerance_;
  const std::chrono::sys_seconds started_;
  token_buckets rate_;
  nonce_window nonces_;
};

}  // namespace reinstate::service

#endif
