// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_CLIENT_SERVICE_URL_HPP
#define REINSTATE_SERVICE_CLIENT_SERVICE_URL_HPP

#include <reinstate/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace reinstate::service {

// The address of a service.
struct service_url {
  bool tls = true;
  std::string host;  // in lower case; an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string path;  // the prefix of the protocol's paths; empty, or "/..." without a final "/"

  // Returns the value of the Host field: without the port if it is the scheme's default.
  std::string authority() const;
};

// Parses "https://host[:port][/path]", or "http://" for "localhost" and loopback addresses.
// Errors: invalid_argument for anything else, such as a URL with a user, a query or a fragment.
result<service_url> parse_service_url(std::string_view text);

}  // namespace reinstate::service

#endif
