// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_LISTENER_HPP
#define REINSTATE_SERVICE_SERVER_LISTENER_HPP

#include "service/server/worker.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace reinstate::service {

// Accepts connections and hands them to the workers in turn. All workers share one listening socket: with one each
// (SO_REUSEPORT), a second server started by mistake would take half of the requests instead of failing.
//
// Runs on the first worker's thread. Thread safety: `stop` from any thread; the rest before the threads run.
class listener {
 public:
  listener(server_context& shared, std::vector<std::unique_ptr<worker>>& workers);

  // Errors: address_not_available.
  result<void> open(const boost::asio::ip::tcp::endpoint& endpoint);
  boost::asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
  void accept_next();
  void stop();

 private:
  void hand_over(boost::asio::ip::tcp::socket socket, worker& target);
  void pause();

  server_context& shared_;
  std::vector<std::unique_ptr<worker>>& workers_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::size_t next_ = 0;
};

}  // namespace reinstate::service

#endif
