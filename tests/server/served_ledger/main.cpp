// SPDX-License-Identifier: BSL-1.0
#include <reinstate/service/service_server.hpp>

#include <filesystem>
#include <iostream>
#include <limits>
#include <memory>

// Serves the ledger in a folder until standard input ends, or until it is killed:
//
//     served_ledger <folder>
//
// The folder has "ledger", "service.key", "cert.pem" and "key.pem". Prints its URL. Nobody asks too often, and releases
// need no pause, so that whoever counts or measures is held up by nothing but decisions.

using namespace reinstate;

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::filesystem::path folder = arguments[1];
  auto ledger = open_sqlite_ledger(folder / "ledger");
  auto keys = service_keys::load(folder / "service.key");
  if (!ledger || !keys) return 3;

  service_server_config config;
  config.keys = std::make_shared<const service_keys>(*std::move(keys));
  service_policy policy;
  policy.release_cool_down = {};
  config.desk = std::make_shared<service_desk>(
      service_desk::parts{*std::move(ledger), config.keys, {"Served", "", "", {}}, {}, policy});
  config.certificate = folder / "cert.pem";
  config.private_key = folder / "key.pem";
  config.limits.connections_per_address = config.limits.connections;
  config.limits.requests_per_second_per_machine = config.limits.requests_per_second_per_address = 1e6;
  const auto server = start_service_server(config);
  if (!server) return 4;
  std::cout << (*server)->url() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}
