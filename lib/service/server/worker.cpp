// SPDX-License-Identifier: BSL-1.0
#include "service/server/worker.hpp"

#include "service/server/session.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace reinstate::service {

worker::worker(server_context& shared) : shared_(shared), io_(1), stays_(io_.get_executor()), patience_(io_) {
}

void worker::adopt(boost::asio::ip::tcp::socket socket, std::string party) {
  boost::asio::post(io_, [this, socket = std::move(socket), party = std::move(party)]() mutable {
    start_session(shared_, *this, std::move(socket), std::move(party));
  });
}

void worker::stop() {
  boost::asio::post(io_, [this] {
    stays_.reset();
    // A copy, since a connection may leave while it is told.
    for (connection* const one : std::vector(connections_.begin(), connections_.end()))
      if (connections_.contains(one)) one->finish();
    if (connections_.empty()) return;
    patience_.expires_after(shared_.limits.stop_time);
    patience_.async_wait([this](const error_code& canceled) {
      if (canceled) return;
      for (connection* const one : std::vector(connections_.begin(), connections_.end()))
        if (connections_.contains(one)) one->cut_off();
    });
  });
}

void worker::run() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception&) {  // out of memory: that connection is lost, the others are not
    }
  }
}

void worker::left(connection& one) {
  connections_.erase(&one);
  if (is_stopping() && connections_.empty()) patience_.cancel();
}

}  // namespace reinstate::service
