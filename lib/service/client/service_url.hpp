// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_CLIENT_SERVICE_URL_HPP
#define REINSTATE_SERVICE_CLIENT_SERVICE_URL_HPP

#include <reinstate/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace reinstate::service {

// Where a service is.
struct service_url {
  bool tls = true;
  std::string host;  // in lower case; an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string path;  // what stands before the paths of the protocol; empty, or "/..." without a "/" at its end

  // As the Host field names it: without the port where that is the scheme's own.
  std::string authority() const;
};

// "https://host[:port][/path]", or "http://" for "localhost" and loopback addresses.
// Errors: invalid_argument for anything else, a user, a query or a fragment among it.
result<service_url> parse_service_url(std::string_view text);

}  // namespace reinstate::service

#endif
