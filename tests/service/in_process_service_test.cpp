// SPDX-License-Identifier: BSL-1.0
#include "desk_fixture.hpp"
#include "temporary_directory.hpp"

#include <reinstate/managed/revocation_list.hpp>

#include <algorithm>
#include <future>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

std::shared_ptr<license_management_service> service_for(const desk_fixture& in, const player& asking) {
  return make_in_process_license_management_service(in.desk(), asking.identity);
}

// A ledger whose every call fails.
struct failing_ledger final : ledger, service_records {
  result<std::vector<claim_outcome>> claim(std::span<const slot_claim>, std::chrono::sys_seconds) override {
    return errc::ledger_full;
  }
  result<std::vector<release_outcome>> release(std::span<const slot_release>, std::chrono::sys_seconds) override {
    return errc::ledger_failed;
  }
  result<void> report(std::span<const slot_use>) override { return errc::ledger_failed; }
  result<std::vector<owned_slot>> slots_of(const x25519_public_key&) override { return errc::ledger_damaged; }
  service_records& records() noexcept override { return *this; }

  result<void> put_issuer(const trusted_issuer&) override { return {}; }
  result<std::vector<trusted_issuer>> issuers() override {
    return std::vector<trusted_issuer>{{"Issuer", desk_fixture::issuer_key()}};
  }
  result<void> put_revocations(const ed25519_public_key&, std::uint64_t, std::span<const std::byte>) override {
    return {};
  }
  result<std::vector<std::vector<std::byte>>> revocations() override { return std::vector<std::vector<std::byte>>(); }
  result<std::vector<audit_entry>> audit(std::uint64_t, std::size_t) override { return std::vector<audit_entry>(); }
};

}  // namespace

TEST_CASE("what a service in this process grants opens the seals of a backup", "[in process]") {
  const temporary_directory folder;
  desk_fixture in;
  in.book = open_sqlite_ledger(folder.path() / "ledger").value();
  REQUIRE(in.book->records().put_issuer({"Issuer", in.issuer_key()}));

  const player other;
  const auto service = service_for(in, other);
  CHECK(service->description().key == in.keys->public_key());
  CHECK(service->description().name == "Service");
  auto denied = in.rights_of(2);
  denied.backup = backup_right::denied;
  const std::vector licenses{in.license(1), in.issue(denied), in.license(3)};
  const auto answer = service->decide(in.request(licenses), {}).value();
  REQUIRE(answer.licenses.size() == 3);
  for (const std::size_t i : {0U, 2U}) {
    CHECK_FALSE(answer.licenses[i].refused);
    crypto::secret_buffer opened;
    REQUIRE(managed::open_payload(answer.licenses[i].key, in.backup.sealed(licenses[i]), opened));
    CHECK(std::ranges::equal(opened, licenses[i].payload));
  }
  CHECK(answer.licenses[1].refused == errc::backup_right_absent);
  CHECK(answer.licenses[1].key.empty());
}

TEST_CASE("the key of one license does not open another", "[in process]") {
  const desk_fixture in;
  const std::vector licenses{in.license(1), in.license(2)};
  const auto answer = service_for(in, in.first)->decide(in.request(licenses), {}).value();
  crypto::secret_buffer opened;
  CHECK_FALSE(managed::open_payload(answer.licenses[0].key, in.backup.sealed(licenses[1]), opened));
}

TEST_CASE("seals of several backups are opened in one request", "[in process]") {
  const desk_fixture in;
  const player other;
  const managed_backup second(other, in.keys->public_key(), backup_owner(seed_of(0x44)).recipient());
  const std::vector licenses{in.license(1), in.license(2)};
  auto request = in.request(licenses);
  request.seals.push_back(second.certificate());
  request.licenses[1].seal = 1;
  const auto answer = service_for(in, other)->decide(request, {}).value();
  crypto::secret_buffer opened;
  CHECK(managed::open_payload(answer.licenses[0].key, in.backup.sealed(licenses[0]), opened));
  CHECK(managed::open_payload(answer.licenses[1].key, second.sealed(licenses[1]), opened));
}

TEST_CASE("an owner lists and releases machines in this process", "[in process]") {
  const desk_fixture in;
  const auto license = in.license(1);
  const auto others = in.others_with(license, 3);
  const player fifth;
  const auto service = service_for(in, fifth);
  const auto refused = service->decide(in.owned(in.request(license), fifth), {}).value();
  CHECK(refused.licenses[0].refused == errc::machine_limit_reached);
  CHECK(refused.help_url.starts_with(in.page + "?ticket="));
  CHECK(service->machines(in.proof(owner_action::list_machines, fifth), {})->machines.size() == 4);
  CHECK(service->release(in.proof(owner_action::release, fifth, others[0].id()), {})->licenses == 1);
  CHECK_FALSE(service->decide(in.request(license), {})->licenses[0].refused);
}

TEST_CASE("uses are reported in this process", "[in process]") {
  const desk_fixture in;
  const auto license = in.license(1);
  const auto service = service_for(in, in.first);
  REQUIRE(service->decide(in.request(license), {}).has_value());
  REQUIRE(service->report({{license.statement, {2, noon}}}, {}));
  CHECK(service->decide(in.request(license), {})->licenses[0].state == license_state{2, noon});
}

TEST_CASE("nothing is asked once a stop was requested", "[in process]") {
  const desk_fixture in;
  std::stop_source stop;
  stop.request_stop();
  const auto service = service_for(in, in.first);
  const auto token = stop.get_token();
  CHECK(service->decide(in.request(in.license(1)), token).error() == errc::operation_canceled);
  CHECK(service->report({}, token).error() == errc::operation_canceled);
  CHECK(service->machines(in.proof(owner_action::list_machines, in.first), token).error() == errc::operation_canceled);
  CHECK(service->release(in.proof(owner_action::release, in.first), token).error() == errc::operation_canceled);
  CHECK(in.book->records().audit(0, 10)->empty());
}

TEST_CASE("a machine without an identity cannot ask", "[in process]") {
  const desk_fixture in;
  const auto service = make_in_process_license_management_service(in.desk(), make_memory_machine_identity());
  CHECK(service->decide(in.request(in.license(1)), {}).error() == errc::needs_individualization);
}

TEST_CASE("a ledger that fails makes the service unavailable", "[in process]") {
  desk_fixture in;
  in.book = std::make_shared<failing_ledger>();
  const auto service = service_for(in, in.first);
  const auto license = in.license(1);
  CHECK(service->decide(in.request(license), {}).error() == errc::service_unavailable);
  CHECK(service->report({{license.statement, {2, noon}}}, {}).error() == errc::service_unavailable);
  CHECK(service->machines(in.proof(owner_action::list_machines, in.first), {}).error() == errc::service_unavailable);
  CHECK(service->release(in.proof(owner_action::release, in.first), {}).error() == errc::service_unavailable);
}

TEST_CASE("of ten machines that restore at the same instant one gets the last place", "[in process]") {
  const temporary_directory folder(temporary_directory::in_memory());
  desk_fixture in;
  in.book = open_sqlite_ledger(folder.path() / "ledger").value();
  REQUIRE(in.book->records().put_issuer({"Issuer", in.issuer_key()}));
  REQUIRE(in.book->records().put_revocations(
      in.issuer_key(), 1, sign_revocation_list({"Issuer", 1, noon, {}, {}, {"nobody"}}, seed_of(0x11)).value()));
  const auto license = in.license(1);
  REQUIRE(in.others_with(license, 2).size() == 2);

  const auto desk = in.desk();
  const std::vector<player> machines(10);
  const auto request = in.request(license);
  std::promise<void> start;
  const std::shared_future<void> started = start.get_future().share();
  std::vector<std::future<error_code>> asking;
  for (const player& machine : machines)
    asking.push_back(std::async(std::launch::async, [&, started] {
      const auto service = make_in_process_license_management_service(desk, machine.identity);
      started.wait();
      const auto answer = service->decide(request, {});
      return answer ? answer->licenses[0].refused : answer.error();
    }));
  start.set_value();
  int granted = 0, refused = 0;
  for (auto& one : asking) {
    const error_code answer = one.get();
    granted += !answer;
    refused += answer == errc::machine_limit_reached;
  }
  CHECK(granted == 1);
  CHECK(refused == 9);
}
