// SPDX-License-Identifier: BSL-1.0
#include "service/client/name_lookup.hpp"

#include "posix/blocked_signals.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace reinstate::service {
namespace {

using boost::asio::ip::tcp;
using endpoints = std::vector<tcp::endpoint>;

// What the asking thread and the asked one share.
struct question {
  std::string host, port;
  std::mutex mutex;
  std::function<void(error_code)> done;  // empty once it was called, or nobody waits any more
  endpoints found;

  void finish(error_code ec, endpoints answer) {
    const std::lock_guard lock(mutex);
    if (!done) return;
    found = std::move(answer);
    std::exchange(done, {})(ec);
  }
};

void ask_system(question& what) noexcept try {
  boost::asio::io_context own;
  error_code ec;
  endpoints answer;
  for (const auto& entry : tcp::resolver(own).resolve(what.host, what.port, tcp::resolver::numeric_service, ec))
    answer.push_back(entry.endpoint());
  what.finish(ec, std::move(answer));
} catch (...) {
  what.finish(boost::asio::error::no_memory, {});
}

void start_thread(const std::shared_ptr<question>& what) try {
  const posix::blocked_signals none;
  std::thread([what] { ask_system(*what); }).detach();
} catch (const std::system_error&) {
  what->finish(boost::asio::error::no_descriptors, {});
}

}  // namespace

result<endpoints> look_up(boost::asio::io_context& io, stepper& steps, const std::string& host, std::uint16_t port) {
  namespace ip = boost::asio::ip;
  error_code no_address;
  const auto address = ip::make_address(host, no_address);
  if (!no_address) return endpoints{{address, port}};
  if (host == "localhost") return endpoints{{ip::address_v4::loopback(), port}, {ip::address_v6::loopback(), port}};

  const auto asked = std::make_shared<question>();
  asked->host = host;
  asked->port = std::to_string(port);
  const auto start = [&](auto handler) {
    // Posted under the lock, so that `io` is still there; the guard keeps it running until then.
    asked->done = [&io, handler, guard = boost::asio::make_work_guard(io)](error_code ec) {
      boost::asio::post(io, [handler, ec]() mutable { handler(ec); });
    };
    start_thread(asked);
  };
  const error_code ec = steps.run(start, [&] { asked->finish(boost::asio::error::operation_aborted, {}); });
  const std::lock_guard lock(asked->mutex);  // the other thread may still be busy with `io`, and then holds this
  if (ec == errc::operation_canceled) return ec;
  if (ec || asked->found.empty()) return errc::service_unavailable;
  return std::move(asked->found);
}

}  // namespace reinstate::service
