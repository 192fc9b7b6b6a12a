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

result<void> listener::open(const tcp::endpoint& at) {
  error_code ec;
  acceptor_.open(at.protocol(), ec);
  // A server that was stopped can be started again at once.
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_.bind(at, ec);
  if (!ec) acceptor_.listen(boost::asio::socket_base::max_listen_connections, ec);
  if (ec) return errc::address_not_available;
  return {};
}

void listener::accept_next() {
  worker& by = *workers_[next_];
  next_ = (next_ + 1) % workers_.size();
  acceptor_.async_accept(by.context(), [this, &by](const error_code& ec, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (ec) return pause();
    accept_next();  // first: whatever becomes of this connection, others come
    take(std::move(socket), by);
  });
}

void listener::take(tcp::socket socket, worker& by) {
  error_code gone;
  const tcp::endpoint from = socket.remote_endpoint(gone);
  if (gone) return;
  std::string party = party_of(from.address());
  // Closed without a word: a handshake is what a flood of connections wants to have from us.
  if (const auto reason = shared_.connections.enter(party); !reason.empty())
    return shared_.figures.connection_refused(reason);
  by.adopt(std::move(socket), std::move(party));
}

// There are no more descriptors, or no more memory: what is waiting keeps waiting until some connection has ended.
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
