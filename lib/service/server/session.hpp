// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_SESSION_HPP
#define REINSTATE_SERVICE_SERVER_SESSION_HPP

#include "service/server/worker.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace reinstate::service {

// Serves one connection on its worker's thread, with TLS if the server uses it, until either side ends it: one request
// after the other, each within `request_timeout`. `network` is what the connection is counted for.
void start_session(server_context& shared, worker& home, boost::asio::ip::tcp::socket socket, std::string network);

}  // namespace reinstate::service

#endif
