// SPDX-License-Identifier: BSL-1.0
#include "service/server/request_gate.hpp"

#include <string_view>

namespace reinstate::service {
namespace {

problem too_many_requests(std::chrono::seconds retry_after) {
  return {429, errc::service_busy, "Too many requests from this machine.", retry_after, {}};
}

}  // namespace

std::variant<machine_id, problem> request_gate::admit(const server_request& request, std::chrono::sys_seconds now) {
  const auto checked =
      check_request({request.method, request.authority, request.path(), request.body}, request.signature);
  if (!checked) return problem{401, errc::request_not_authentic, "Missing or invalid signature.", {}, {}};

  const auto difference = now > checked->created ? now - checked->created : checked->created - now;
  if (difference > tolerance_)
    return problem{
        403, errc::service_clock_differs, "The request's time differs too much from the service's clock.", {}, now};
  // The client can sign again once its clock, which may be slow, has passed the start. In the second of the start
  // itself a replay is possible, which is harmless because all requests can be repeated.
  if (checked->created < started_)
    return problem{503,
                   errc::service_busy,
                   "The service has just started.",
                   started_ - checked->created + std::chrono::seconds(1),
                   {}};

  const std::string_view machine(reinterpret_cast<const char*>(checked->machine.data()), checked->machine.size());
  if (const auto wait = rate_.take(machine, token_buckets::time_point::clock::now())) return too_many_requests(*wait);

  switch (nonces_.admit(checked->machine, checked->nonce, now)) {
    case nonce_window::verdict::fresh: return checked->machine;
    case nonce_window::verdict::seen: break;
    case nonce_window::verdict::full: return problem{503, errc::service_busy, "Too many requests.", tolerance_, {}};
  }
  return problem{401, errc::request_not_authentic, "This request was received before.", {}, {}};
}

}  // namespace reinstate::service
