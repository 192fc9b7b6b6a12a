// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_SESSION_HPP
#define REINSTATE_SERVICE_SERVER_SESSION_HPP

#include "service/server/worker.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace reinstate::service {

// Serves one connection on the thread of its worker, with TLS where the server has it, until either side ends it: one
// request after the other, each within `request_time`. `party` is who it is counted for.
void start_session(server_context& shared, worker& home, boost::asio::ip::tcp::socket socket, std::string party);

}  // namespace reinstate::service

#endif
