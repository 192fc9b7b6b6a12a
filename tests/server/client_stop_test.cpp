// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "client_fixture.hpp"

// A stop ends a call wherever it is. The time-outs are far away: a call that did not notice would not come back.

namespace {

using namespace reinstate;
using namespace reinstate::tests;

struct stop_fixture : client_fixture {
  error_code outcome(const scripted_server& server) {
    auto with = config(server);
    with.connect_timeout = with.request_timeout = std::chrono::hours(1);
    with.attempts = 3;
    return release(*client(with), stop.get_token());
  }

  std::stop_source stop;
};

}  // namespace

TEST_CASE_METHOD(stop_fixture, "A stop before the call asks nobody", "[server]") {
  const scripted_server server([](peer&) {});
  stop.request_stop();
  CHECK(outcome(server) == errc::operation_canceled);
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(stop_fixture, "A stop while connecting ends the call", "[server]") {
  // A listener whose queue is full answers no further connection.
  asio::io_context io;
  tcp::acceptor full(io);
  full.open(tcp::v4());
  full.bind({asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  std::list<tcp::socket> waiting;
  for (int i = 0; i != 3; ++i) {
    waiting.emplace_back(io, tcp::v4()).async_connect(full.local_endpoint(), [](auto) {});
  }
  const scripted_server other([](peer&) {});
  auto with = config(other);
  with.service.url = "http://127.0.0.1:" + std::to_string(full.local_endpoint().port());
  with.connect_timeout = with.request_timeout = std::chrono::hours(1);
  std::thread stopper([this] { stop.request_stop(); });
  CHECK(release(*client(with), stop.get_token()) == errc::operation_canceled);
  stopper.join();
}

TEST_CASE_METHOD(stop_fixture, "A stop in the handshake ends the call", "[server]") {
  const scripted_server server([this](peer& other) {
    char first = 0;
    asio::read(other.socket(), asio::buffer(&first, 1));
    stop.request_stop();
    other.wait_for_end();
  });
  auto with = config(server);
  with.service.url.insert(4, "s");
  with.connect_timeout = std::chrono::hours(1);
  CHECK(release(*client(with), stop.get_token()) == errc::operation_canceled);
}

TEST_CASE_METHOD(stop_fixture, "A stop while sending ends the call", "[server]") {
  const scripted_server server([this](peer& other) {
    char first = 0;
    asio::read(other.socket(), asio::buffer(&first, 1));
    stop.request_stop();
    other.wait_for_end();
  });
  std::vector<use_report> uses(1'000, {std::vector(2'000, std::byte{1}), {}});  // more than a socket takes at once
  auto with = config(server);
  with.request_timeout = std::chrono::hours(1);
  CHECK(client(with)->report(uses, stop.get_token()).error() == errc::operation_canceled);
}

TEST_CASE_METHOD(stop_fixture, "A stop while waiting for the answer ends the call", "[server]") {
  const bool tls = GENERATE(false, true);
  const scripted_server server(
      [this](peer& other) {
        other.read();
        stop.request_stop();
        other.wait_for_end();
      },
      {tls});
  CHECK(outcome(server) == errc::operation_canceled);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(stop_fixture, "A stop in the middle of the answer ends the call", "[server]") {
  const scripted_server server([this](peer& other) {
    other.read();
    other.send("HTTP/1.1 200 OK\r\n");
    stop.request_stop();
    other.wait_for_end();
  });
  CHECK(outcome(server) == errc::operation_canceled);
}

TEST_CASE_METHOD(stop_fixture, "A stop in the pause between two attempts ends the call", "[server]") {
  const scripted_server server(
      answering([](const http_text&) { return "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n"; }));
  auto with = config(server);
  with.attempts = 3;
  std::thread stopper;
  const auto service = service::make_http_service(with, [&](milliseconds, milliseconds) {
                         stopper = std::thread([this] { stop.request_stop(); });
                         return std::chrono::hours(1);
                       }).value();
  CHECK(release(*service, stop.get_token()) == errc::operation_canceled);
  stopper.join();
}

TEST_CASE_METHOD(stop_fixture, "A call that was stopped leaves the next one alone", "[server]") {
  const scripted_server server([this](peer& other) {
    while (const auto asked = other.read()) {
      if (other.number() == 0) stop.request_stop();
      if (!other.send(receipt(*asked))) return;
    }
  });
  const auto service = client(server);
  static_cast<void>(release(*service, stop.get_token()));  // the answer may be there first
  CHECK(release(*service) == success);
}
