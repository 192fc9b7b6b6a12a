// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_CLIENT_NAME_LOOKUP_HPP
#define REINSTATE_SERVICE_CLIENT_NAME_LOOKUP_HPP

#include "service/client/stepper.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace reinstate::service {

// The addresses of a host. An address stands for itself, and "localhost" for the loopback addresses: neither asks
// anybody, so that nobody else can answer. [RFC 6761, 6.3]
//
// For any other name, a thread asks the system, which cannot be told to stop: where the call ends before, the thread
// goes on alone until the system has answered, and touches nothing of ours.
// Errors: those of `stepper::run`, service_unavailable where there is no such name.
result<std::vector<boost::asio::ip::tcp::endpoint>> look_up(boost::asio::io_context& io, stepper& steps,
                                                            const std::string& host, std::uint16_t port);

}  // namespace reinstate::service

#endif
