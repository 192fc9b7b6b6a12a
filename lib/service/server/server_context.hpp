// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_SERVER_CONTEXT_HPP
#define REINSTATE_SERVICE_SERVER_SERVER_CONTEXT_HPP

#include "service/server/connection_count.hpp"
#include "service/server/metrics.hpp"
#include "service/server/request_log.hpp"
#include "service/server/router.hpp"
#include "service/server/token_buckets.hpp"

#include <reinstate/service/service_server.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <optional>

namespace reinstate::service {

// The state that all connections of a server share. Outlives them.
struct server_context {
  server_context(const service_server_config& config, std::optional<boost::asio::ssl::context> tls_context,
                 std::size_t deciding_threads)
      : limits(config.limits),
        tls(std::move(tls_context)),
        log(config.log),
        routes({config.desk, config.keys, config.limits.requests_per_second_per_machine}, figures),
        rate(config.limits.requests_per_second_per_address),
        connections(config.limits.connections, config.limits.connections_per_address),
        deciding(deciding_threads) {}

  const server_limits limits;
  std::optional<boost::asio::ssl::context> tls;
  metrics figures;
  request_log log;
  router routes;
  token_buckets rate;  // per network, see network_of
  connection_count connections;
  std::atomic<bool> is_stopping = false;  // set before the workers stop, so that none answers "keep alive" anymore

  // The threads that decide requests. A decision waits for the disk, and for as long as another process holds the
  // ledger; on the thread of an io_context that would stop every other connection there: handshakes, timeouts,
  // /healthz. There are more threads than cores, since they mostly wait, and since decisions that wait together can be
  // made durable together.
  boost::asio::thread_pool deciding;
};

}  // namespace reinstate::service

#endif
