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

// What all connections of a server share. Outlives them.
struct server_context {
  server_context(const service_server_config& config, std::optional<boost::asio::ssl::context> with_tls,
                 std::size_t deciding_threads)
      : limits(config.limits),
        tls(std::move(with_tls)),
        log(config.log),
        routes({config.desk, config.keys, config.limits.requests_per_second_and_machine}, figures),
        rate(config.limits.requests_per_second_and_address),
        connections(config.limits.connections, config.limits.connections_per_address),
        deciding(deciding_threads) {}

  const server_limits limits;
  std::optional<boost::asio::ssl::context> tls;
  metrics figures;
  request_log log;
  router routes;
  token_buckets rate;  // of parties, see party_of
  connection_count connections;
  std::atomic<bool> is_stopping = false;  // set before any worker is told, so that none says "keep alive" any more

  // Where requests are decided. A decision waits for the disk, and for as long as another process holds the ledger; on
  // the thread of an io_context that would stop every other connection there: handshakes, time-outs, /healthz. With
  // more threads than cores, since they mostly wait, and since decisions that wait together can be made durable
  // together.
  boost::asio::thread_pool deciding;
};

}  // namespace reinstate::service

#endif
