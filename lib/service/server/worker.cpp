// SPDX-License-Identifier: BSL-1.0
#include "service/server/worker.hpp"

#include "service/server/session.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace reinstate::service {

worker::worker(server_context& shared)
    : shared_(shared), io_(1), work_guard_(io_.get_executor()), shutdown_timer_(io_) {
}

void worker::adopt(boost::asio::ip::tcp::socket socket, std::string network) {
  boost::asio::post(io_, [this, socket = std::move(socket), network = std::move(network)]() mutable {
    start_session(shared_, *this, std::move(socket), std::move(network));
  });
}

void worker::stop() {
  boost::asio::post(io_, [this] {
    work_guard_.reset();
    // Iterates over a copy, since finishing a connection may remove it.
    for (connection* const open : std::vector(connections_.begin(), connections_.end()))
      if (connections_.contains(open)) open->finish();
    if (connections_.empty()) return;
    shutdown_timer_.expires_after(shared_.limits.shutdown_timeout);
    shutdown_timer_.async_wait([this](const error_code& canceled) {
      if (canceled) return;
      for (connection* const open : std::vector(connections_.begin(), connections_.end()))
        if (connections_.contains(open)) open->cut_off();
    });
  });
}

void worker::run() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception&) {  // out of memory: only that connection is lost
    }
  }
}

void worker::remove(connection& removed) {
  connections_.erase(&removed);
  if (is_stopping() && connections_.empty()) shutdown_timer_.cancel();
}

}  // namespace reinstate::service
