// SPDX-License-Identifier: BSL-1.0
#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/service/http_license_management_service.hpp>
#include <reinstate/service/service_server.hpp>

#include <iostream>

// A service of its own, and a client that asks it.
int main() {
  using namespace reinstate;
  const auto keys = std::make_shared<const service_keys>(service_keys::generate());
  const auto desk = std::make_shared<service_desk>(
      service_desk::parts{make_memory_ledger(), keys, {"A service", "", "", keys->public_key()}, "", {}});
  service_server_config config;
  config.desk = desk;
  config.keys = keys;
  config.plain = true;
  const auto server = start_service_server(std::move(config)).value();

  http_service_config to;
  to.service = {"A service", server->url(), "", keys->public_key()};
  to.identity = make_memory_machine_identity();
  to.identity->individualize().value();
  const auto client = make_http_license_management_service(std::move(to)).value();
  const auto answer = client->decide(restore_request{}, {});
  std::cout << "asked the service: " << (answer ? "nothing, and got that" : answer.error().message()) << '\n';
  return answer && answer->licenses.empty() ? 0 : 1;
}
