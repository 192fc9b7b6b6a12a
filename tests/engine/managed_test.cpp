// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "scripted_service.hpp"

#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/runtime.hpp>

#include <condition_variable>
#include <future>
#include <mutex>

using namespace reinstate;
using namespace reinstate::test;

// Managed licenses in backups and restores, with a service whose answers the test decides.

namespace {

// One machine with managed licenses 1 to 3 and an ordinary one, its backup, and a new machine.
struct two_machines {
  issuer by;
  std::shared_ptr<scripted_service> service = std::make_shared<scripted_service>();
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();
  machine old_one, new_one;

  two_machines() {
    individualized(old_one);
    for (unsigned i = 1; i != 4; ++i) old_one.put(by.managed(i));
    old_one.put(make_license(9));
  }

  backup_restorer_config config(machine& m) {
    return with_service(m.config_with([this](const std::string&) { return make_memory_medium(stick); }), service);
  }

  ended backup(backup_flags flags = backup_flags::none) {
    old_one.open(config(old_one));
    return old_one.run([&](auto handler) { async_backup_licenses(*old_one.restorer, flags, handler); });
  }

  ended restore(backup_restorer_config config, restore_options options = {}) {
    options.flags = restore_flags::individualize;
    new_one.open(std::move(config));
    return new_one.run([&](auto handler) { async_restore_licenses(*new_one.restorer, options, handler); });
  }
  ended restore(restore_options options = {}) { return restore(config(new_one), std::move(options)); }

  static license_id id(unsigned number) { return make_license(number).id; }
};

std::vector<std::pair<license_id, error_code>> reasons(const operation_report& report) {
  std::vector<std::pair<license_id, error_code>> out;
  for (const license_outcome& each : report.outcomes) out.emplace_back(each.id, each.reason);
  return out;
}

const std::vector<status> accepted{status::begin,      status::individualize, status::individualize,
                                   status::connecting, status::disconnecting, status::end};

}  // namespace

TEST_CASE("a managed license comes to another machine with the key that its service gives", "[managed][C92]") {
  two_machines all;
  const ended saved = all.backup();
  CHECK_FALSE(saved.error);
  CHECK(saved.report.licenses_done == 4);
  CHECK(all.service->asked.empty());  // a backup needs no network

  const ended restored = all.restore();
  CHECK_FALSE(restored.error);
  CHECK(restored.report.licenses_done == 4);
  CHECK(same_contents(*all.old_one.store, *all.new_one.store));
  CHECK(all.new_one.statuses() == accepted);
  REQUIRE(all.service->asked.size() == 1);
  CHECK(all.service->asked[0].licenses.size() == 3);
  CHECK(all.service->asked[0].seals.size() == 1);
}

TEST_CASE("the payload of a managed license is nowhere in what age opens", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  // A patched reader that takes everything, without the service.
  all.service->falsify = [](restore_answer& answer) {
    for (license_answer& each : answer.licenses) each.key = secret_bytes(32);
  };
  const ended restored = all.restore();
  CHECK(restored.error == errc::not_all_licenses_stored);
  CHECK(contents(*all.new_one.store).size() == 1);
  for (const license_outcome& each : restored.report.outcomes) CHECK(each.reason == errc::license_not_authentic);
}

TEST_CASE("without a service managed licenses are left out and named", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  auto config = all.config(all.new_one);
  config.service = nullptr;
  const ended restored = all.restore(std::move(config));
  CHECK(restored.error == errc::not_all_licenses_stored);
  CHECK(reasons(restored.report) ==
        std::vector<std::pair<license_id, error_code>>{{all.id(1), errc::service_required},
                                                       {all.id(2), errc::service_required},
                                                       {all.id(3), errc::service_required}});
}

TEST_CASE("each license has its own answer and the others are stored", "[managed][C108][O16]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  all.service->refusals = {{all.id(1), errc::license_revoked}, {all.id(3), errc::license_expired}};
  const ended restored = all.restore();
  CHECK(restored.error == errc::not_all_licenses_stored);
  CHECK(reasons(restored.report) == std::vector<std::pair<license_id, error_code>>{{all.id(1), errc::license_revoked},
                                                                                   {all.id(3), errc::license_expired}});
  CHECK(contents(*all.new_one.store).size() == 2);
  CHECK(all.new_one.statuses() == accepted);
}

TEST_CASE("at the limit the page is told and nothing is stored where nothing else is there",
          "[managed][C86][C97][C98][O16]") {
  two_machines all;
  auto batch = *all.old_one.store->begin_batch();
  REQUIRE(batch->remove(all.id(9)));
  REQUIRE(batch->commit());
  REQUIRE_FALSE(all.backup().error);
  for (unsigned i = 1; i != 4; ++i) all.service->refusals[all.id(i)] = errc::machine_limit_reached;
  const ended restored = all.restore();
  CHECK(restored.error == errc::machine_limit_reached);
  CHECK(to_hresult(restored.error) == 0xC00D2753);
  CHECK(restored.report.help_url == all.service->page);
  CHECK(restored.report.licenses_left_out == 3);
  CHECK(contents(*all.new_one.store).empty());
  CHECK(all.new_one.statuses() == std::vector<status>{status::begin, status::individualize, status::individualize,
                                                      status::connecting, status::error_with_url, status::end});
  const auto told = std::ranges::find(all.new_one.events, status::error_with_url, &status_event::status);
  CHECK(told->error == errc::machine_limit_reached);
  CHECK(std::get<url_reference>(told->payload).url == all.service->page);
}

TEST_CASE("at the limit of some the page is told and the others are stored", "[managed][C97][O16]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  all.service->refusals = {{all.id(2), errc::machine_limit_reached}};
  const ended restored = all.restore();
  CHECK(restored.error == errc::not_all_licenses_stored);
  CHECK(contents(*all.new_one.store).size() == 3);
  CHECK(all.new_one.statuses() == std::vector<status>{status::begin, status::individualize, status::individualize,
                                                      status::connecting, status::error_with_url, status::disconnecting,
                                                      status::end});
}

TEST_CASE("where the service cannot be asked what needs no service is restored", "[managed][C101][C102]") {
  const errc trouble = GENERATE(errc::service_unavailable, errc::service_busy, errc::service_not_authentic,
                                errc::service_answer_invalid, errc::service_clock_differs);
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  all.service->before_answer = [&](std::stop_token) -> result<void> { return trouble; };
  const ended restored = all.restore();
  CHECK(restored.error == errc::not_all_licenses_stored);
  CHECK(contents(*all.new_one.store).size() == 1);
  for (const license_outcome& each : restored.report.outcomes) CHECK(each.reason == trouble);
  CHECK(std::ranges::count(all.new_one.statuses(), status::disconnecting) == 0);
}

TEST_CASE("where nothing but managed licenses is there the trouble of the service is the result",
          "[managed][C101][C102]") {
  two_machines all;
  restore_options options;
  options.selection.licenses = {all.id(1), all.id(2)};
  REQUIRE_FALSE(all.backup().error);
  auto config = all.config(all.new_one);
  errc expected{};
  SECTION("it cannot be reached") {
    all.service->before_answer = [](std::stop_token) -> result<void> { return errc::service_unavailable; };
    expected = errc::service_unavailable;
  }
  SECTION("policy forbids the network") {
    config.allow_network = false;
    expected = errc::network_forbidden;
  }
  SECTION("the user does not agree") {
    config.consent = [](const service_contact&) { return result<consent_answer>(consent_answer::refused); };
    expected = errc::service_contact_refused;
  }
  const ended restored = all.restore(std::move(config), options);
  CHECK(restored.error == expected);
  CHECK(contents(*all.new_one.store).empty());
  CHECK((expected == errc::service_unavailable) == !all.service->asked.empty());
}

TEST_CASE("the user is asked once what will be sent to whom before anything is", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  auto config = all.config(all.new_one);
  config.machine_name = "Kitchen";
  std::vector<service_contact> asked;
  config.consent = [&](const service_contact& what) -> result<consent_answer> {
    CHECK(all.service->asked.empty());
    asked.push_back(what);
    return consent_answer::agreed;
  };
  REQUIRE_FALSE(all.restore(std::move(config)).error);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].service.url == all.service->about.url);
  CHECK(asked[0].machine_name == "Kitchen");
  CHECK(asked[0].proves_ownership);
  CHECK(all.service->asked[0].machine_name == "Kitchen");
}

TEST_CASE("a service without somebody who is asked is refused", "[managed]") {
  two_machines all;
  auto config = all.config(all.new_one);
  config.consent = nullptr;
  CHECK(create_backup_restorer(std::move(config)).error() == errc::invalid_argument);
}

TEST_CASE("what the service knows of the use of a license counts", "[managed][C131][C132][C137]") {
  two_machines all;
  license counted = all.by.managed(5);
  counted.state.uses_left = 10;
  all.by.sign(counted);
  all.old_one.put(counted);
  REQUIRE_FALSE(all.backup().error);
  const std::chrono::sys_seconds first{std::chrono::seconds(1'700'000'000)};
  all.service->states[counted.id] = {1, first};
  REQUIRE_FALSE(all.restore().error);
  const license got = *all.new_one.store->find(counted.id);
  CHECK(got.state == license_state{1, first});
  CHECK(got.revision > counted.revision);
}

TEST_CASE("many licenses are asked for in requests of bounded size", "[managed]") {
  two_machines all;
  auto batch = *all.old_one.store->begin_batch();
  for (unsigned i = 100; i != 2'350; ++i) {
    const license item = all.by.managed(i, 16);
    REQUIRE(batch->put(as_record(item, pack_metadata(item))));
  }
  REQUIRE(batch->commit());
  REQUIRE_FALSE(all.backup().error);
  all.service->refusals = {{all.id(2'000), errc::license_revoked}, {all.id(2), errc::license_revoked}};
  const ended restored = all.restore();
  CHECK(restored.error == errc::not_all_licenses_stored);
  CHECK(restored.report.licenses_done == 2'252);
  CHECK(all.service->asked.size() == 3);
  for (const restore_request& request : all.service->asked)
    CHECK(request.licenses.size() <= restore_request::max_licenses);
  CHECK(reasons(restored.report) == std::vector<std::pair<license_id, error_code>>{
                                        {all.id(2), errc::license_revoked}, {all.id(2'000), errc::license_revoked}});
}

TEST_CASE("a service that fails is not asked again in the same restore", "[managed]") {
  two_machines all;
  for (unsigned i = 100; i != 1'350; ++i) all.old_one.put(all.by.managed(i, 16));
  REQUIRE_FALSE(all.backup().error);
  all.service->before_answer = [](std::stop_token) -> result<void> { return errc::service_unavailable; };
  const ended restored = all.restore();
  CHECK(restored.report.licenses_left_out == 1'253);
  CHECK(all.service->asked.size() == 1);
}

TEST_CASE("an answer about other licenses than were asked for opens nothing", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  SECTION("in another order") {
    all.service->falsify = [](restore_answer& answer) { std::swap(answer.licenses[0], answer.licenses[1]); };
  }
  SECTION("fewer") {
    all.service->falsify = [](restore_answer& answer) { answer.licenses.pop_back(); };
  }
  const ended restored = all.restore();
  for (const license_outcome& each : restored.report.outcomes) CHECK(each.reason == errc::service_answer_invalid);
  CHECK(contents(*all.new_one.store).size() == 1);
}

TEST_CASE("canceling ends a restore that waits for the service and stores nothing", "[managed][C105][C106]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  std::promise<void> waiting;
  all.service->before_answer = [&](std::stop_token stop) -> result<void> {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    waiting.set_value();
    stopped.wait(lock, stop, [] { return false; });
    return errc::operation_canceled;
  };
  runtime threads;
  auto config = all.config(all.new_one);
  config.io = threads.io();
  config.work = threads.work();
  config.callback = nullptr;
  auto restorer = *create_backup_restorer(std::move(config));
  REQUIRE(restorer->set_prop(restore_path_property, "stick"));
  std::promise<error_code> ended;
  async_restore_licenses(*restorer, restore_flags::individualize,
                         [&](error_code error, operation_report) { ended.set_value(error); });
  waiting.get_future().wait();
  CHECK(restorer->cancel_license_restore() == cancel_result::accepted);
  CHECK(ended.get_future().get() == errc::operation_canceled);
  CHECK(contents(*all.new_one.store).empty());
}

TEST_CASE("whoever opened the backup with its passphrase proves that it is his", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  const bool take_over_machine_slot = GENERATE(false, true);
  restore_options options;
  options.take_over_machine_slot = take_over_machine_slot;
  REQUIRE_FALSE(all.restore(options).error);
  const restore_request& request = all.service->asked.at(0);
  REQUIRE(request.owner);
  CHECK(request.owner->action == owner_action::restore);
  CHECK(request.owner->requester == all.new_one.identity->public_identity()->signing);
  const auto seal = managed::read_certificate(request.seals[0]);
  CHECK(request.owner->recipient == seal->owner);
  CHECK(seal->origin == all.old_one.identity->public_identity()->signing);
  CHECK(request.owner->target == (take_over_machine_slot ? seal->origin : machine_id{}));
}

TEST_CASE("the machine that made the backup asks without proving more", "[managed][C93]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  all.old_one.store = make_memory_license_store();
  all.old_one.open(all.config(all.old_one));
  const ended restored = all.old_one.run(
      [&](auto handler) { async_restore_licenses(*all.old_one.restorer, restore_flags::none, handler); });
  CHECK_FALSE(restored.error);
  CHECK_FALSE(all.service->asked.at(0).owner);
  CHECK(contents(*all.old_one.store).size() == 4);
}

TEST_CASE("a plan counts the licenses that a service would be asked for and asks nobody", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  individualized(all.new_one);
  all.new_one.open(all.config(all.new_one));
  const ended planned =
      all.new_one.run([&](auto handler) { async_plan_restore(*all.new_one.restorer, restore_options{}, handler); });
  REQUIRE_FALSE(planned.error);
  CHECK(planned.report.plan->machine_slots == 3);
  CHECK(planned.report.plan->taken == 4);
  CHECK(all.service->asked.empty());
  restore_options as_planned;
  as_planned.plan = planned.report.plan;
  CHECK_FALSE(all.restore(as_planned).error);
}

TEST_CASE("a managed license without its issuer's word is not backed up", "[managed]") {
  two_machines all;
  license item = all.by.managed(5);
  SECTION("it has none") {
    item.statement.clear();
  }
  SECTION("it is about another license") {
    item.statement = all.by.managed(6).statement;
  }
  SECTION("the license was changed") {
    item.key.bytes[3] = std::byte{1};
  }
  SECTION("the payload was changed") {
    item.payload.expose_writable()[0] ^= std::byte{1};
  }
  SECTION("the right was changed") {
    item.rights.backup = backup_right::granted;
  }
  SECTION("the end was moved") {
    item.rights.not_after = std::chrono::sys_seconds(std::chrono::seconds(1));
  }
  all.old_one.put(item);
  const ended saved = all.backup();
  CHECK_FALSE(saved.error);
  CHECK(saved.report.licenses_done == 4);
  CHECK(reasons(saved.report) ==
        std::vector<std::pair<license_id, error_code>>{{item.id, errc::license_not_authentic}});
}

TEST_CASE("with trusted issuers only what they signed is backed up and restored", "[managed][C107]") {
  two_machines all;
  issuer other;
  other.seed = secret_bytes::copy_of(std::vector<std::byte>(32, std::byte{0x18}));
  license signed_by_other = make_license(7);
  other.sign(signed_by_other);
  license trusted = make_license(8);
  all.by.sign(trusted);
  all.old_one.put(signed_by_other);
  all.old_one.put(trusted);
  const auto left_out = std::vector<std::pair<license_id, error_code>>{{all.id(7), errc::license_not_authentic},
                                                                       {all.id(9), errc::license_not_authentic}};
  SECTION("in a backup") {
    auto config = all.config(all.old_one);
    config.trusted_issuers = {all.by.trusted()};
    all.old_one.open(std::move(config));
    const ended saved = all.old_one.run(
        [&](auto handler) { async_backup_licenses(*all.old_one.restorer, backup_flags::none, handler); });
    CHECK(saved.report.licenses_done == 4);
    CHECK(reasons(saved.report) == left_out);
  }
  SECTION("in a restore") {
    REQUIRE_FALSE(all.backup().error);
    auto config = all.config(all.new_one);
    config.trusted_issuers = {all.by.trusted()};
    const ended restored = all.restore(std::move(config));
    CHECK(restored.report.licenses_done == 4);
    CHECK(reasons(restored.report) == left_out);
  }
}

TEST_CASE("a license sealed to another service is not asked for", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  auto other = std::make_shared<scripted_service>();
  other->private_key = secret_bytes::copy_of(std::vector<std::byte>(32, std::byte{0x43}));
  other->about.key.agreement = crypto::x25519_public_key(other->private_key);
  all.service = other;
  const ended restored = all.restore();
  CHECK(other->asked.empty());
  for (const license_outcome& each : restored.report.outcomes) CHECK(each.reason == errc::issuer_unknown);
}

TEST_CASE("an update without the service keeps managed licenses that did not change", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  all.old_one.put(make_license(10));
  auto config = all.config(all.old_one);
  config.service = nullptr;
  all.old_one.open(std::move(config));
  const ended updated = all.old_one.run(
      [&](auto handler) { async_backup_licenses(*all.old_one.restorer, backup_flags::update, handler); });
  CHECK_FALSE(updated.error);
  CHECK(updated.report.licenses_removed == 0);
  CHECK(updated.report.licenses_left_out == 0);
  REQUIRE_FALSE(all.restore().error);
  CHECK(same_contents(*all.old_one.store, *all.new_one.store));
}

TEST_CASE("an update without the service names a managed license that changed and keeps what it has of it",
          "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  license changed = all.by.managed(2);
  changed.revision = 2;
  all.old_one.put(changed);
  auto config = all.config(all.old_one);
  config.service = nullptr;
  all.old_one.open(std::move(config));
  const ended updated = all.old_one.run(
      [&](auto handler) { async_backup_licenses(*all.old_one.restorer, backup_flags::update, handler); });
  CHECK_FALSE(updated.error);
  CHECK(reasons(updated.report) ==
        std::vector<std::pair<license_id, error_code>>{{changed.id, errc::service_required}});
  REQUIRE_FALSE(all.restore().error);
  CHECK(all.new_one.store->find(changed.id)->revision == 1);
}

TEST_CASE("an update keeps what the backup has of a license that somebody altered", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  license altered = all.by.managed(2);
  altered.revision = 2;
  altered.payload.expose_writable()[0] ^= std::byte{1};
  all.old_one.put(altered);
  const ended updated = all.backup(backup_flags::update);
  CHECK(reasons(updated.report) ==
        std::vector<std::pair<license_id, error_code>>{{altered.id, errc::license_not_authentic}});
  REQUIRE_FALSE(all.restore().error);
  CHECK(all.new_one.store->find(altered.id)->payload == all.by.managed(2).payload);
}

TEST_CASE("updates carry managed licenses on as they are sealed", "[managed]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  license changed = all.by.managed(2);
  changed.revision = 2;
  all.old_one.put(changed);
  REQUIRE_FALSE(all.backup(backup_flags::update).error);
  REQUIRE_FALSE(all.restore().error);
  CHECK(same_contents(*all.old_one.store, *all.new_one.store));
  CHECK(all.service->asked.at(0).seals.size() == 2);  // of either generation
}

TEST_CASE("a revocation that a service sends counts from then on without it", "[managed][C133][C134]") {
  two_machines all;
  REQUIRE_FALSE(all.backup().error);
  license known = make_license(4);
  all.by.sign(known, "a user who left");
  all.old_one.put(known);
  REQUIRE_FALSE(all.backup(backup_flags::update).error);

  revocation_list list{all.by.name, 7, {}, {}, {}, {"a user who left"}};
  all.service->revocations = {*sign_revocation_list(list, all.by.seed)};
  REQUIRE_FALSE(all.restore().error);  // asked for after license 4 was met
  auto batch = *all.new_one.store->begin_batch();
  REQUIRE(batch->remove(known.id));
  REQUIRE(batch->commit());

  auto config = all.config(all.new_one);
  config.allow_network = false;
  const ended offline = all.restore(std::move(config));
  CHECK(reasons(offline.report) == std::vector<std::pair<license_id, error_code>>{{known.id, errc::license_revoked}});

  // An older list does not bring it back.
  list.version = 6;
  list.users.clear();
  CHECK(store_revocation_list(*all.new_one.store->notes(), *sign_revocation_list(list, all.by.seed)));
  CHECK(all.restore().report.outcomes.size() == 1);
}
