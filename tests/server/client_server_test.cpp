// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "crypto/random.hpp"
#include "managed/managed_seal.hpp"
#include "server_fixture.hpp"

#include <reinstate/managed/rights_statement.hpp>
#include <reinstate/service/http_license_management_service.hpp>

#include <algorithm>
#include <future>
#include <latch>
#include <map>
#include <string>
#include <utility>
#include <vector>

// The client and the server together, over TLS: what one says the other understands.

namespace {

using namespace reinstate;
using namespace reinstate::tests;

constexpr std::string_view payload = "the license as issued";

// A service with one issuer, and one backup of that issuer's licenses.
struct managed_backup {
  explicit managed_backup(std::shared_ptr<ledger> on = make_memory_ledger()) : live({}, false, std::move(on)) {
    const auto seed = crypto::random_secret(32);
    issuer = seed.clone();
    live.book->records().put_issuer({"issuer", issuer_public_key(seed).value()}).value();
  }

  std::shared_ptr<license_management_service> client(std::shared_ptr<machine_identity> machine) {
    http_service_config with;
    with.service = {"", live.server->url(), "", live.keys->public_key()};
    with.identity = std::move(machine);
    with.certificates = live.folder.path() / "cert.pem";
    with.clock = [this] { return live.now(); };
    return make_http_license_management_service(with).value();
  }

  std::vector<std::byte> statement(int number) const {
    rights_statement rights;
    rights.id.bytes.fill(static_cast<std::byte>(number));
    rights.issuer = "issuer";
    rights.backup = backup_right::managed;
    rights.machines = 2;
    rights.payload_digest = digest_of_payload(crypto::bytes_of(payload));
    return sign_statement(rights, issuer).value();
  }

  // Asks for licenses 1 to `count` of the backup that `origin` made; keeps what was sealed.
  restore_request request(int count) {
    const auto sealer =
        managed::payload_sealer::make(*origin, live.keys->public_key().agreement, owner.recipient(), live.now())
            .value();
    restore_request out;
    crypto::fill_random(out.id);
    out.machine_name = "K\xc3\xbc\x63he";
    out.seals = {{sealer.certificate().begin(), sealer.certificate().end()}};
    for (int i = 1; i <= count; ++i) {
      license_id id;
      id.bytes.fill(static_cast<std::byte>(i));
      out.licenses.push_back({statement(i), 0, {std::uint64_t{7}, {}}});
      sealer.seal(id, out.licenses.back().statement, crypto::bytes_of(payload), sealed.emplace_back());
    }
    return out;
  }

  owner_proof proof(owner_action action, machine_identity& asking, const machine_id& subject = {}) const {
    return owner.prove(action, live.keys->public_key(), asking.public_identity().value().signing, subject, live.now())
        .value();
  }

  live_server live;
  secret_bytes issuer;
  backup_owner owner{crypto::random_secret(32)};
  std::shared_ptr<machine_identity> origin = new_machine();
  std::vector<crypto::secret_buffer> sealed;
};

}  // namespace

TEST_CASE_METHOD(managed_backup, "What the service grants opens what was sealed to it", "[server]") {
  const auto machine = new_machine();
  const auto answer = client(machine)->decide(request(3), {}).value();
  REQUIRE(answer.licenses.size() == 3);
  for (std::size_t i = 0; i != 3; ++i) {
    CHECK_FALSE(answer.licenses[i].refused);
    CHECK(answer.licenses[i].state.uses_left == 7);
    crypto::secret_buffer opened;
    REQUIRE(managed::open_payload(answer.licenses[i].key, sealed[i], opened).has_value());
    CHECK(crypto::text_of(opened) == payload);
  }
}

TEST_CASE_METHOD(managed_backup, "A place that was released can be taken again", "[server]") {
  const auto second = new_machine(), third = new_machine();
  auto asked = request(1);
  asked.owner = proof(owner_action::restore, *second);
  CHECK_FALSE(client(second)->decide(asked, {}).value().licenses[0].refused);

  auto again = request(1);
  const auto full = client(third)->decide(again, {}).value();
  CHECK(full.licenses[0].refused == errc::machine_limit_reached);
  CHECK(full.help_url.starts_with("https://"));

  const auto list = client(third)->machines(proof(owner_action::list_machines, *third), {}).value();
  CHECK(list.limit == 2);
  const auto second_id = second->public_identity().value().signing;
  const auto found = std::ranges::find(list.machines, second_id, &managed_machine::id);
  REQUIRE(found != list.machines.end());
  CHECK(found->name == "K\xc3\xbc\x63he");
  CHECK(found->licenses == 1);

  const auto order = proof(owner_action::release, *third, second_id);
  CHECK(client(third)->release(order, {}).value().licenses == 1);
  CHECK(client(third)->release(order, {}).value().licenses == 1);  // the same order again is the same answer
  CHECK_FALSE(client(third)->decide(again, {}).value().licenses[0].refused);
}

TEST_CASE_METHOD(managed_backup, "A count that was reported comes back with the next restore", "[server]") {
  const auto machine = new_machine();
  const auto service = client(machine);
  const auto asked = request(1);
  CHECK(service->decide(asked, {}).value().licenses[0].state.uses_left == 7);
  CHECK(service->report({{asked.licenses[0].statement, {std::uint64_t{2}, {}}}}, {}));
  CHECK(service->decide(asked, {}).value().licenses[0].state.uses_left == 2);
}

TEST_CASE_METHOD(managed_backup, "What the service refuses as a whole is said by name", "[server]") {
  const auto machine = new_machine();
  const auto service = client(machine);
  CHECK(service->machines(proof(owner_action::list_machines, *new_machine()), {}).error() ==
        errc::ownership_not_proven);
  CHECK(service->release(proof(owner_action::release, *machine, {}), {}).error() == errc::machine_not_found);
}

TEST_CASE_METHOD(managed_backup, "A clock that is hours off is said so", "[server]") {
  http_service_config with;
  with.service = {"", live.server->url(), "", live.keys->public_key()};
  with.identity = new_machine();
  with.certificates = live.folder.path() / "cert.pem";
  with.clock = [this] { return live.now() + std::chrono::hours(3); };
  const auto service = make_http_license_management_service(with).value();
  CHECK(service->decide(request(1), {}).error() == errc::service_clock_differs);
}

TEST_CASE_METHOD(managed_backup, "A thousand licenses are asked for at once", "[server]") {
  restore_request large = request(1);
  rights_statement rights = parse_statement(large.licenses[0].statement).value().statement;
  large.licenses.clear();
  for (std::size_t i = 0; i != restore_request::max_licenses; ++i) {
    rights.id.bytes[14] = static_cast<std::byte>(i >> 8);
    rights.id.bytes[15] = static_cast<std::byte>(i & 0xff);
    large.licenses.push_back({sign_statement(rights, issuer).value(), 0, {}});
  }
  const auto answer = client(new_machine())->decide(large, {}).value();
  CHECK(std::ranges::none_of(answer.licenses, [](const auto& each) { return each.refused.failed(); }));
}

TEST_CASE("Of ten clients that ask at the same instant for the last place exactly one gets it", "[server][C96]") {
  const temporary_directory folder;
  managed_backup backup(open_sqlite_ledger(folder.path() / "ledger").value());
  const auto asked = backup.request(1);  // two machines may have it, and the origin does
  std::latch ready(10);
  std::vector<std::future<error_code>> asking;
  for (int i = 0; i != 10; ++i)
    asking.push_back(std::async(std::launch::async, [&] {
      const auto machine = new_machine();
      const auto client = backup.client(machine);
      // Connected already, so that nothing but the question is on its way.
      const auto known = client->machines(backup.proof(owner_action::list_machines, *machine), {});
      restore_request mine = asked;
      crypto::fill_random(mine.id);
      ready.arrive_and_wait();
      const auto answer = client->decide(mine, {});
      return known && answer ? answer->licenses[0].refused : make_error_code(errc::service_unavailable);
    }));
  std::map<std::string, int> answers;
  for (auto& one : asking) ++answers[one.get().message()];
  CHECK(answers[error_code().message()] == 1);
  CHECK(answers[make_error_code(errc::machine_limit_reached).message()] == 9);
}

TEST_CASE_METHOD(managed_backup, "A service that ended is not available", "[server]") {
  auto machine = new_machine();
  http_service_config with;
  with.service = {"", live.server->url(), "", live.keys->public_key()};
  with.identity = machine;
  with.certificates = live.folder.path() / "cert.pem";
  with.clock = [this] { return live.now(); };
  with.attempts = 1;
  const auto service = make_http_license_management_service(with).value();
  CHECK(service->decide(request(1), {}).has_value());
  live.server->stop();
  CHECK(service->decide(request(1), {}).error() == errc::service_unavailable);
}
