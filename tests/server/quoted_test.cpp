// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "temporary_directory.hpp"
#include "test_certificate.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/service/http_license_management_service.hpp>
#include <reinstate/service/service_server.hpp>

// What docs/service/README.md quotes.

namespace {

using namespace reinstate;
namespace fs = std::filesystem;

// [run]
// `folder` has the key, the certificate and the ledger of the service.
result<std::unique_ptr<service_server>> run_service(const fs::path& folder, std::uint16_t port) {
  auto keys = service_keys::load(folder / "service-key");
  if (!keys) return keys.error();
  auto ledger = open_sqlite_ledger(folder / "ledger.db");
  if (!ledger) return ledger.error();

  service_desk::parts parts;
  parts.ledger = std::move(*ledger);
  parts.keys = std::make_shared<const service_keys>(std::move(*keys));
  parts.description.name = "A studio";
  parts.description.key = parts.keys->public_key();
  parts.page_url = "https://licenses.example/machines";
  parts.policy.release_cool_down = std::chrono::hours(24);

  service_server_config config;
  config.keys = parts.keys;
  config.desk = std::make_shared<service_desk>(std::move(parts));
  config.port = port;
  config.certificate = folder / "cert.pem";
  config.private_key = folder / "cert-key.pem";
  return start_service_server(std::move(config));
}
// [/run]

// [connect]
result<void> use_service(backup_restorer_config& config, const std::string& url, const std::string& key,
                         const fs::path& certificate, service_consent ask_the_user) {
  const auto parsed = parse_service_key(key);
  if (!parsed) return parsed.error();
  http_service_config client;
  client.service.url = url;
  client.service.key = *parsed;
  client.identity = config.identity;
  client.certificates = certificate;  // empty: the system's authorities
  auto service = make_http_license_management_service(std::move(client));
  if (!service) return service.error();

  config.service = *service;
  config.consent = std::move(ask_the_user);
  config.machine_name = "Living room";
  return {};
}
// [/connect]

}  // namespace

TEST_CASE("What the page about the service quotes runs a service and connects a client to it", "[server]") {
  const tests::temporary_directory folder;
  const auto made = tests::make_test_certificate();
  tests::save(made, folder.path());
  fs::rename(folder.path() / "key.pem", folder.path() / "cert-key.pem");
  const auto keys = service_keys::generate();
  REQUIRE(keys.save(folder.path() / "service-key").has_value());
  const auto server = run_service(folder.path(), 0).value();

  backup_restorer_config config;
  config.identity = make_memory_machine_identity();
  config.identity->individualize().value();
  REQUIRE(use_service(config, server->url(), to_string(keys.public_key()), folder.path() / "cert.pem", {}).has_value());
  CHECK(config.service->report({{std::vector(1, std::byte{1}), {}}}, {}).has_value());
  CHECK(use_service(config, server->url(), "reinstate-service:x", {}, {}).error() == errc::invalid_argument);
}
