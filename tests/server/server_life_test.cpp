// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "server_fixture.hpp"

#include <reinstate/error.hpp>

#include <fstream>
#include <future>
#include <string>
#include <thread>

namespace {

using namespace reinstate;
using namespace reinstate::tests;
using namespace std::chrono_literals;

// A ledger that a question about its audit trail waits in, as it would behind another process, and that can fail.
class gated_ledger final : public ledger, public service_records {
 public:
  std::promise<void> asked, opened;
  std::atomic<bool> fails = false;

  result<std::vector<claim_outcome>> claim(std::span<const slot_claim> claims, std::chrono::sys_seconds now) override {
    return inner_->claim(claims, now);
  }
  result<std::vector<release_outcome>> release(std::span<const slot_release> releases,
                                               std::chrono::sys_seconds now) override {
    return inner_->release(releases, now);
  }
  result<void> report(std::span<const slot_use> uses) override { return inner_->report(uses); }
  result<std::vector<owned_slot>> slots_of(const x25519_public_key& owner) override { return inner_->slots_of(owner); }
  service_records& records() noexcept override { return *this; }

  result<void> put_issuer(const trusted_issuer& issuer) override { return inner_->records().put_issuer(issuer); }
  result<std::vector<trusted_issuer>> issuers() override {
    if (fails) return errc::ledger_failed;
    return inner_->records().issuers();
  }
  result<void> put_revocations(const ed25519_public_key& issuer, std::uint64_t version,
                               std::span<const std::byte> list) override {
    return inner_->records().put_revocations(issuer, version, list);
  }
  result<std::vector<std::vector<std::byte>>> revocations() override { return inner_->records().revocations(); }
  result<std::vector<audit_entry>> audit(std::uint64_t, std::size_t) override {
    if (fails) return errc::ledger_failed;
    asked.set_value();
    opened.get_future().wait();
    return std::vector<audit_entry>();
  }

 private:
  std::unique_ptr<ledger> inner_ = make_memory_ledger();
};

service_server_config config_of(const live_server& like) {
  service_server_config config;
  config.desk = like.desk;
  config.keys = like.keys;
  config.certificate = like.folder.path() / "cert.pem";
  config.private_key = like.folder.path() / "key.pem";
  config.threads = 1;
  return config;
}

}  // namespace

TEST_CASE("TLS is at least 1.2 and the certificate is the one that was given", "[server]") {
  const live_server server({}, false);
  tls_client client(server);
  CHECK(client.version() >= TLS1_2_VERSION);
  const auto answer = client.ask(get("/"));
  CHECK(answer.result_int() == 200);
  CHECK(answer["Strict-Transport-Security"] == "max-age=31536000");
  CHECK(server.server->url() == "https://" + server.authority());
}

TEST_CASE("HTTP without TLS is refused off loopback", "[server]") {
  const live_server like;
  auto config = config_of(like);
  config.plain = true;
  config.address = GENERATE(as<std::string>(), "0.0.0.0", "::", "192.0.2.1");
  CHECK(start_service_server(config).error() == errc::invalid_argument);
}

TEST_CASE("an address that is none or that another has is refused", "[server]") {
  const live_server like;
  auto config = config_of(like);
  config.address = "localhost.";
  CHECK(start_service_server(config).error() == errc::invalid_argument);
  config.address = "127.0.0.1";
  config.port = like.port();
  CHECK(start_service_server(config).error() == errc::address_not_available);
  config.address = "192.0.2.1";
  CHECK(start_service_server(config).error() == errc::address_not_available);
}

TEST_CASE("certificates that cannot be used are named for what is wrong", "[server]") {
  const live_server like;
  const auto folder = like.folder.path();
  auto config = config_of(like);
  config.certificate = folder / "nothing";
  CHECK(start_service_server(config).error() == errc::path_not_found);
  config.certificate = folder;
  CHECK(start_service_server(config).error() == errc::path_not_accessible);
  std::ofstream(folder / "garbage") << "garbage";
  config.certificate = folder / "garbage";
  CHECK(start_service_server(config).error() == errc::certificate_unusable);
  std::filesystem::create_directory(folder / "other");
  save(make_test_certificate(), folder / "other");
  config.certificate = folder / "other" / "cert.pem";
  CHECK(start_service_server(config).error() == errc::certificate_unusable);
  config.private_key = folder / "other" / "key.pem";
  CHECK(start_service_server(config).has_value());
}

TEST_CASE("a private key with a passphrase is unusable and nobody is asked for it", "[server]") {
  const live_server like;
  const auto folder = like.folder.path();
  std::unique_ptr<EVP_PKEY, tests::detail::freed_by<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
  std::unique_ptr<std::FILE, tests::detail::freed_by<std::fclose>> file(std::fopen((folder / "locked").c_str(), "w"));
  REQUIRE(PEM_write_PrivateKey(file.get(), key.get(), EVP_aes_128_cbc(), nullptr, 0, nullptr,
                               const_cast<char*>("secret")) == 1);
  file.reset();
  auto config = config_of(like);
  config.private_key = folder / "locked";
  CHECK(start_service_server(config).error() == errc::certificate_unusable);
}

TEST_CASE("limits that make no sense are refused", "[server]") {
  const live_server like;
  auto config = config_of(like);
  const int what = GENERATE(range(0, 4));
  if (what == 0) config.limits.request_timeout = 0s;
  if (what == 1) config.limits.connections = 0;
  if (what == 2) config.limits.header_bytes = 0;
  if (what == 3) config.desk = nullptr;
  CHECK(start_service_server(config).error() == errc::invalid_argument);
}

TEST_CASE("a connection serves one request after the other until it is asked to close", "[server]") {
  const live_server server;
  raw_client client(server);
  client.send(get("/") + get("/healthz") + get("/nothing"));
  CHECK(client.receive().result_int() == 200);
  CHECK(client.receive()["Content-Type"] == "application/json");
  CHECK(client.receive().result_int() == 404);
  CHECK_FALSE(client.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").keep_alive());
  CHECK(client.is_over());
  raw_client old(server);
  CHECK(old.ask("GET / HTTP/1.0\r\nHost: a\r\n\r\n").result_int() == 200);
  CHECK(old.is_over());
}

TEST_CASE("a client that waits to be asked for its body is asked", "[server]") {
  const live_server server;
  const auto request = sign_post(*new_machine(), server);
  std::string text = request.text();
  text.insert(text.find("Content-Length"), "Expect: 100-continue\r\n");
  const std::size_t head = text.find("\r\n\r\n") + 4;
  raw_client client(server);
  CHECK(client.ask(text.substr(0, head)).result_int() == 100);
  CHECK(client.ask(text.substr(head)).result_int() == 200);
}

TEST_CASE("a service whose ledger fails is not healthy and tells no more than that", "[server]") {
  const auto book = std::make_shared<gated_ledger>();
  book->fails = true;
  const live_server server({}, true, book);
  raw_client client(server);
  CHECK(client.ask(get("/healthz")).result_int() == 503);
  const auto request = sign_post(*new_machine(), server);
  const auto answer = client.ask(request.text());
  CHECK(answer.result_int() == 503);
  CHECK(problem_of(answer).error == errc::service_unavailable);
  CHECK(answer.body().find("edger") == std::string::npos);
  CHECK(is_signed(answer, request, server));
  CHECK(client.ask(get("/metrics")).body().find("reinstate_ledger_errors_total 2") != std::string::npos);
}

TEST_CASE("a decision that waits holds up nobody else", "[server]") {
  const auto book = std::make_shared<gated_ledger>();
  const live_server server({}, true, book);
  raw_client waits(server);
  waits.send(get("/healthz"));
  book->asked.get_future().wait();
  for (int i = 0; i != 4; ++i) CHECK(raw_client(server).ask(get("/")).result_int() == 200);  // on both threads
  book->opened.set_value();
  CHECK(waits.receive().result_int() == 200);
}

TEST_CASE("a stop closes idle connections and lets requests end", "[server]") {
  const auto book = std::make_shared<gated_ledger>();
  const live_server server({}, true, book);
  raw_client idle(server), busy(server);
  CHECK(idle.ask(get("/")).result_int() == 200);
  busy.send(get("/healthz"));
  book->asked.get_future().wait();
  std::thread stops([&] { server.server->stop(); });
  CHECK(idle.is_over());
  book->opened.set_value();
  const auto answer = busy.receive();
  CHECK(answer.result_int() == 200);
  CHECK_FALSE(answer.keep_alive());
  CHECK(busy.is_over());
  stops.join();
  CHECK_THROWS(raw_client(server));
  CHECK(server.log().find("\"event\":\"stopped\"") != std::string::npos);
}

TEST_CASE("a stop cuts off what takes too long", "[server]") {
  const auto book = std::make_shared<gated_ledger>();
  server_limits limits;
  limits.shutdown_timeout = 0s;
  const live_server server(limits, true, book);
  raw_client busy(server), slow(server);
  slow.send("GET / HT");
  busy.send(get("/healthz"));
  book->asked.get_future().wait();
  std::thread stops([&] { server.server->stop(); });
  CHECK(busy.is_over());
  CHECK(slow.is_over());
  book->opened.set_value();
  stops.join();
}

TEST_CASE("a stop ends connections in the middle of TLS", "[server]") {
  const live_server server({}, false);
  raw_client begins(server);
  begins.send("\x16\x03");
  tls_client idle(server);
  CHECK(idle.ask(get("/")).result_int() == 200);
  server.server->stop();
  CHECK(begins.is_over());
}

TEST_CASE("a server can be stopped twice and started again at its address", "[server]") {
  const live_server first;
  auto config = config_of(first);
  config.port = first.port();
  CHECK(raw_client(first).ask(get("/")).result_int() == 200);
  first.server->stop();
  first.server->stop();
  CHECK(start_service_server(config).has_value());
}

TEST_CASE("many clients at once are all answered", "[server]") {
  const live_server server({}, false);
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i != 8; ++i)
    clients.emplace_back([&] {
      const auto machine = new_machine();
      tls_client client(server);
      for (int request = 0; request != 10; ++request)
        answered += client.ask(sign_post(*machine, server).text()).result_int() == 200;
    });
  for (auto& one : clients) one.join();
  CHECK(answered == 80);
}

TEST_CASE("the description of the service has its key", "[server]") {
  const live_server server;
  const auto answer = raw_client(server).ask(get("/v1/service"));
  CHECK(answer.result_int() == 200);
  CHECK(answer.body().find(to_string(server.keys->public_key())) != std::string::npos);
}
