// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "client_fixture.hpp"

#include <algorithm>

// What a client does with a service that works.

namespace {

using namespace reinstate;
using namespace reinstate::tests;
using namespace reinstate::service;

restore_request two_licenses() {
  restore_request out;
  out.id.fill(std::byte{1});
  out.machine_name = "kitchen";
  out.seals = {std::vector(managed::certificate_size, std::byte{2})};
  out.licenses.push_back({{std::byte{3}}, 0, {std::uint64_t{5}, {}}});
  out.licenses.push_back({{std::byte{4}}, 0, {}});
  return out;
}

license_id id_of(int number) {
  license_id id;
  id.bytes.fill(static_cast<std::byte>(number));
  return id;
}

// Grants the first license with `uses` left, and refuses the second.
std::string decide(const service_keys& keys, const http_text& asked, std::uint64_t uses) {
  const auto body = read_restore(asked.body()).value();
  const restore_request& request = body.request;
  const auto shared = crypto::x25519_agree(keys.agreement(), body.agreement).value();
  sealed_restore_answer answer;
  answer.licenses.push_back({id_of(7), {}, {uses, {}}, {}});
  answer.licenses[0].key = managed::wrap_key(shared, request.id, id_of(7), request.seals[0],
                                             request.licenses[0].statement, secret_bytes(managed::license_key_size));
  answer.licenses.push_back({id_of(8), errc::machine_limit_reached, {}, {}});
  answer.help_url = "https://service.example/machines";
  answer.revocations = {{std::byte{9}}};
  return signed_answer(keys, asked, 200, write_restore_answer(answer));
}

}  // namespace

TEST_CASE_METHOD(client_fixture, "A restore gets the keys of what was granted", "[server]") {
  const bool tls = GENERATE(false, true);
  const scripted_server server(answering([this](const http_text& asked) { return decide(keys, asked, 4); }), {tls});
  const auto answer = client(server)->decide(two_licenses(), {}).value();
  REQUIRE(answer.licenses.size() == 2);
  CHECK(answer.licenses[0].id == id_of(7));
  CHECK_FALSE(answer.licenses[0].refused);
  CHECK(answer.licenses[0].state.uses_left == 4);
  CHECK(answer.licenses[0].key == secret_bytes(managed::license_key_size));
  CHECK(answer.licenses[1].id == id_of(8));
  CHECK(answer.licenses[1].refused == errc::machine_limit_reached);
  CHECK(answer.licenses[1].key.empty());
  CHECK(answer.help_url == "https://service.example/machines");
  CHECK(answer.revocations.size() == 1);
}

TEST_CASE_METHOD(client_fixture, "A service cannot raise a count above what was asked for", "[server]") {
  const scripted_server server(answering([this](const http_text& asked) { return decide(keys, asked, 6); }));
  CHECK(client(server)->decide(two_licenses(), {}).value().licenses[0].state.uses_left == 5);
}

TEST_CASE_METHOD(client_fixture, "A key that was sealed for something else is not taken", "[server]") {
  const auto change = GENERATE(values<void (*)(restore_body&)>({
      [](restore_body& asked) { asked.request.id.fill(std::byte{99}); },
      [](restore_body& asked) { asked.agreement = service_keys::generate().public_key().agreement; },
      [](restore_body& asked) { asked.request.licenses[0].statement = {std::byte{99}}; },
      [](restore_body& asked) { asked.request.seals[0][0] = std::byte{99}; },
  }));
  const scripted_server server(answering([&](http_text asked) {
    auto body = read_restore(asked.body()).value();
    change(body);
    asked.body() = write_restore(body);
    return decide(keys, asked, 4);
  }));
  CHECK(client(server)->decide(two_licenses(), {}).error() == errc::service_not_authentic);
}

TEST_CASE_METHOD(client_fixture, "An answer with fewer licenses than asked for is invalid", "[server]") {
  const scripted_server server(answering([this](const http_text& asked) { return decide(keys, asked, 4); }));
  auto request = two_licenses();
  request.licenses.push_back(request.licenses[0]);
  CHECK(client(server)->decide(request, {}).error() == errc::service_answer_invalid);
}

TEST_CASE_METHOD(client_fixture, "Reports and machines and releases go to their own places", "[server]") {
  std::vector<std::string> seen;
  const scripted_server server(answering([&](const http_text& asked) {
    const std::string target(asked.target());
    seen.push_back(std::string(asked.method_string()) + " " + target + " " + std::string(asked["Host"]) + " " +
                   std::string(asked["Content-Type"]));
    if (target == "/lms/v1/reports") return signed_answer(keys, asked, 204, "");
    if (target == "/lms/v1/machines") return signed_answer(keys, asked, 200, write_machine_list({{}, 4}));
    return receipt(asked);
  }));
  auto with = config(server);
  with.service.url += "/lms";
  const auto service = client(with);
  CHECK(service->report({{{std::byte{1}}, {}}}, {}));
  CHECK(service->machines(proof(owner_action::list_machines), {}).value().limit == 4);
  CHECK(service->release(proof(owner_action::release), {}).value().licenses == 3);
  const std::string end = " 127.0.0.1:" + std::to_string(server.port()) + " application/json";
  CHECK(seen ==
        std::vector{"POST /lms/v1/reports" + end, "POST /lms/v1/machines" + end, "POST /lms/v1/releases" + end});
}

TEST_CASE_METHOD(client_fixture, "Every request is signed by the machine at the time of its clock", "[server]") {
  const std::chrono::sys_seconds noon{seconds(1'800'000'000)};
  std::vector<checked_request> seen;
  scripted_server server(answering([&](const http_text& asked) {
    const std::string authority(asked["Host"]), target(asked.target());
    seen.push_back(check_request({"POST", authority, target, asked.body()},
                                 {std::string(asked["Content-Digest"]), std::string(asked["Signature-Input"]),
                                  std::string(asked["Signature"])})
                       .value());
    return receipt(asked);
  }));
  auto with = config(server);
  with.clock = [&] { return noon; };
  const auto service = client(with);
  CHECK(release(*service) == success);
  CHECK(release(*service) == success);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].machine == identity->public_identity().value().signing);
  CHECK(seen[0].created == noon);
  CHECK(seen[0].nonce != seen[1].nonce);
}

TEST_CASE_METHOD(client_fixture, "A connection serves one call after the other", "[server]") {
  const bool tls = GENERATE(false, true);
  const scripted_server server(answering([this](const http_text& asked) { return receipt(asked); }), {tls});
  const auto service = client(server);
  for (int i = 0; i != 5; ++i) CHECK(release(*service) == success);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "A connection that ended meanwhile costs neither an attempt nor a pause", "[server]") {
  const scripted_server server([this](peer& other) {
    if (const auto asked = other.read()) other.send(receipt(*asked));
  });
  const auto service = client(server);
  for (int i = 0; i != 3; ++i) CHECK(release(*service) == success);
  CHECK(server.connections() == 3);
  CHECK(pauses.empty());
}

TEST_CASE_METHOD(client_fixture, "A connection is not kept where the service does not want it", "[server]") {
  const scripted_server server(
      answering([this](const http_text& asked) { return receipt(asked, "Connection: close\r\n"); }));
  const auto service = client(server);
  CHECK(release(*service) == success);
  CHECK(release(*service) == success);
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(client_fixture, "Bytes after an answer are not taken for the next one", "[server]") {
  const scripted_server server(answering(
      [this](const http_text& asked) { return receipt(asked) + "HTTP/1.1 200 x\r\nContent-Length: 0\r\n\r\n"; }));
  const auto service = client(server);
  CHECK(release(*service) == success);
  CHECK(release(*service) == success);
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(client_fixture, "Callers on several threads each get their own answer", "[server]") {
  const scripted_server server(answering([this](const http_text& asked) {
                                 const auto uses = read_reports(asked.body());
                                 return signed_answer(keys, asked, uses ? 204u : 400u, "");
                               }),
                               {true});
  const auto service = client(server);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&, i] {
      for (int j = 0; j != 5; ++j)
        if (service->report({{{static_cast<std::byte>(i)}, {}}}, {})) ++good;
    });
  for (auto& each : threads) each.join();
  CHECK(good == 20);
}

TEST_CASE_METHOD(client_fixture, "What cannot be asked is refused before anybody is asked", "[server]") {
  const scripted_server server([](peer&) {});
  const auto service = client(server);
  restore_request request = two_licenses();
  SECTION("too many licenses") {
    request.licenses.resize(1'001, request.licenses[0]);
  }
  SECTION("too many seals") {
    request.seals.resize(65, request.seals[0]);
  }
  SECTION("a name that is too long") {
    request.machine_name.assign(101, 'x');
  }
  SECTION("a seal that is not there") {
    request.licenses[0].seal = 1;
  }
  SECTION("a seal of another size") {
    request.seals[0].pop_back();
  }
  SECTION("a proof for something else") {
    request.owner = proof(owner_action::release);
  }
  CHECK(service->decide(request, {}).error() == errc::invalid_argument);
  CHECK(service->report(std::vector<use_report>(1'001), {}).error() == errc::invalid_argument);
  CHECK(service->machines(proof(owner_action::release), {}).error() == errc::invalid_argument);
  CHECK(service->release(proof(owner_action::restore), {}).error() == errc::invalid_argument);
  CHECK(service->report({}, {}));
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(client_fixture, "A client without what it needs is not made", "[server]") {
  const scripted_server server([](peer&) {}, {true});
  auto with = config(server);
  const auto error = [&] { return make_http_license_management_service(with).error(); };
  SECTION("no url") {
    with.service.url.clear();
    CHECK(error() == errc::invalid_argument);
  }
  SECTION("no key") {
    with.service.key = {};
    CHECK(error() == errc::invalid_argument);
  }
  SECTION("no identity") {
    with.identity.reset();
    CHECK(error() == errc::invalid_argument);
  }
  SECTION("no attempts") {
    with.attempts = 0;
    CHECK(error() == errc::invalid_argument);
  }
  SECTION("no file of certificates") {
    with.certificates += ".not-there";
    CHECK(error() == errc::path_not_found);
  }
  SECTION("no certificate in it") {
    with.certificates = with.certificates.parent_path() / "key.pem";
    CHECK(error() == errc::certificate_unusable);
  }
}

TEST_CASE_METHOD(client_fixture, "A machine without keys asks nobody", "[server]") {
  const scripted_server server([](peer&) {});
  identity = make_memory_machine_identity();
  CHECK(client(server)->decide(two_licenses(), {}).error() == errc::needs_individualization);
  CHECK(client(server)->report({{{std::byte{1}}, {}}}, {}).error() == errc::needs_individualization);
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(client_fixture, "A client tells what it was given", "[server]") {
  const scripted_server server([](peer&) {});
  auto with = config(server);
  with.service.name = "Example";
  const auto made = make_http_license_management_service(with).value();
  CHECK(made->description().name == "Example");
  CHECK(made->description().key == keys.public_key());
}
