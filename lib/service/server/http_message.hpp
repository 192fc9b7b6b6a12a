// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_HTTP_MESSAGE_HPP
#define REINSTATE_SERVICE_SERVER_HTTP_MESSAGE_HPP

#include "service/protocol/http_signature.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A request and its answer, as passed between the session, which handles sockets, and the router, which does not.

namespace reinstate::service {

// Refers to the session's memory.
struct server_request {
  std::string_view method;
  std::string_view target;     // "/machines?ticket=..."
  std::string_view authority;  // the Host field, in lower case
  std::string_view content_type;
  std::string_view body;
  signature_fields signature;  // each field is empty if the request has none, or more than one

  std::string_view path() const noexcept { return target.substr(0, target.find('?')); }
  std::string_view query() const noexcept {
    const std::size_t mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  }
};

struct server_response {
  unsigned status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields;  // without Content-Length

  // For the log and the metrics: bounded, and no secret.
  std::string_view route = "other";
  std::string machine;  // the beginning of the machine's id
};

}  // namespace reinstate::service

#endif
