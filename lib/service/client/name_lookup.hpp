// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_CLIENT_NAME_LOOKUP_HPP
#define REINSTATE_SERVICE_CLIENT_NAME_LOOKUP_HPP

#include "service/client/stepper.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace reinstate::service {

// Returns the addresses of a host. An address stands for itself, and "localhost" for the loopback addresses: neither is
// looked up, so that no name server can redirect it. [RFC 6761, 6.3]
//
// Any other name is looked up by a separate thread, since the system's lookup cannot be interrupted: if the call ends
// first, the thread runs on until the system has answered, and touches none of the caller's objects.
// Errors: those of `stepper::run`, and service_unavailable if there is no such name.
result<std::vector<boost::asio::ip::tcp::endpoint>> look_up(boost::asio::io_context& io, stepper& steps,
                                                            const std::string& host, std::uint16_t port);

}  // namespace reinstate::service

#endif
