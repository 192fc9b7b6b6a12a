// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "server_fixture.hpp"

#include <reinstate/error.hpp>

#include <string>

namespace {

using namespace reinstate;
using namespace reinstate::tests;
using namespace std::chrono_literals;

void expect_problem(const http_answer& answer, unsigned status, errc error, const signed_post& request,
                    const live_server& server) {
  CHECK(answer.result_int() == status);
  CHECK(answer["Content-Type"] == "application/problem+json");
  CHECK(problem_of(answer).error == error);
  CHECK(is_signed(answer, request, server));
}

}  // namespace

TEST_CASE("a signed request gets a signed answer that nobody keeps", "[server]") {
  const live_server server({}, false);
  const auto machine = new_machine();
  const auto request = sign_post(*machine, server);
  const auto answer = tls_client(server).ask(request.text());
  CHECK(answer.result_int() == 200);
  CHECK(is_signed(answer, request, server));
  CHECK(answer["Cache-Control"] == "no-store");
  CHECK_FALSE(answer["Strict-Transport-Security"].empty());
}

TEST_CASE("a request that is sent again is refused", "[server]") {
  const live_server server;
  const auto request = sign_post(*new_machine(), server);
  raw_client client(server);
  CHECK(client.ask(request.text()).result_int() == 200);
  expect_problem(client.ask(request.text()), 401, errc::request_not_authentic, request, server);
  expect_problem(raw_client(server).ask(request.text()), 401, errc::request_not_authentic, request, server);
}

TEST_CASE("a request with anything changed after signing is refused", "[server]") {
  const live_server server;
  const auto machine = new_machine();
  auto request = sign_post(*machine, server);
  const auto other = sign_post(*new_machine(), server);
  const int what = GENERATE(range(0, 7));
  CAPTURE(what);
  if (what == 0) request.body = R"({"uses":[] })";
  if (what == 1) request.path = std::string(service::machines_path);
  if (what == 2) request.authority = "elsewhere";
  if (what == 3) request.fields.signature_input = other.fields.signature_input;
  if (what == 4) request.fields.signature = other.fields.signature;
  if (what == 5)
    request.fields.content_digest = sign_post(*machine, server, "/", "", server.now()).fields.content_digest;
  if (what == 6) request.fields.signature_input += ";x=1";
  expect_problem(raw_client(server).ask(request.text()), 401, errc::request_not_authentic, request, server);
}

TEST_CASE("a request without a signature is refused without one", "[server]") {
  const live_server server;
  const auto answer = raw_client(server).ask(
      "POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  CHECK(answer.result_int() == 401);
  CHECK(answer["Signature"].empty());
}

TEST_CASE("a signature that is there twice is none", "[server]") {
  const live_server server;
  const auto request = sign_post(*new_machine(), server);
  std::string text = request.text();
  text.insert(text.find("Signature:"), "Signature: " + request.fields.signature + "\r\n");
  CHECK(raw_client(server).ask(text).result_int() == 401);
}

TEST_CASE("a clock that is off is told the time", "[server]") {
  live_server server;
  server.pass(3600s);
  const auto machine = new_machine();
  const auto off = GENERATE(-301s, 301s);
  const auto request = sign_post(*machine, server, service::reports_path, R"({"uses":[]})", server.now() + off);
  const auto answer = raw_client(server).ask(request.text());
  expect_problem(answer, 403, errc::service_clock_differs, request, server);
  CHECK(problem_of(answer).now == server.now());
  const auto near =
      sign_post(*machine, server, service::reports_path, R"({"uses":[]})", server.now() + (off < 0s ? -300s : 300s));
  CHECK(raw_client(server).ask(near.text()).result_int() == 200);
}

TEST_CASE("a request from before the start has to be signed anew", "[server]") {
  const live_server server;
  const auto machine = new_machine();
  const auto request = sign_post(*machine, server, service::reports_path, R"({"uses":[]})", server.now() - 20s);
  const auto answer = raw_client(server).ask(request.text());
  expect_problem(answer, 503, errc::service_busy, request, server);
  CHECK(answer["Retry-After"] == "21");
}

TEST_CASE("a machine that asks too often is told when to come back and others are not", "[server]") {
  server_limits limits;
  limits.requests_per_second_per_machine = 0.2;  // two at once
  const live_server server(limits);
  const auto machine = new_machine();
  raw_client client(server);
  for (int i = 0; i != 2; ++i) CHECK(client.ask(sign_post(*machine, server).text()).result_int() == 200);
  const auto request = sign_post(*machine, server);
  const auto answer = client.ask(request.text());
  expect_problem(answer, 429, errc::service_busy, request, server);
  CHECK_FALSE(answer["Retry-After"].empty());
  CHECK(client.ask(sign_post(*new_machine(), server).text()).result_int() == 200);
}

TEST_CASE("a body that is not as described is refused", "[server]") {
  const live_server server;
  const auto machine = new_machine();
  const std::string id(22, 'A'), key(43, 'A');
  const auto restore = [](const std::string& request_id, const std::string& agreement, const std::string& rest) {
    return R"({"id":")" + request_id + R"(","agreement":")" + agreement + R"(","seals":[],)" + rest + "}";
  };
  const std::string body =
      GENERATE_COPY(as<std::string>(), "", "{", "[]", "null", "\xFF", R"({"id":1})", std::string(100'000, '['),
                    R"({"a":)" + std::string(1'000, '[') + std::string(1'000, ']') + "}",
                    restore(id.substr(1), key, R"("licenses":[])"), restore(id, key + "A", R"("licenses":[])"),
                    restore(id, key, R"("licenses":[{"statement":"AA","seal":0}])"),
                    restore(id, key, R"("licenses":[],"machine_name":")" + std::string(101, 'x') + "\""),
                    restore(id, key, R"("licenses":[],"owner":"AAAA")"));
  CAPTURE(body.substr(0, 200));
  const auto request = sign_post(*machine, server, service::restores_path, body, server.now());
  const auto answer = raw_client(server).ask(request.text());
  expect_problem(answer, 400, errc::request_malformed, request, server);
  CHECK(answer.keep_alive());
}

TEST_CASE("a body that is called something else than JSON is refused", "[server]") {
  const live_server server;
  const auto request = sign_post(*new_machine(), server);
  std::string text = request.text();
  text.replace(text.find("application/json"), 16, "text/plain;abcde");
  expect_problem(raw_client(server).ask(text), 415, errc::request_malformed, request, server);
}

TEST_CASE("a proof that proves nothing opens nothing", "[server]") {
  const live_server server;
  const auto machine = new_machine();
  owner_proof proof;
  proof.action = owner_action::list_machines;
  proof.created = server.now();
  const auto request =
      sign_post(*machine, server, service::machines_path, service::write_owner_proof(proof), server.now());
  expect_problem(raw_client(server).ask(request.text()), 403, errc::ownership_not_proven, request, server);
}

TEST_CASE("the log and the figures tell of a request but not what was in it", "[server]") {
  const live_server server;
  const auto machine = new_machine();
  raw_client client(server);
  const auto answer = client.ask(sign_post(*machine, server).text());
  client.ask(get("/machines?ticket=a-secret-ticket"));
  const std::string figures = client.ask(get("/metrics")).body();
  CHECK(figures.find(R"(reinstate_requests_total{path="/v1/reports",status="200"} 1)") != std::string::npos);
  CHECK(figures.find("secret") == std::string::npos);
  const std::string log = server.log();
  CHECK(log.find("\"path\":\"/v1/reports\"") != std::string::npos);
  CHECK(log.find(std::string(answer["Request-Id"])) != std::string::npos);
  CHECK(log.find("\"path\":\"/machines\"") != std::string::npos);
  CHECK(log.find("secret") == std::string::npos);
}
