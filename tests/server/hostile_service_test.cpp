// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "client_fixture.hpp"

#include <string>

// What a client does with a service that does not work, or is none.

namespace {

using namespace reinstate;
using namespace reinstate::tests;
using namespace reinstate::service;

constexpr std::size_t mebibyte = 1024 * 1024;

// Sends a piece again and again for as long as somebody takes it.
scripted_server::script endless(const std::string& begin, const std::string& piece) {
  return [=](peer& other) {
    if (!other.read() || !other.send(begin)) return;
    while (other.send(piece)) {
    }
  };
}

scripted_server::script saying(const std::string& text) {
  return [=](peer& other) {
    if (!other.read()) return;
    other.send(text);
    boost::system::error_code gone;
    other.socket().shutdown(tcp::socket::shutdown_send, gone);
    other.wait_for_end();
  };
}

std::string problem_text(unsigned status, error_code error, std::optional<std::chrono::sys_seconds> now = {}) {
  return write_problem({status, error, "", {}, now});
}

}  // namespace

TEST_CASE_METHOD(client_fixture, "An answer that ends at any byte before its last is none", "[server]") {
  const bool tls = GENERATE(false, true);
  std::atomic<std::size_t> size = 0;
  std::size_t length = 0;
  const scripted_server server(
      [&](peer& other) {
        if (const auto asked = other.read()) {
          const std::string answer = receipt(*asked);
          length = answer.size();
          other.send(std::string_view(answer).substr(0, size));
        }
      },
      {tls});
  const auto with = config(server);
  for (error_code ec = release(with); ec; ec = release(with), size += tls ? 37 : 1)
    REQUIRE(ec == errc::service_unavailable);
  CHECK(size >= length);
}

TEST_CASE_METHOD(client_fixture, "What is not HTTP is no answer", "[server]") {
  const std::string text =
      GENERATE(as<std::string>(), "garbage\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2.0 200 OK\r\n\r\n",
               "HTTP/1.1 twohundred OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
               "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
               "\x16\x03\x01\x02\x41\x01\r\n\r\n");
  CAPTURE(text);
  const scripted_server server(saying(text));
  CHECK(release(server) == errc::service_answer_invalid);
}

TEST_CASE_METHOD(client_fixture, "An answer without end is cut off", "[server]") {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  SECTION("a line") {
    CHECK(release(scripted_server(endless(ok + "A: ", std::string(1'000, 'a')))) == errc::service_answer_invalid);
  }
  SECTION("many fields") {
    CHECK(release(scripted_server(endless(ok, "A: b\r\n"))) == errc::service_answer_invalid);
  }
  SECTION("a body that says so") {
    const scripted_server server(endless(ok + "Content-Length: 104857600\r\n\r\n", std::string(mebibyte, 'a')));
    CHECK(release(server) == errc::service_answer_invalid);
  }
  SECTION("a body in pieces") {
    const std::string piece = "100000\r\n" + std::string(mebibyte, 'a') + "\r\n";
    CHECK(release(scripted_server(endless(ok + "Transfer-Encoding: chunked\r\n\r\n", piece))) ==
          errc::service_answer_invalid);
  }
  SECTION("a body until the end of the connection") {
    CHECK(release(scripted_server(endless(ok + "\r\n", std::string(mebibyte, 'a')))) == errc::service_answer_invalid);
  }
}

TEST_CASE_METHOD(client_fixture, "An answer that the service did not sign for this request is not authentic",
                 "[server]") {
  const http_text other = [&] {
    http_text out;
    out.set("Signature", sign_request(*identity, {"POST", "a", "/", ""}, {}).value().signature);
    return out;
  }();
  using answer = std::function<std::string(const http_text&)>;
  const std::vector<answer> answers{
      [](const http_text&) { return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"; },
      [&](const http_text& asked) {
        return signed_answer(service_keys::generate(), asked, 200, write_receipt({3, {}}));
      },
      [&](const http_text&) { return receipt(other); },
      [&](const http_text& asked) {
        auto text = receipt(asked);
        return text.replace(text.find("\"licenses\":3"), 12, "\"licenses\":4");
      },
      [&](const http_text& asked) { return receipt(asked).replace(9, 3, "201"); },
      [&](const http_text& asked) { return receipt(asked).replace(9, 3, "403"); },
      [](const http_text&) {
        return "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
      },
      [](const http_text&) { return "HTTP/1.1 100 Continue\r\n\r\n"; },
      [](const http_text&) { return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"; },
  };
  const answer& make = answers[GENERATE(range(0u, 9u))];  // made anew for each: they refer to this run
  const scripted_server server(answering(make));
  auto with = config(server);
  with.attempts = 3;
  CHECK(release(with) == errc::service_not_authentic);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "An answer that was given before is not authentic", "[server]") {
  std::string first;
  const scripted_server server(answering([&](const http_text& asked) {
    if (first.empty()) first = receipt(asked);
    return first;
  }));
  const auto service = client(server);
  CHECK(release(*service) == success);
  CHECK(release(*service) == errc::service_not_authentic);
}

TEST_CASE_METHOD(client_fixture, "A signed answer that makes no sense is invalid", "[server]") {
  struct row {
    unsigned status;
    std::string body;
  };
  const auto what = GENERATE(values<row>({{200, ""},
                                          {200, "{}"},
                                          {200, "[]"},
                                          {200, R"({"licenses":1,"next_release":"x"})"},
                                          {201, R"({"licenses":1,"next_release":1})"},
                                          {302, ""},
                                          {404, ""},
                                          {403, problem_text(404, errc::machine_not_found)},
                                          {403, R"({"type":"about:blank","status":403})"}}));
  CAPTURE(what.status, what.body);
  const scripted_server server(
      answering([&](const http_text& asked) { return signed_answer(keys, asked, what.status, what.body); }));
  CHECK(release(server) == errc::service_answer_invalid);
}

TEST_CASE_METHOD(client_fixture, "A problem is told by its name and not asked about again", "[server]") {
  struct row {
    unsigned status;
    errc error;
  };
  const auto what = GENERATE(values<row>({{403, errc::ownership_not_proven},
                                          {404, errc::machine_not_found},
                                          {409, errc::release_too_soon},
                                          {401, errc::request_not_authentic},
                                          {400, errc::request_malformed},
                                          {413, errc::request_too_large}}));
  CAPTURE(what.status);
  const scripted_server server(answering([&](const http_text& asked) {
    return signed_answer(keys, asked, what.status, problem_text(what.status, what.error));
  }));
  auto with = config(server);
  with.attempts = 3;
  CHECK(release(with) == what.error);
  CHECK(pauses.empty());
}

TEST_CASE_METHOD(client_fixture, "A clock that differs is said once", "[server]") {
  const scripted_server server(answering([&](const http_text& asked) {
    return signed_answer(keys, asked, 401, problem_text(401, errc::service_clock_differs, {{}}));
  }));
  auto with = config(server);
  with.attempts = 3;
  CHECK(release(with) == errc::service_clock_differs);
  CHECK(pauses.empty());
}

TEST_CASE_METHOD(client_fixture, "A service that is busy is asked again when it says so", "[server]") {
  unsigned asked_for = 0;
  const scripted_server server(answering([&](const http_text& asked) {
    if (++asked_for == 1)
      return signed_answer(keys, asked, 429, problem_text(429, errc::service_busy), "Retry-After: 7\r\n");
    return receipt(asked);
  }));
  auto with = config(server);
  with.attempts = 2;
  with.initial_backoff = milliseconds(100);
  CHECK(release(with) == success);
  CHECK(pauses == std::vector{std::pair(milliseconds(7'000), milliseconds(7'100))});
}

TEST_CASE_METHOD(client_fixture, "A service that wants to be left alone for long is", "[server]") {
  const std::string after = GENERATE("61", "99999999999999999999");
  const scripted_server server(answering(
      [&](const http_text&) { return "HTTP/1.1 429 x\r\nContent-Length: 0\r\nRetry-After: " + after + "\r\n\r\n"; }));
  auto with = config(server);
  with.attempts = 9;
  CHECK(release(with) == errc::service_busy);
  CHECK(pauses.empty());
}

TEST_CASE_METHOD(client_fixture, "A service that fails is asked again after growing pauses", "[server]") {
  std::vector<std::string> seen;
  const std::string first = GENERATE(
      "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\n<htm>",
      "HTTP/1.1 503 x\r\nContent-Length: 0\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n\r\n");
  const scripted_server server(answering([&](const http_text& asked) {
    seen.push_back(asked.body() + std::string(asked["Signature"]));
    return seen.size() < 5 ? first : receipt(asked);
  }));
  auto with = config(server);
  with.attempts = 5;
  with.initial_backoff = milliseconds(100);
  CHECK(release(with) == success);
  using ms = milliseconds;
  CHECK(pauses ==
        std::vector<std::pair<ms, ms>>{{ms(0), ms(100)}, {ms(0), ms(200)}, {ms(0), ms(400)}, {ms(0), ms(800)}});
  REQUIRE(seen.size() == 5);
  CHECK(seen[0].substr(0, seen[0].find('}')) == seen[4].substr(0, seen[4].find('}')));
  CHECK(seen[0] != seen[4]);
}

TEST_CASE_METHOD(client_fixture, "Attempts come to an end and pauses to a limit", "[server]") {
  const scripted_server server(
      answering([](const http_text&) { return "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n"; }));
  auto with = config(server);
  with.attempts = 10;
  CHECK(release(with) == errc::service_unavailable);
  REQUIRE(pauses.size() == 9);
  CHECK(pauses.back().second == seconds(30));
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "A pause is drawn from its whole range", "[server]") {
  const scripted_server server(
      answering([](const http_text&) { return "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n"; }));
  auto with = config(server);
  with.attempts = 3;
  with.initial_backoff = milliseconds(1);
  CHECK(make_http_license_management_service(with).value()->release(proof(owner_action::release), {}).error() ==
        errc::service_unavailable);
  with.initial_backoff = milliseconds(0);
  CHECK(make_http_license_management_service(with).value()->release(proof(owner_action::release), {}).error() ==
        errc::service_unavailable);
}

TEST_CASE_METHOD(client_fixture, "Where nobody listens there is no service", "[server]") {
  auto with = config(*std::make_unique<scripted_server>([](peer&) {}));
  CHECK(release(with) == errc::service_unavailable);
  with.service.url = "https://a..b";
  with.certificates.clear();
  CHECK(release(with) == errc::service_unavailable);
}

TEST_CASE_METHOD(client_fixture, "A certificate that is not trusted ends the call", "[server]") {
  const scripted_server::script never_reached = [](peer& other) {
    other.read();
    FAIL("a request was sent");
  };
  auto options = scripted_server::options{true};
  const auto outcome = [&](const std::string& host = "127.0.0.1", bool trusted = true) {
    const scripted_server server(never_reached, options), other(never_reached, options);
    auto with = config(server);
    with.service.url = server.url(host);
    if (!trusted) with.certificates = other.certificate();
    with.attempts = 3;
    const auto ec = release(with);
    CHECK(server.connections() == 1);
    return ec;
  };
  SECTION("of somebody else") {
    CHECK(outcome("127.0.0.1", false) == errc::service_not_authentic);
  }
  SECTION("expired") {
    options.certificate.valid_from = -7'200;
    options.certificate.valid_to = -3'600;
    CHECK(outcome() == errc::service_not_authentic);
  }
  SECTION("not valid yet") {
    options.certificate.valid_from = 3'600;
    options.certificate.valid_to = 7'200;
    CHECK(outcome() == errc::service_not_authentic);
  }
  SECTION("of another host") {
    options.certificate.names = "DNS:service.example";
    CHECK(outcome("localhost") == errc::service_not_authentic);
  }
  SECTION("of a host and not of its address") {
    options.certificate.names = "DNS:localhost";
    CHECK(outcome() == errc::service_not_authentic);
  }
  SECTION("of an address and not of its host") {
    options.certificate.names = "IP:127.0.0.1";
    CHECK(outcome("localhost") == errc::service_not_authentic);
  }
}

TEST_CASE_METHOD(client_fixture, "The name of this machine is found without asking anybody", "[server]") {
  const scripted_server server(answering([this](const http_text& asked) { return receipt(asked); }), {true});
  auto with = config(server);
  with.service.url = server.url("LocalHost");
  CHECK(release(with) == success);
}

TEST_CASE_METHOD(client_fixture, "TLS that is none or old is no connection", "[server]") {
  SECTION("text") {
    const scripted_server plain([](peer& other) {
      other.send("HTTP/1.1 200 OK\r\n\r\n");
      other.wait_for_end();
    });
    auto with = config(plain);
    with.service.url = "https://127.0.0.1:" + std::to_string(plain.port());
    CHECK(release(with) == errc::service_unavailable);
  }
  SECTION("TLS 1.1") {
    const scripted_server old([](peer&) {}, {true, {}, TLS1_1_VERSION});
    CHECK(release(old) == errc::service_unavailable);
  }
}

TEST_CASE_METHOD(client_fixture, "A service that is silent is given up", "[server]") {
  auto with = [&](const scripted_server& server) {
    auto out = config(server);
    out.connect_timeout = out.request_timeout = milliseconds(50);
    return out;
  };
  SECTION("after the connection") {
    const scripted_server server([](peer& other) { other.wait_for_end(); });
    CHECK(release(with(server)) == errc::service_unavailable);
  }
  SECTION("before the end of the handshake") {
    const scripted_server server([](peer& other) { other.wait_for_end(); });
    auto tls = with(server);
    tls.service.url.insert(4, "s");
    tls.request_timeout = seconds(60);
    CHECK(release(tls) == errc::service_unavailable);
  }
  SECTION("in its answer") {
    const scripted_server server([](peer& other) {
      other.read();
      other.send("HTTP/1.1 200 OK\r\n");
      other.wait_for_end();
    });
    CHECK(release(with(server)) == errc::service_unavailable);
  }
  SECTION("byte by byte") {
    const scripted_server server([](peer& other) {
      other.read();
      other.send("HTTP/1.1 200 OK\r\nA: ");
      while (other.send("a")) std::this_thread::yield();
    });
    const error_code ec = release(with(server));  // the limit of the header may come before that of the time
    CHECK((ec == errc::service_unavailable || ec == errc::service_answer_invalid));
  }
}
