// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "scripted_service.hpp"
#include "server_fixture.hpp"

#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/service/http_license_management_service.hpp>

#include <algorithm>
#include <functional>

#include <sys/resource.h>
#include <sys/wait.h>

using namespace reinstate;
using namespace reinstate::test;
using reinstate::tests::live_server;

// What the documents say of restores under a License Management Service, with backups on one side, the server on the
// other, and TLS between them.

namespace {

constexpr std::chrono::hours day{24};

// A service over TLS, and a machine whose licenses are on a stick.
struct world {
  issuer by;
  live_server service;
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();
  machine origin;

  explicit world(service_policy policy = {}) : service({}, false, make_memory_ledger(), policy) {
    REQUIRE(service.book->records().put_issuer(by.trusted()));
    individualized(origin);
  }

  std::shared_ptr<license_management_service> client(std::shared_ptr<machine_identity> identity) const {
    http_service_config config;
    config.service = {"A service", "https://localhost:" + std::to_string(service.port()), "",
                      service.keys->public_key()};
    config.identity = std::move(identity);
    config.certificates = service.folder.path() / "cert.pem";
    config.attempts = 1;
    config.clock = [this] { return service.now(); };
    return *make_http_license_management_service(std::move(config));
  }

  backup_restorer_config config(machine& m) {
    auto out = with_service(m.config_with([this](const std::string&) { return make_memory_medium(stick); }),
                            client(m.identity));
    out.clock = [this] { return service.now(); };
    return out;
  }

  void backup(backup_flags flags = backup_flags::overwrite) {
    origin.open(config(origin));
    const ended saved = origin.run([&](auto handler) { async_backup_licenses(*origin.restorer, flags, handler); });
    REQUIRE_FALSE(saved.error);
    REQUIRE(saved.report.licenses_left_out == 0);
  }

  // A license that so many machines may have.
  void backup_for(std::uint32_t machines) {
    license item = by.managed(1);
    by.sign(item, "user 1", machines);
    origin.put(item);
    backup();
  }

  ended restore(machine& to, restore_options options = {}) {
    options.flags = restore_flags::individualize;
    to.open(config(to));
    return to.run([&](auto handler) { async_restore_licenses(*to.restorer, options, handler); });
  }

  // That the service counts for the owner of the stick.
  std::size_t machines() { return service.desk->machines_of(owner()).value().machines.size(); }

  // Who can open the stick.
  x25519_public_key owner() {
    const auto medium = make_memory_medium(stick);
    set_credentials with;
    with.ask_secret = [this](passphrase_purpose) {
      return result<secret_bytes>(secret_bytes::locked_copy_of(origin.passphrase));
    };
    return open_backup_owner(*medium, with).value().recipient();
  }
};

license counted(const issuer& by, unsigned number, std::uint64_t uses) {
  license item = by.managed(number);
  item.state.uses_left = uses;
  by.sign(item);
  return item;
}

error_code reason_of(const ended& what, const license& item) {
  const auto found = std::ranges::find(what.report.outcomes, item.id, &license_outcome::id);
  return found == what.report.outcomes.end() ? error_code() : found->reason;
}

}  // namespace

TEST_CASE("a managed license is restored on another machine and counted there", "[service][C92][C94]") {
  world all;
  const license item = all.by.managed(1);
  all.origin.put(item);
  all.backup();
  machine other;
  CHECK_FALSE(all.restore(other).error);
  CHECK(same_contents(*all.origin.store, *other.store));
  CHECK(all.machines() == 2);
}

TEST_CASE("the machine a license came from and one restored to before are not counted again", "[service][C93][C95]") {
  world all;
  const license item = all.by.managed(1);
  all.origin.put(item);
  all.backup();
  machine other;
  for (int times = 0; times != 3; ++times) {
    other.store = make_memory_license_store();
    CHECK_FALSE(all.restore(other).error);
    all.origin.store = make_memory_license_store();
    CHECK_FALSE(all.restore(all.origin).error);
  }
  CHECK(all.machines() == 2);
}

TEST_CASE("three more machines are accepted and the next one is shown a page", "[service][C85][C86][C96][C97][C98]") {
  world all;
  const license item = all.by.managed(1);
  all.origin.put(item);
  all.backup();
  std::vector<std::unique_ptr<machine>> more;
  for (int i = 0; i != 3; ++i) {
    machine& next = *more.emplace_back(std::make_unique<machine>());
    CHECK_FALSE(all.restore(next).error);
    const auto heard = next.statuses();
    CHECK(std::ranges::count(heard, status::connecting) == 1);
    CHECK(std::ranges::count(heard, status::disconnecting) == 1);
  }
  machine fifth;
  const ended refused = all.restore(fifth);
  CHECK(to_hresult(refused.error) == 0xC00D2753);
  CHECK(contents(*fifth.store).empty());
  CHECK(std::ranges::count(fifth.statuses(), status::disconnecting) == 0);
  const auto told = std::ranges::find(fifth.events, status::error_with_url, &status_event::status);
  REQUIRE(told != fifth.events.end());
  CHECK(std::get<url_reference>(told->payload).url.starts_with("https://localhost/machines?ticket="));
  CHECK(to_hresult(told->error) == 0xC00D2753);

  // A known machine is free, at the limit as well.
  more.front()->store = make_memory_license_store();
  CHECK_FALSE(all.restore(*more.front()).error);
}

TEST_CASE("an issuer's own limit counts instead of four", "[service][C96]") {
  world all;
  all.backup_for(2);
  machine second, third;
  CHECK_FALSE(all.restore(second).error);
  CHECK(all.restore(third).error == errc::machine_limit_reached);
}

TEST_CASE("a reinstalled system is a new machine unless it takes back its place", "[service][C100]") {
  service_policy policy;
  policy.allow_takeover = GENERATE(true, false);
  world all(policy);
  all.backup_for(1);
  machine reinstalled;
  CHECK(all.restore(reinstalled).error == errc::machine_limit_reached);
  restore_options options;
  options.take_over_machine_slot = true;
  const ended again = all.restore(reinstalled, options);
  if (policy.allow_takeover) {
    CHECK_FALSE(again.error);
    CHECK(all.machines() == 1);
  } else {
    CHECK(again.error == errc::machine_limit_reached);
  }
}

TEST_CASE("a service that cannot be reached is named as the reason", "[service][C101]") {
  world all;
  const license item = all.by.managed(1);
  all.origin.put(item);
  all.backup();
  all.service.server->stop();
  machine other;
  const ended refused = all.restore(other);
  CHECK(to_hresult(refused.error) == 0xC00D2846);
  CHECK(contents(*other.store).empty());
}

TEST_CASE("policy that forbids the network is named as the reason and nothing is sent", "[service][C102]") {
  world all;
  const license item = all.by.managed(1);
  all.origin.put(item);
  all.backup();
  machine other;
  auto config = all.config(other);
  config.allow_network = false;
  other.open(std::move(config));
  const ended refused =
      other.run([&](auto handler) { async_restore_licenses(*other.restorer, restore_flags::individualize, handler); });
  CHECK(to_hresult(refused.error) == 0xC00D2762);
  CHECK(all.service.log().find("/v1/") == std::string::npos);
}

TEST_CASE("a limit per day refuses with a reason of its own until the day is over", "[service][C103]") {
  service_policy policy;
  policy.daily_restores = 1;
  world all(policy);
  const license item = all.by.managed(1);
  all.origin.put(item);
  all.backup();
  machine second, third;
  CHECK_FALSE(all.restore(second).error);
  CHECK(reason_of(all.restore(third), item) == errc::daily_limit_reached);
  all.service.pass(day);
  CHECK_FALSE(all.restore(third).error);
}

TEST_CASE("a license whose issuer does not permit backup does not come back by way of the service", "[service][C107]") {
  world all;
  license item = all.by.managed(1);
  license denied = all.by.managed(2);
  denied.rights.backup = backup_right::denied;
  all.by.sign(denied);
  denied.rights.backup = backup_right::managed;  // somebody changed the store, not the statement
  all.origin.put(item);
  all.origin.put(denied);
  all.origin.open(all.config(all.origin));
  const ended saved =
      all.origin.run([&](auto handler) { async_backup_licenses(*all.origin.restorer, backup_flags::none, handler); });
  CHECK(reason_of(saved, denied) == errc::license_not_authentic);
  machine other;
  CHECK_FALSE(all.restore(other).error);
  CHECK(contents(*other.store).size() == 1);
}

TEST_CASE("some refused by the service are named and the others stored", "[service][C108][C106]") {
  world all;
  issuer unknown;
  unknown.seed = secret_bytes::copy_of(std::vector<std::byte>(32, std::byte{0x55}));
  const license good = all.by.managed(1), bad = unknown.managed(2);
  all.origin.put(good);
  all.origin.put(bad);
  all.backup();
  machine other;
  const ended partly = all.restore(other);
  CHECK(to_hresult(partly.error) == 0xC00D275F);
  CHECK(reason_of(partly, bad) == errc::issuer_unknown);
  CHECK(contents(*other.store).size() == 1);
}

TEST_CASE("uses that were spent stay spent on this machine and on another", "[service][C131][C132]") {
  world all;
  all.origin.put(counted(all.by, 1, 10));
  all.backup();
  const auto older = *all.stick;  // somebody keeps a copy
  license used = counted(all.by, 1, 10);
  used.state.uses_left = 1;
  used.revision = 2;
  all.origin.put(used);
  all.backup();
  machine other;
  CHECK_FALSE(all.restore(other).error);
  CHECK(other.store->find(used.id)->state.uses_left == 1);

  *all.stick = older;
  machine third;
  CHECK_FALSE(all.restore(third).error);
  CHECK(third.store->find(used.id)->state.uses_left == 1);
  all.origin.store = make_memory_license_store();
  CHECK_FALSE(all.restore(all.origin).error);
  CHECK(all.origin.store->find(used.id)->state.uses_left == 1);
}

TEST_CASE("what an issuer revoked after the backup does not come back", "[service][C133][C134]") {
  world all;
  const license one = all.by.managed(1), two = all.by.managed(2), three = all.by.managed(3), four = all.by.managed(4);
  license of_user = all.by.managed(5);
  all.by.sign(of_user, "a user who left");
  for (const auto& each : {std::cref(one), std::cref(two), std::cref(three), std::cref(four)}) all.origin.put(each);
  all.origin.put(of_user);
  all.backup();
  revocation_list list{all.by.name, 1, all.service.now(), {one.id}, {two.key}, {"a user who left"}};
  REQUIRE(
      all.service.book->records().put_revocations(all.by.trusted().key, 1, *sign_revocation_list(list, all.by.seed)));
  machine other;
  const ended partly = all.restore(other);
  CHECK(reason_of(partly, one) == errc::license_revoked);
  CHECK(reason_of(partly, two) == errc::license_revoked);
  CHECK(reason_of(partly, of_user) == errc::license_revoked);
  CHECK(contents(*other.store).size() == 2);
}

TEST_CASE("managing takes the issuer's word and counted uses change nothing about that", "[service][C135]") {
  world all;
  CHECK(license().rights.backup == backup_right::denied);
  CHECK(rights_statement().backup == backup_right::denied);
  license item = counted(all.by, 1, 3);
  item.rights.backup = backup_right::denied;
  all.by.sign(item);
  all.origin.put(item);
  all.origin.put(all.by.managed(2));
  all.origin.open(all.config(all.origin));
  const ended saved =
      all.origin.run([&](auto handler) { async_backup_licenses(*all.origin.restorer, backup_flags::none, handler); });
  CHECK(reason_of(saved, item) == errc::backup_right_absent);
}

TEST_CASE("dates stay as they were and the clock of the service decides about an end", "[service][C136][C137][C138]") {
  world all;
  license item = all.by.managed(1);
  item.rights.not_after = all.service.now() + 10 * day;
  item.state.first_use = all.service.now() - day;
  all.by.sign(item);
  all.origin.put(item);
  all.backup();
  machine other;
  CHECK_FALSE(all.restore(other).error);
  const license got = *other.store->find(item.id);
  CHECK(got.rights.not_after == item.rights.not_after);
  CHECK(got.state.first_use == item.state.first_use);

  all.service.pass(11 * day);  // whatever the machine's own clock is set to
  machine late;
  CHECK(reason_of(all.restore(late), item) == errc::license_expired);
}

TEST_CASE("a restore under the service tells its progress from nothing to everything", "[service][C139]") {
  world all;
  for (unsigned i = 0; i != 20; ++i) all.origin.put(all.by.managed(i));
  all.backup();
  machine other;
  CHECK_FALSE(all.restore(other).error);
  std::vector<operation_progress> told;
  for (const status_event& event : other.events)
    if (const auto* progress = std::get_if<operation_progress>(&event.payload)) told.push_back(*progress);
  REQUIRE(told.size() >= 2);
  CHECK(told.front().licenses_done == 0);
  CHECK(told.back().licenses_done == 20);
  CHECK(told.back().licenses_total == 20);
}

TEST_CASE("a restore under the service that succeeded ends with success", "[service][C104]") {
  world all;
  all.origin.put(all.by.managed(1));
  all.backup();
  machine other;
  CHECK_FALSE(all.restore(other).error);
  CHECK(other.events.back().status == status::end);
  CHECK(to_hresult(other.events.back().error) == 0);
}

TEST_CASE("a restore that is canceled right after the start never asks the service", "[service][C105]") {
  world all;
  all.origin.put(all.by.managed(1));
  all.backup();
  machine other;
  other.open(all.config(other));
  const ended canceled = other.run([&](auto handler) {
    async_restore_licenses(*other.restorer, restore_flags::individualize, handler);
    CHECK(other.restorer->cancel_license_restore() == cancel_result::accepted);
  });
  CHECK(to_hresult(canceled.error) == 0xC00D2768);
  CHECK(to_hresult(other.events.back().error) == 0xC00D2768);
  CHECK(contents(*other.store).empty());
  CHECK(all.machines() == 0);
}

TEST_CASE("a refused restore gives the page's URL and starts no program for it", "[service][C99]") {
  world all;
  all.backup_for(1);
  machine other;
  CHECK(to_hresult(all.restore(other).error) == 0xC00D2753);
  CHECK(std::ranges::count(other.statuses(), status::error_with_url) == 1);
  // No child was left, and none was waited for.
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  struct rusage children {};
  REQUIRE(::getrusage(RUSAGE_CHILDREN, &children) == 0);
  CHECK(children.ru_minflt + children.ru_majflt == 0);
}
