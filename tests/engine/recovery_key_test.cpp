// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"
#include "crypto/random.hpp"
#include "crypto/x25519.hpp"
#include "format/age/age_recipient.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_set.hpp"
#include "planted_slot.hpp"
#include "slot_names.hpp"

using namespace reinstate;
using namespace reinstate::test;

// How the recovery key of a set is kept, and who gets at it.

namespace {

struct keeper : machine {
  std::vector<passphrase_purpose> asked;
  std::string answer;  // to every question; none where it is empty

  keeper() {
    for (unsigned i = 0; i != 5; ++i) put(make_license(i));
    individualized(*this);
  }

  void open(const std::shared_ptr<memory_files>& stick, recovery_key_storage storage, std::string recipient = {}) {
    auto config = config_with([stick](const std::string&) { return make_memory_medium(stick); });
    config.recovery_key = storage;
    config.recipient = std::move(recipient);
    config.passphrase = {};
    if (!answer.empty())
      config.passphrase = [this](passphrase_purpose purpose) -> result<secret_bytes> {
        asked.push_back(purpose);
        return secret_bytes::locked_copy_of(answer);
      };
    machine::open(std::move(config));
  }

  ended backup(backup_flags flags = backup_flags::overwrite) {
    return run([&](auto handler) { async_backup_licenses(*restorer, flags, handler); });
  }
};

struct newcomer : keeper {
  newcomer() {
    store = make_memory_license_store();
    identity = make_memory_machine_identity();
  }

  ended restore() {
    return run([&](auto handler) { async_restore_licenses(*restorer, restore_flags::individualize, handler); });
  }
};

struct age_keys {
  secret_bytes key = crypto::random_secret(32);
  std::string recipient = age::recipient_text(crypto::x25519_public_key(key));
  std::string identity = text_of(age::identity_text(key));

  static std::string text_of(const secret_bytes& text) { return std::string(crypto::text_of(text.expose())); }
};

const auto readable = recovery_key_storage::readable;
const auto for_recipient = recovery_key_storage::recipient;
const auto by_passphrase = recovery_key_storage::passphrase;

}  // namespace

TEST_CASE("a backup with a readable recovery key is restored with nothing but its folder", "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>();
  keeper a;
  a.open(stick, readable);
  REQUIRE(!a.backup().error);
  CHECK(slot_names(*stick) == slot_names(*stick, readable_slot));
  CHECK(slot_names(*stick).size() == 1);

  newcomer b;
  b.open(stick, readable);
  REQUIRE(!b.restore().error);
  CHECK(same_contents(*a.store, *b.store));
}

TEST_CASE("a readable recovery key counts only where that was agreed to", "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>();
  keeper a;
  a.open(stick, readable);
  REQUIRE(!a.backup().error);

  newcomer b;
  b.answer = "whatever";
  b.open(stick, by_passphrase);
  const ended refused = b.restore();
  CHECK(refused.error == errc::recovery_key_exposed);
  CHECK(refused.report.file == slot_name(*stick, readable_slot));
  CHECK(b.asked.empty());
  CHECK(contents(*b.store).empty());
}

TEST_CASE("who once read a recovery key cannot make what passes for a protected set", "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>();
  keeper a;
  a.answer = "correct horse";
  a.open(stick, readable);
  REQUIRE(!a.backup().error);

  // The thief has the keys in the open, puts them under a passphrase of his, and signs the manifest anew.
  const auto readable_file = stick->extract(slot_name(*stick, readable_slot));
  const auto& text = readable_file.mapped();
  const archive::set_keys stolen = archive::parse_recovery(secret_bytes::copy_of(text)).value();
  const auto file = age::encrypt_with_passphrase(secret_bytes::locked_copy_of("of the thief"), 4, text);
  REQUIRE(file.has_value());
  archive::manifest what = archive::parse_manifest(stick->at("000001/manifest"))->manifest;
  plant_slot(*stick, slot_kind::passphrase, *file);
  (*stick)["000001/manifest"] = archive::write_manifest(what, stolen.authentication);

  a.open(stick, by_passphrase);
  SECTION("its machine does not trust it") {
    CHECK(a.run([&](auto handler) { async_restore_licenses(*a.restorer, restore_flags::none, handler); }).error ==
          errc::wrong_passphrase);
  }
  SECTION("its machine does not go on with it") {
    REQUIRE(!a.backup().error);
    CHECK(a.asked == std::vector{passphrase_purpose::protect});
    CHECK_FALSE(slot_name(*stick, "recovery-000002-passphrase").empty());
  }
}

TEST_CASE("a readable recovery file planted beside the real one is not used", "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>(), planted = std::make_shared<memory_files>();
  keeper a, thief;
  a.answer = "correct horse";
  a.open(stick, by_passphrase);
  REQUIRE(!a.backup().error);
  thief.open(planted, readable);
  REQUIRE(!thief.backup().error);
  stick->insert(planted->extract(slot_name(*planted, readable_slot)));

  newcomer b;
  b.answer = "correct horse";
  b.open(stick, readable);
  REQUIRE(!b.restore().error);
  CHECK(b.asked == std::vector{passphrase_purpose::open});
}

TEST_CASE("a backup for an age recipient opens with his identity and no other", "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>();
  const age_keys owner, stranger;
  keeper a;
  a.open(stick, for_recipient, owner.recipient);
  REQUIRE(!a.backup().error);

  for (const std::string& wrong : {stranger.identity, std::string("not an identity")}) {
    newcomer b;
    b.answer = wrong;
    b.open(stick, by_passphrase);
    const ended refused = b.restore();
    CHECK(refused.error == errc::no_key_for_backup);
    CHECK(refused.report.file == slot_name(*stick, recipient_slot));
  }
  newcomer b;
  b.answer = owner.identity;
  b.open(stick, by_passphrase);
  REQUIRE(!b.restore().error);
  CHECK(b.asked == std::vector{passphrase_purpose::identity});
  CHECK(same_contents(*a.store, *b.store));
}

TEST_CASE("a machine goes on with the set it keeps for a recipient and begins a new one for another",
          "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>();
  const age_keys first, second;
  keeper a;
  a.open(stick, for_recipient, first.recipient);
  REQUIRE(!a.backup().error);
  const auto slots = slot_names(*stick);
  REQUIRE(!a.backup().error);
  CHECK(slot_names(*stick) == slots);
  CHECK(stick->contains("000002/manifest"));

  a.open(stick, for_recipient, second.recipient);
  REQUIRE(!a.backup().error);
  CHECK_FALSE(slot_name(*stick, "recovery-000003-recipient").empty());
  CHECK(slot_names(*stick, "recovery-000001").empty());
  newcomer b;
  b.answer = second.identity;
  b.open(stick, by_passphrase);
  CHECK(!b.restore().error);
}

TEST_CASE("a set kept for a recipient ends with its recipient slot", "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>();
  const age_keys owner;
  keeper a;
  a.open(stick, for_recipient, owner.recipient);
  REQUIRE(!a.backup().error);
  auto& slot = stick->at(slot_name(*stick, recipient_slot));
  SECTION("damaged") {
    slot.back() ^= std::byte{1};
  }
  SECTION("gone") {
    stick->erase(slot_name(*stick, recipient_slot));
  }
  REQUIRE(!a.backup().error);
  CHECK_FALSE(slot_name(*stick, "recovery-000002-recipient").empty());
  CHECK(slot_names(*stick, "recovery-000001").empty());
}

TEST_CASE("a recipient that is none is refused before anything starts", "[engine][recovery]") {
  const age_keys owner;
  keeper a;
  auto config = a.config_with([](const std::string&) { return make_memory_medium(std::make_shared<memory_files>()); });
  config.recovery_key = for_recipient;
  config.recipient = GENERATE(as<std::string>(), "", "age1", "age1qqqq", "AGE-SECRET-KEY-1QQQQ");
  CHECK(create_backup_restorer(std::move(config)).error() == errc::invalid_argument);
  CHECK(is_age_recipient(owner.recipient));
}

TEST_CASE("a backup whose recovery key is kept in another way than before starts a new set", "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>();
  keeper a;
  a.answer = "correct horse";
  a.open(stick, readable);
  REQUIRE(!a.backup().error);
  REQUIRE(!a.backup().error);
  CHECK_FALSE(slot_name(*stick, readable_slot).empty());  // the same way: the same set
  a.open(stick, by_passphrase);
  REQUIRE(!a.backup().error);
  CHECK(slot_name(*stick, readable_slot).empty());
  CHECK_FALSE(slot_name(*stick, "recovery-000003-passphrase").empty());
}

TEST_CASE("the property Passphrase comes before the configuration", "[engine][recovery]") {
  const auto stick = std::make_shared<memory_files>();
  keeper a;
  a.open(stick, readable);
  REQUIRE(a.restorer->set_prop(passphrase_property, "first"));
  REQUIRE(!a.backup().error);
  CHECK_FALSE(slot_name(*stick, passphrase_slot).empty());
  REQUIRE(a.restorer->set_prop(passphrase_property, "second"));
  REQUIRE(!a.backup().error);

  newcomer b;
  b.answer = "first";
  b.open(stick, readable);
  CHECK(b.restore().error == errc::wrong_passphrase);
  REQUIRE(b.restorer->set_prop(passphrase_property, "second"));
  CHECK(!b.restore().error);

  REQUIRE(a.restorer->remove_prop(passphrase_property));
  REQUIRE(!a.backup().error);
  CHECK_FALSE(slot_name(*stick, "recovery-000003-readable").empty());
}

TEST_CASE("a backup goes on with the set that the property Passphrase opens", "[engine][recovery][update]") {
  const auto stick = std::make_shared<memory_files>();
  keeper a;
  const auto update = [&](const char* typed) {
    a.open(stick, by_passphrase);  // as a program that starts
    REQUIRE(a.restorer->set_prop(passphrase_property, typed));
    a.put(make_license(static_cast<unsigned>(100 + stick->size())));
    return a.backup(backup_flags::update).report;
  };
  CHECK(update("first").generation == 1);
  CHECK(update("first").builds_on == 1);
  CHECK(update("first").builds_on == 2);

  // Another passphrase begins a set of its own, and goes on with that.
  const operation_report other = update("second");
  CHECK(other.generation == 4);
  CHECK(other.builds_on == 0);
  CHECK_FALSE(slot_name(*stick, "recovery-000004-passphrase").empty());
  CHECK(update("second").builds_on == 4);

  newcomer b;
  b.answer = "first";
  b.open(stick, by_passphrase);
  CHECK(b.restore().error == errc::wrong_passphrase);
  b.answer = "second";
  b.open(stick, by_passphrase);
  CHECK(!b.restore().error);
  CHECK(same_contents(*a.store, *b.store));
}

TEST_CASE("a damaged slot does not open and the property Passphrase begins a new set", "[engine][recovery][update]") {
  const auto stick = std::make_shared<memory_files>();
  keeper a;
  a.open(stick, by_passphrase);
  REQUIRE(a.restorer->set_prop(passphrase_property, "first"));
  REQUIRE(!a.backup(backup_flags::update).error);
  stick->at(slot_name(*stick, passphrase_slot)).back() ^= std::byte{1};
  a.put(make_license(100));
  const ended second = a.backup(backup_flags::update);
  CHECK(!second.error);
  CHECK(second.report.builds_on == 0);
  CHECK_FALSE(slot_name(*stick, "recovery-000002-passphrase").empty());
}

TEST_CASE("the property Passphrase is never given back", "[engine][recovery]") {
  keeper a;
  a.open(std::make_shared<memory_files>(), readable);
  const std::size_t before = a.restorer->prop_count();
  REQUIRE(a.restorer->set_prop(passphrase_property, "secret"));
  CHECK(a.restorer->prop_count() == before);
  CHECK(a.restorer->prop_by_name(passphrase_property).error() == errc::property_not_set);
  CHECK(a.restorer->remove_prop(passphrase_property));
  CHECK(a.restorer->remove_prop(passphrase_property).error() == errc::property_not_set);
}
