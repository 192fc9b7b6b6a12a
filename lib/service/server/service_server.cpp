// SPDX-License-Identifier: BSL-1.0
#include <reinstate/service/service_server.hpp>

#include "service/server/listener.hpp"
#include "service/server/tls_context.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace reinstate {
namespace service {
namespace {

using boost::asio::ip::tcp;

// How many decisions of each thread may wait for the ledger at a time.
constexpr unsigned deciding_for_each_thread = 8;

class running_server final : public service_server {
 public:
  running_server(const service_server_config& config, std::optional<boost::asio::ssl::context> tls, unsigned threads)
      : shared_(config, std::move(tls), std::size_t{threads} * deciding_for_each_thread),
        workers_(make_workers(threads)),
        listener_(shared_, workers_) {}
  ~running_server() override { stop(); }

  result<void> start(const tcp::endpoint& requested) {
    if (auto opened = listener_.open(requested); !opened) return opened;
    const tcp::endpoint endpoint = listener_.endpoint();
    const std::string host = endpoint.address().to_string();
    url_ = (shared_.tls ? "https://" : "http://") + (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
           std::to_string(endpoint.port());
    listener_.accept_next();
    for (auto& worker : workers_) threads_.emplace_back([&worker] { worker->run(); });
    shared_.log.event("listening", url_);
    return {};
  }

  std::string url() const override { return url_; }

  void stop() override {
    const std::lock_guard lock(stop_mutex_);
    if (threads_.empty()) return;
    shared_.is_stopping = true;
    listener_.stop();
    for (auto& worker : workers_) worker->stop();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    shared_.deciding.join();
    shared_.log.event("stopped", url_);
  }

 private:
  std::vector<std::unique_ptr<worker>> make_workers(unsigned count) {
    std::vector<std::unique_ptr<worker>> out;
    while (out.size() != count) out.push_back(std::make_unique<worker>(shared_));
    return out;
  }

  server_context shared_;
  std::vector<std::unique_ptr<worker>> workers_;
  listener listener_;
  std::string url_;
  std::mutex stop_mutex_;
  std::vector<std::thread> threads_;
};

bool is_valid(const server_limits& limits) noexcept {
  constexpr std::size_t max_bytes = std::size_t{1} << 30;
  const std::chrono::seconds shortest{1};
  return limits.body_bytes <= max_bytes && limits.header_bytes >= 1024 && limits.header_bytes <= max_bytes &&
         limits.request_timeout >= shortest && limits.idle_timeout >= shortest &&
         limits.shutdown_timeout >= std::chrono::seconds(0) && limits.connections > 0 &&
         limits.connections_per_address > 0;
}

}  // namespace
}  // namespace service

result<std::unique_ptr<service_server>> start_service_server(service_server_config config) {
  using namespace service;
  error_code not_an_address;
  const auto address = boost::asio::ip::make_address(config.address, not_an_address);
  if (not_an_address || !config.desk || !config.keys || !is_valid(config.limits)) return errc::invalid_argument;
  if (config.plain && !address.is_loopback()) return errc::invalid_argument;

  std::optional<boost::asio::ssl::context> tls;
  if (!config.plain) {
    auto context = make_tls_context(config.certificate, config.private_key);
    if (!context) return context.error();
    tls.emplace(std::move(*context));
  }
  const unsigned threads = config.threads != 0 ? config.threads : std::max(1u, std::thread::hardware_concurrency());
  auto server = std::make_unique<running_server>(config, std::move(tls), threads);
  if (auto started = server->start({address, config.port}); !started) return started.error();
  return std::unique_ptr<service_server>(std::move(server));
}

}  // namespace reinstate
