// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_WORKER_HPP
#define REINSTATE_SERVICE_SERVER_WORKER_HPP

#include "service/server/server_context.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unordered_set>

namespace reinstate::service {

// A connection, as the worker sees it that it belongs to.
class connection {
 public:
  virtual ~connection() = default;
  virtual void finish() = 0;   // ends when nothing is under way
  virtual void cut_off() = 0;  // ends now
};

// One thread's io_context and the connections that live on it: none of them ever needs a lock.
// Thread safety: `adopt` and `stop` from any thread, `run` from one, the rest from within `run`.
class worker {
 public:
  explicit worker(server_context& shared);

  boost::asio::io_context& context() noexcept { return io_; }
  bool is_stopping() const noexcept { return shared_.is_stopping; }

  // Serves a connection that was accepted and counted for `party`, until it ends.
  void adopt(boost::asio::ip::tcp::socket socket, std::string party);

  // Lets connections finish for `stop_time`, then cuts them off; `run` returns after that.
  void stop();
  void run();

  void entered(connection& one) { connections_.insert(&one); }
  void left(connection& one);

 private:
  server_context& shared_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_;
  boost::asio::steady_timer patience_;
  std::unordered_set<connection*> connections_;
};

}  // namespace reinstate::service

#endif
