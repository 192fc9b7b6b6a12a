// SPDX-License-Identifier: BSL-1.0
#include "service/server/listener.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace reinstate::service {

using boost::asio::ip::tcp;

listener::listener(server_context& shared, std::vector<std::unique_ptr<worker>>& workers)
    : shared_(shared), workers_(workers), acceptor_(workers.front()->context()), pause_(workers.front()->context()) {
}

result<void> listener::open(const tcp::endpoint& endpoint) {
  error_code ec;
  acceptor_.open(endpoint.protocol(), ec);
  // Lets a server that was stopped be started again at once.
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(boost::asio::socket_base::max_listen_connections, ec);
  if (ec) return errc::address_not_available;
  return {};
}

void listener::accept_next() {
  worker& target = *workers_[next_];
  next_ = (next_ + 1) % workers_.size();
  acceptor_.async_accept(target.context(), [this, &target](const error_code& ec, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (ec) return pause();
    accept_next();  // first, so that a failure with this connection does not stop the next one
    hand_over(std::move(socket), target);
  });
}

void listener::hand_over(tcp::socket socket, worker& target) {
  error_code disconnected;
  const tcp::endpoint client = socket.remote_endpoint(disconnected);
  if (disconnected) return;
  std::string network = network_of(client.address());
  // Closed without an answer: a TLS handshake is the costly part of a flood of connections.
  if (const auto reason = shared_.connections.enter(network); !reason.empty())
    return shared_.figures.connection_refused(reason);
  target.adopt(std::move(socket), std::move(network));
}

// Called when descriptors or memory have run out: pending connections wait until another one has ended.
void listener::pause() {
  shared_.figures.connection_refused("system");
  pause_.expires_after(std::chrono::milliseconds(100));
  pause_.async_wait([this](const error_code& canceled) {
    if (!canceled && acceptor_.is_open()) accept_next();
  });
}

void listener::stop() {
  boost::asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
}

}  // namespace reinstate::service
