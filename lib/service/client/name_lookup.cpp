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

// The state that the calling thread and the lookup's thread share.
struct lookup {
  std::string host, port;
  std::mutex mutex;
  std::function<void(error_code)> done;  // empty once it was called, or the call was canceled
  endpoints found;

  void finish(error_code ec, endpoints addresses) {
    const std::lock_guard lock(mutex);
    if (!done) return;
    found = std::move(addresses);
    std::exchange(done, {})(ec);
  }
};

void resolve(lookup& lookup) noexcept try {
  boost::asio::io_context own;
  error_code ec;
  endpoints addresses;
  for (const auto& entry : tcp::resolver(own).resolve(lookup.host, lookup.port, tcp::resolver::numeric_service, ec))
    addresses.push_back(entry.endpoint());
  lookup.finish(ec, std::move(addresses));
} catch (...) {
  lookup.finish(boost::asio::error::no_memory, {});
}

void start_thread(const std::shared_ptr<lookup>& shared) try {
  const posix::blocked_signals none;
  std::thread([shared] { resolve(*shared); }).detach();
} catch (const std::system_error&) {
  shared->finish(boost::asio::error::no_descriptors, {});
}

}  // namespace

result<endpoints> look_up(boost::asio::io_context& io, stepper& steps, const std::string& host, std::uint16_t port) {
  namespace ip = boost::asio::ip;
  error_code not_an_address;
  const auto address = ip::make_address(host, not_an_address);
  if (!not_an_address) return endpoints{{address, port}};
  if (host == "localhost") return endpoints{{ip::address_v4::loopback(), port}, {ip::address_v6::loopback(), port}};

  const auto shared = std::make_shared<lookup>();
  shared->host = host;
  shared->port = std::to_string(port);
  const auto start = [&](auto handler) {
    // Posted under the lock, so that `io` still exists; the guard keeps it running until then.
    shared->done = [&io, handler, guard = boost::asio::make_work_guard(io)](error_code ec) {
      boost::asio::post(io, [handler, ec]() mutable { handler(ec); });
    };
    start_thread(shared);
  };
  const error_code ec = steps.run(start, [&] { shared->finish(boost::asio::error::operation_aborted, {}); });
  const std::lock_guard lock(shared->mutex);  // the other thread holds this while it uses `io`
  if (ec == errc::operation_canceled) return ec;
  if (ec || shared->found.empty()) return errc::service_unavailable;
  return std::move(shared->found);
}

}  // namespace reinstate::service
