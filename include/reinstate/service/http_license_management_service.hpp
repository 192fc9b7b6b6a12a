// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_HTTP_LICENSE_MANAGEMENT_SERVICE_HPP
#define REINSTATE_SERVICE_HTTP_LICENSE_MANAGEMENT_SERVICE_HPP

#include <reinstate/machine_identity.hpp>
#include <reinstate/managed/license_management_service.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace reinstate {

// Configuration of a client.
struct http_service_config {
  service_description service;                 // url and key are required: "https://host[:port][/path]", or "http://"
                                               // for a loopback address only
  std::shared_ptr<machine_identity> identity;  // required: signs the requests
  std::filesystem::path certificates;          // PEM: the trusted authorities, or the self-signed certificate; empty:
                                               // the system's authorities

  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds request_timeout = std::chrono::seconds(60);  // of one attempt
  unsigned attempts = 4;  // every call is safe to repeat; between attempts there is a growing random pause
  std::chrono::milliseconds initial_backoff = std::chrono::milliseconds(500);

  std::function<std::chrono::sys_seconds()> clock = {};  // absent: the system clock
};

// Makes a client of the protocol in docs/service/openapi.yaml. Calls run in the calling thread. Host names are looked
// up by a separate thread, since the system's lookup cannot be interrupted; a stopped call does not wait for it.
//
// The client does not follow redirects, keep cookies, or use a proxy. It ignores any answer that is not signed with the
// service's key, whatever TLS says, except that 429 and 5xx need no signature to mean "try again later". If the service
// asks for a pause of more than a minute, calls do not try again: service_busy or service_unavailable.
// Errors: invalid_argument if the url or key is invalid, or a required member is missing; path_not_found and
// certificate_unusable for the certificates. Throws std::bad_alloc.
result<std::shared_ptr<license_management_service>> make_http_license_management_service(http_service_config config);

}  // namespace reinstate

#endif
