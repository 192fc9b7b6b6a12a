// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "server_fixture.hpp"

#include <reinstate/error.hpp>

#include <string>
#include <thread>

namespace {

using namespace reinstate;
using namespace reinstate::tests;
using namespace std::chrono_literals;

bool still_serves(const live_server& server) {
  return raw_client(server).ask(get("/healthz")).result_int() == 200;
}

}  // namespace

TEST_CASE("a body of 100 MB is refused before it is read", "[server]") {
  const live_server server;
  raw_client client(server);
  const auto answer = client.ask("POST /v1/restores HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  CHECK(answer.result_int() == 413);
  CHECK(problem_of(answer).error == errc::request_too_large);
  CHECK_FALSE(answer.keep_alive());
  CHECK(client.is_over());
}

TEST_CASE("a client that sends 100 MB without asking still gets its answer", "[server]") {
  const live_server server;
  raw_client client(server);
  client.send("POST /v1/restores HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  const std::string piece(64 * 1024, 'x');
  for (int i = 0; i != 100; ++i) REQUIRE(client.send(piece));
  CHECK(client.receive().result_int() == 413);
}

TEST_CASE("a body without a length is refused where it becomes too large", "[server]") {
  server_limits limits;
  limits.body_bytes = 10'000;
  const live_server server(limits);
  raw_client client(server);
  client.send("POST /v1/restores HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i != 11; ++i) client.send("3E8\r\n" + std::string(1000, 'x') + "\r\n");
  CHECK(client.receive().result_int() == 413);
  CHECK(client.is_over());
}

TEST_CASE("header fields that do not end are refused", "[server]") {
  const live_server server;
  raw_client client(server);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n");
  for (int i = 0; i != 20; ++i) client.send("X-" + std::to_string(i) + ": " + std::string(1'000, 'x') + "\r\n");
  const auto answer = client.receive();
  CHECK(answer.result_int() == 431);
  CHECK(problem_of(answer).error == errc::request_too_large);
}

TEST_CASE("header fields that come one by one are counted together", "[server]") {
  server_limits limits;
  limits.header_bytes = 1'024;
  const live_server server(limits);
  raw_client client(server);
  client.socket().set_option(tcp::no_delay(true));
  client.send("GET / HTTP/1.1\r\n");
  for (int i = 0; i != 200; ++i) client.send("X: 23456\r\n");
  CHECK(client.receive().result_int() == 431);
}

TEST_CASE("a line that does not end is refused", "[server]") {
  const live_server server;
  raw_client client(server);
  client.send("GET /" + std::string(20'000, 'x'));
  CHECK(client.receive().result_int() == 431);
}

TEST_CASE("a sender that is too slow is cut off", "[server]") {
  server_limits limits;
  limits.request_timeout = 1s;
  const live_server server(limits);
  const std::string begun =
      GENERATE(as<std::string>(), "G",
               "GET / HTTP/1.1\r\nHost:", "POST /machines HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
  CAPTURE(begun);
  raw_client client(server);
  client.send(begun);
  CHECK(client.is_over());
  CHECK(still_serves(server));
}

TEST_CASE("a connection on which nothing comes is closed", "[server]") {
  server_limits limits;
  limits.idle_timeout = 1s;
  const live_server server(limits);
  raw_client client(server);
  CHECK(client.ask(get("/")).result_int() == 200);
  CHECK(client.is_over());
}

TEST_CASE("what is no HTTP is answered with 400", "[server]") {
  const live_server server;
  const std::string text =
      GENERATE(as<std::string>(), "hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\r\n\r\n",
               "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost a\r\n\r\n",
               "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
               "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
               "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
               "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
               "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
  CAPTURE(text);
  raw_client client(server);
  const auto answer = client.ask(text);
  CHECK(answer.result_int() == 400);
  CHECK(problem_of(answer).error == errc::request_malformed);
  CHECK_FALSE(answer.keep_alive());
}

TEST_CASE("what is no TLS is cut off and harms nobody else", "[server]") {
  const live_server server({}, false);
  const std::string text = GENERATE(as<std::string>(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n", std::string(1'000, '\xFF'),
                                    std::string("\x16\x03\x01\x40\x00", 5) + std::string(20'000, 'x'));
  raw_client client(server);
  client.send(text);
  error_code ec;
  std::string rest(100'000, '\0');
  while (!ec) client.socket().read_some(asio::buffer(rest), ec);  // an alert at most
  CHECK(tls_client(server).ask(get("/healthz")).result_int() == 200);
}

TEST_CASE("a handshake that is not gone on with is cut off", "[server]") {
  server_limits limits;
  limits.request_timeout = 1s;
  const live_server server(limits, false);
  raw_client client(server);
  client.send("\x16\x03");
  CHECK(client.is_over());
}

TEST_CASE("an unknown path and a wrong method are told apart", "[server]") {
  const live_server server;
  raw_client client(server);
  CHECK(client.ask(get("/nothing")).result_int() == 404);
  CHECK(client.ask(get("//")).result_int() == 404);
  CHECK(client.ask(get("/v1/../machines")).result_int() == 404);
  const auto answer = client.ask("DELETE /machines HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(answer.result_int() == 405);
  CHECK(answer["Allow"] == "GET, HEAD, POST");
  CHECK(client.ask(get("/v1/restores"))["Allow"] == "POST");
  CHECK(client.ask("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").result_int() == 405);
  CHECK(client.ask("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").result_int() == 405);
}

TEST_CASE("too many connections from one address are closed at once", "[server]") {
  server_limits limits;
  limits.connections_per_address = 2;
  const live_server server(limits);
  raw_client first(server), second(server);
  CHECK(first.ask(get("/")).result_int() == 200);
  CHECK(second.ask(get("/")).result_int() == 200);
  CHECK(raw_client(server).is_over());
  CHECK(first.ask(get("/metrics")).body().find("refused_total{reason=\"address\"} 1") != std::string::npos);
}

TEST_CASE("an address that asks too often is told when to come back", "[server]") {
  server_limits limits;
  limits.requests_per_second_per_address = 0.3;  // three at once
  const live_server server(limits);
  for (int i = 0; i != 3; ++i) CHECK(raw_client(server).ask(get("/")).result_int() == 200);
  const auto answer = raw_client(server).ask(get("/"));
  CHECK(answer.result_int() == 429);
  CHECK(problem_of(answer).error == errc::service_busy);
  const int wait = std::stoi(std::string(answer["Retry-After"]));
  CHECK(wait >= 1);
  CHECK(wait <= 4);
}

TEST_CASE("clients that go away in the middle harm nobody else", "[server]") {
  const live_server server;
  const std::string request = sign_post(*new_machine(), server).text();
  for (std::size_t size = 0; size < request.size(); size += 37) raw_client(server).send(request.substr(0, size));
  CHECK(still_serves(server));
}
