// SPDX-License-Identifier: BSL-1.0
#include <reinstate/recovery/key_slots.hpp>

#include "format/age/age_recipient.hpp"
#include "planted_slot.hpp"
#include "slot_fixture.hpp"

#include <reinstate/testing/faulty_medium.hpp>

using namespace reinstate;
using namespace reinstate::test;

// Adding ways to open a backup set, and removing them.

TEST_CASE("each slot that there is lets whoever opens it add another", "[engine][slots]") {
  every_kind t;
  for (const auto& [kind, text] : t.secrets()) {
    const std::string added = "added by " + std::to_string(static_cast<int>(kind));
    REQUIRE(t.add(t.by(text), slot_kind::passphrase, added).has_value());
    CHECK(t.opens(added));
  }
}

TEST_CASE("the slots of a set stay with it and nobody is asked again", "[engine][slots]") {
  every_kind t;
  const auto before = slot_names(*t.stick);
  const int asked = t.owner.passphrases_asked;
  REQUIRE(!t.backup().error);
  CHECK(slot_names(*t.stick) == before);
  CHECK(t.owner.passphrases_asked == asked);
  for (const auto& [kind, text] : t.secrets()) CHECK(t.opens(text));
}

TEST_CASE("a passphrase is changed by adding the new one and removing the old one", "[engine][slots]") {
  kept t;
  const std::string old_slot = slot_name(*t.stick, passphrase_slot);
  t.added(slot_kind::passphrase, "the new one");
  CHECK(t.opens(first_passphrase));
  CHECK(t.opens("the new one"));
  REQUIRE(remove_key_slot(*t.medium(), old_slot));
  CHECK(t.error_of(first_passphrase) == errc::wrong_passphrase);
  CHECK(!t.restore("the new one"));
  const int asked = t.owner.passphrases_asked;
  REQUIRE(!t.backup().error);
  CHECK(t.owner.passphrases_asked == asked);
  CHECK(!t.restore("the new one"));
}

TEST_CASE("a set whose passphrase gave way to a recovery code goes on with that", "[engine][slots]") {
  kept t;
  const std::string code = text_of(make_recovery_code());
  t.added(slot_kind::code, code);
  REQUIRE(remove_key_slot(*t.medium(), slot_name(*t.stick, passphrase_slot)));
  t.owner.passphrase.clear();  // nobody is there to answer
  REQUIRE(!t.backup().error);
  CHECK(!t.restore(code));
}

TEST_CASE("sixty-four slots are looked at and no more can be added", "[engine][slots]") {
  kept t;
  for (unsigned i = 0; i != 70; ++i) {
    const std::vector<std::byte> junk(i + 1);
    plant_slot(*t.stick, slot_kind::recipient, junk);
  }
  CHECK(list_key_slots(*t.medium())->size() == 64);
  CHECK(t.add(t.by_machine(), slot_kind::code, text_of(make_recovery_code())).error() == errc::invalid_argument);
}

TEST_CASE("what is no new slot is refused before anything is asked", "[engine][slots]") {
  kept t;
  const auto before = *t.stick;
  CHECK(t.add({}, slot_kind::readable, "x").error() == errc::invalid_argument);
  CHECK(t.add({}, slot_kind::machine, "x").error() == errc::invalid_argument);
  CHECK(t.add(t.by_machine(), slot_kind::passphrase, "").error() == errc::passphrase_empty);
  CHECK(t.add(t.by_machine(), slot_kind::recipient, "", "age1nobody").error() == errc::invalid_argument);
  CHECK(t.add(t.by_machine(), slot_kind::recipient, "", age::recipient_text({})).error() == errc::invalid_argument);
  new_slot costly;
  costly.secret = secret("x");
  costly.scrypt_work_factor = GENERATE(0u, 31u);
  CHECK(add_key_slot(*t.medium(), t.by_machine(), costly).error() == errc::invalid_argument);
  CHECK(*t.stick == before);
}

TEST_CASE("what opens a new slot is kept before the slot is there", "[engine][slots]") {
  kept t;
  const auto before = *t.stick;
  int times = 0;
  new_slot what;
  what.secret = secret("new");
  what.scrypt_work_factor = 2;
  what.before_write = [&]() -> result<void> {
    ++times;
    CHECK(*t.stick == before);
    return {};
  };
  CHECK(add_key_slot(*t.medium(), t.by("wrong"), what).error() == errc::wrong_passphrase);
  CHECK(times == 0);
  REQUIRE(add_key_slot(*t.medium(), t.by_machine(), what).has_value());
  CHECK(times == 1);
  CHECK(t.opens("new"));

  const auto with_new = *t.stick;
  what.before_write = []() -> result<void> { return errc::keyring_unavailable; };
  CHECK(add_key_slot(*t.medium(), t.by_machine(), what).error() == errc::keyring_unavailable);
  CHECK(*t.stick == with_new);
}

TEST_CASE("a slot is not added to a set that a backup replaced meanwhile", "[engine][slots]") {
  kept t;
  new_slot what;
  what.secret = secret("new");
  what.scrypt_work_factor = 2;
  what.before_write = [&]() -> result<void> {
    t.owner.begin_new_set = true;
    REQUIRE(!t.backup().error);
    return {};
  };
  CHECK(add_key_slot(*t.medium(), t.by_machine(), what).error() == errc::medium_in_use);
  CHECK(slot_names(*t.stick, "recovery-000001").empty());
  CHECK(t.opens(first_passphrase));
}

TEST_CASE("the machine adds to its own sets and to no others", "[engine][slots]") {
  kept t;
  machine stranger;
  individualized(stranger);
  const set_credentials by_stranger{stranger.identity, {}};
  CHECK(t.add(by_stranger, slot_kind::passphrase, "x").error() == errc::no_key_for_backup);
  CHECK(t.add({stranger.identity, answering("wrong")}, slot_kind::passphrase, "x").error() == errc::wrong_passphrase);
  CHECK(t.add({stranger.identity, answering(first_passphrase)}, slot_kind::passphrase, "second").has_value());
  CHECK(t.opens("second"));

  SECTION("not even to one that was made for it") {
    const auto own = stranger.identity->public_identity()->agreement;
    const secret_bytes text = archive::write_recovery(t.keys());
    plant_slot(*t.stick, slot_kind::machine, *age::encrypt_to_recipient(own, text.expose()));
    CHECK(t.add(by_stranger, slot_kind::passphrase, "x").error() == errc::no_key_for_backup);
  }
  SECTION("and needs its slot for that") {
    const std::string slot = slot_name(*t.stick, machine_slot);
    t.stick->at(slot).back() ^= std::byte{1};
    CHECK(t.add(t.by_machine(), slot_kind::passphrase, "x").error() == errc::key_slot_damaged);
    REQUIRE(remove_key_slot(*t.medium(), slot));
    CHECK(t.add(t.by_machine(), slot_kind::passphrase, "x").error() == errc::key_slot_missing);
    CHECK(t.add({t.owner.identity, answering(first_passphrase)}, slot_kind::passphrase, "third").has_value());
  }
}

TEST_CASE("a slot is removed by its name unless it is the last that opens elsewhere", "[engine][slots]") {
  kept t;
  const std::string passphrase = slot_name(*t.stick, passphrase_slot);
  const auto before = *t.stick;
  CHECK(remove_key_slot(*t.medium(), passphrase).error() == errc::last_key_slot);
  for (const char* other : {"", "README.txt", "000001/manifest", "recovery-000001-code-01234567.age", "../x"})
    CHECK(remove_key_slot(*t.medium(), other).error() == errc::key_slot_not_found);
  CHECK(*t.stick == before);

  const std::string code = t.added(slot_kind::code, text_of(make_recovery_code()));
  t.stick->at(code).back() ^= std::byte{1};
  CHECK(remove_key_slot(*t.medium(), passphrase).error() == errc::last_key_slot);
  CHECK(remove_key_slot(*t.medium(), code));
  CHECK(remove_key_slot(*t.medium(), slot_name(*t.stick, machine_slot)));
  CHECK(remove_key_slot(*t.medium(), passphrase).error() == errc::last_key_slot);
  CHECK(!t.restore(first_passphrase));
}

TEST_CASE("a readable set gets no other slot and a protected one no readable slot", "[engine][slots]") {
  kept readable(recovery_key_storage::readable);
  const auto before = *readable.stick;
  CHECK(readable.add(readable.by_machine(), slot_kind::passphrase, "x").error() == errc::recovery_key_exposed);
  CHECK(readable.add(readable.by("x"), slot_kind::passphrase, "x").error() == errc::recovery_key_exposed);
  CHECK(readable.error_of("x") == errc::recovery_key_exposed);
  CHECK(remove_key_slot(*readable.medium(), slot_name(*readable.stick, readable_slot)).error() == errc::last_key_slot);
  CHECK(*readable.stick == before);

  kept t;
  t.stick->insert(readable.stick->extract(slot_name(*readable.stick, readable_slot)));  // planted: of another set
  t.added(slot_kind::passphrase, "more");
  CHECK(t.opens("more"));
  CHECK(!t.restore("more"));
}

TEST_CASE("a medium that fails at any call leaves a set that opens as before", "[engine][slots]") {
  const bool keeps_failing = GENERATE(false, true);
  for (unsigned n = 1;; ++n) {
    kept t;
    const auto faults = std::make_shared<testing::medium_faults>();
    faults->fail_at = n;
    faults->keeps_failing = keeps_failing;
    const auto faulty = testing::make_faulty_medium(t.medium(), faults);
    new_slot what;
    what.secret = secret("new");
    what.scrypt_work_factor = 2;
    const auto added = add_key_slot(*faulty, t.by_machine(), what);
    INFO("call " << n);
    CHECK(t.opens(first_passphrase));
    if (added) CHECK(t.opens("new"));
    if (!added && !keeps_failing) CHECK_FALSE(t.opens("new"));
    if (faults->calls < n) {
      CHECK(added.has_value());
      break;
    }
    if (added) continue;
    REQUIRE(t.add(t.by_machine(), slot_kind::passphrase, "new").has_value());  // nothing stands in the way of this
    CHECK(t.opens("new"));
  }
}

TEST_CASE("a change of the passphrase cut anywhere leaves one that opens", "[engine][slots]") {
  for (unsigned n = 1;; ++n) {
    kept t;
    const std::string old_slot = slot_name(*t.stick, passphrase_slot);
    const auto faults = std::make_shared<testing::medium_faults>();
    faults->fail_at = n;
    faults->keeps_failing = true;
    const auto faulty = testing::make_faulty_medium(t.medium(), faults);
    new_slot what;
    what.secret = secret("new");
    what.scrypt_work_factor = 2;
    const auto added = add_key_slot(*faulty, t.by_machine(), what);
    const bool changed = added && remove_key_slot(*faulty, old_slot);
    INFO("call " << n);
    CHECK((t.opens(first_passphrase) || t.opens("new")));
    CHECK(t.opens(first_passphrase) == !changed);
    CHECK(!t.owner.restore(t.stick).error);
    if (changed) break;
  }
}

TEST_CASE("a backup keeps a slot that is added while it runs and gives way where one is removed", "[engine][slots]") {
  kept t;
  const bool removes = GENERATE(false, true);
  const std::string first = slot_name(*t.stick, passphrase_slot);
  auto config = t.owner.config_with([&](const std::string&) { return t.medium(); });
  bool once = false;
  config.callback = make_status_callback([&](const status_event& event) {
    if (event.status != status::progress || once) return;
    once = true;
    t.added(slot_kind::passphrase, "meanwhile");
    if (removes) REQUIRE(remove_key_slot(*t.medium(), first));
  });
  t.owner.open(std::move(config));
  const ended end =
      t.owner.run([&](auto handler) { async_backup_licenses(*t.owner.restorer, backup_flags::overwrite, handler); });
  CHECK(end.error == (removes ? make_error_code(errc::medium_in_use) : error_code()));
  CHECK(t.stick->contains(removes ? "000001/manifest" : "000002/manifest"));
  CHECK(t.opens("meanwhile"));
  CHECK(t.opens(first_passphrase) != removes);
}
