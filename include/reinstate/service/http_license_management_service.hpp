// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_HTTP_LICENSE_MANAGEMENT_SERVICE_HPP
#define REINSTATE_SERVICE_HTTP_LICENSE_MANAGEMENT_SERVICE_HPP

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/machine_identity.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace reinstate {

struct http_service_config {
  service_description service;                 // its url and key are required: "https://host[:port][/path]", or
                                               // "http://" for a loopback address only
  std::shared_ptr<machine_identity> identity;  // required: signs what is sent
  std::filesystem::path certificates;          // PEM: the authorities, or the self-signed certificate, to trust; empty:
                                               // those of the system

  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds request_timeout = std::chrono::seconds(60);  // of one attempt
  unsigned attempts = 4;  // every call is safe to repeat; between two of them a random pause that grows
  std::chrono::milliseconds first_pause = std::chrono::milliseconds(500);

  std::function<std::chrono::sys_seconds()> clock = {};  // absent: the system's
};

// Talks to a service as docs/service/openapi.yaml says. Runs in the thread that calls it. To look up a host's name,
// which cannot be interrupted, the system is asked by a thread of its own that no call waits for once it was stopped.
//
// Does not follow redirects, keep cookies, or use a proxy. An answer that is not signed with the service's key is not
// looked at, whatever TLS says, except that 429 and 5xx mean to come back later whoever says so. A service that wants
// to be left alone for more than a minute is not asked again: service_busy or service_unavailable.
// Errors: invalid_argument for a url or key that is none, or where something required is missing; path_not_found,
// certificate_unusable for the certificates. Throws std::bad_alloc.
result<std::shared_ptr<license_management_service>> make_http_license_management_service(http_service_config config);

}  // namespace reinstate

#endif
