// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_CLIENT_HTTP_SERVICE_HPP
#define REINSTATE_SERVICE_CLIENT_HTTP_SERVICE_HPP

#include <reinstate/service/http_license_management_service.hpp>

#include <chrono>
#include <functional>

namespace reinstate::service {

// Chooses how long to wait before the next attempt: from `shortest`, which the service asked for, to `longest`.
using choose_pause =
    std::function<std::chrono::milliseconds(std::chrono::milliseconds shortest, std::chrono::milliseconds longest)>;

// If a service asks for a longer wait, the call fails instead: its caller should learn of it.
inline constexpr std::chrono::seconds max_retry_after{60};

// As make_http_license_management_service, with the choice of pauses, so that tests need not wait.
result<std::shared_ptr<license_management_service>> make_http_service(http_service_config config, choose_pause pause);

}  // namespace reinstate::service

#endif
