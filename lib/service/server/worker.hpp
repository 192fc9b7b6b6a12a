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

// A connection, as its worker sees it.
class connection {
 public:
  virtual ~connection() = default;
  virtual void finish() = 0;   // ends as soon as no request is in progress
  virtual void cut_off() = 0;  // ends at once
};

// One thread's io_context and the connections that run on it, which therefore need no lock.
// Thread safety: `adopt` and `stop` from any thread, `run` from one, the rest from within `run`.
class worker {
 public:
  explicit worker(server_context& shared);

  boost::asio::io_context& context() noexcept { return io_; }
  bool is_stopping() const noexcept { return shared_.is_stopping; }

  // Serves an accepted connection, which was counted for `network`, until it ends.
  void adopt(boost::asio::ip::tcp::socket socket, std::string network);

  // Gives connections `shutdown_timeout` to finish, then cuts them off. `run` returns after that.
  void stop();
  void run();

  void add(connection& added) { connections_.insert(&added); }
  void remove(connection& removed);

 private:
  server_context& shared_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_guard_;
  boost::asio::steady_timer shutdown_timer_;
  std::unordered_set<connection*> connections_;
};

}  // namespace reinstate::service

#endif
