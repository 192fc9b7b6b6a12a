// SPDX-License-Identifier: BSL-1.0
#include <reinstate/recovery/key_slots.hpp>

#include "crypto/random.hpp"
#include "format/age/age_recipient.hpp"
#include "format/archive/archive_manifest.hpp"
#include "planted_slot.hpp"
#include "slot_fixture.hpp"

#include <reinstate/inspect.hpp>

#include <chrono>
#include <map>

using namespace reinstate;
using namespace reinstate::test;

// What opens a backup set, and what is said where nothing does.

TEST_CASE("a new set has a slot for its secret and one for the machine", "[engine][slots]") {
  kept t;
  CHECK(t.kinds() == std::multiset{slot_kind::passphrase, slot_kind::machine});
  kept readable(recovery_key_storage::readable);
  CHECK(readable.kinds() == std::multiset{slot_kind::readable});
  kept for_somebody(recovery_key_storage::recipient, make_age_identity().recipient);
  CHECK(for_somebody.kinds() == std::multiset{slot_kind::recipient, slot_kind::machine});
}

TEST_CASE("a backup opens with each of its slots and each tells which one it was", "[engine][slots]") {
  every_kind t;
  CHECK(t.kinds() == std::multiset{slot_kind::passphrase, slot_kind::code, slot_kind::recipient, slot_kind::key_file,
                                   slot_kind::keyring, slot_kind::machine});
  for (const auto& [kind, text] : t.secrets()) {
    const auto checked = t.check(text);
    REQUIRE(checked.has_value());
    CHECK(checked->kind == kind);
    CHECK(t.stick->contains(checked->file));
    CHECK(!t.restore(text));
  }
  CHECK(inspect_backup(*t.medium())->key_slots.size() == 6);
  CHECK(!t.owner.verify(t.stick).error);
}

TEST_CASE("a recovery code opens however it was typed", "[engine][slots]") {
  kept t;
  const std::string code = text_of(make_recovery_code());
  std::string shouted;
  for (const char c : code) shouted += c == '-' ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  t.added(slot_kind::code, shouted);
  CHECK(t.opens(code));
  CHECK(t.opens(shouted));
  CHECK(!t.restore(shouted));
}

TEST_CASE("a mistyped recovery code is told apart from a wrong one", "[engine][slots]") {
  kept t;
  const std::string code = text_of(make_recovery_code());
  t.added(slot_kind::code, code);
  CHECK(t.error_of(mistyped(code)) == errc::recovery_code_mistyped);
  CHECK(t.restore(mistyped(code)) == errc::recovery_code_mistyped);
  CHECK(t.error_of(text_of(make_recovery_code())) == errc::wrong_passphrase);
  CHECK(t.add(t.by_machine(), slot_kind::code, mistyped(code)).error() == errc::recovery_code_mistyped);
}

TEST_CASE("a passphrase that is made like a recovery code is a passphrase all the same", "[engine][slots]") {
  kept t;
  const std::string odd = mistyped(text_of(make_recovery_code()));
  REQUIRE(looks_like_recovery_code(odd));
  t.added(slot_kind::passphrase, odd);
  CHECK(t.opens(odd));
  t.added(slot_kind::code, text_of(make_recovery_code()));
  CHECK(t.opens(odd));
}

TEST_CASE("a key file opens as a whole with its comments and other keys in it", "[engine][slots]") {
  kept t;
  const age_identity mine = make_age_identity(), another = make_age_identity();
  t.added(slot_kind::key_file, "", mine.recipient);
  CHECK(t.opens("# created: today\r\n# public key: " + mine.recipient + "\r\n" + text_of(mine.secret) + "\r\n"));
  CHECK(t.opens(text_of(another.secret) + "\n\n" + text_of(mine.secret)));
  CHECK(t.error_of(text_of(another.secret)) == errc::no_key_for_backup);
}

TEST_CASE("what is asked for is what the slots there open with", "[engine][slots]") {
  const age_identity mine = make_age_identity();
  kept t;
  t.added(slot_kind::key_file, "", mine.recipient);
  std::vector<passphrase_purpose> asked;
  CHECK(!t.restore(text_of(mine.secret), &asked));  // any answer will do
  CHECK(asked == std::vector{passphrase_purpose::open});
  REQUIRE(remove_key_slot(*t.medium(), slot_name(*t.stick, passphrase_slot)));
  asked.clear();
  CHECK(!t.restore(text_of(mine.secret), &asked));
  CHECK(asked == std::vector{passphrase_purpose::identity});
  CHECK(t.restore("no identity") == errc::no_key_for_backup);
}

TEST_CASE("a secret that opens nothing says what it was taken for", "[engine][slots]") {
  kept t;
  const age_identity mine = make_age_identity();
  CHECK(t.error_of("wrong") == errc::wrong_passphrase);
  CHECK(t.error_of("") == errc::passphrase_empty);
  CHECK(t.error_of(text_of(mine.secret)) == errc::no_key_for_backup);
  CHECK(t.add({}, slot_kind::passphrase, "x").error() == errc::passphrase_required);
  t.added(slot_kind::code, text_of(make_recovery_code()));
  REQUIRE(remove_key_slot(*t.medium(), slot_name(*t.stick, passphrase_slot)));
  CHECK(t.error_of("a passphrase of old") == errc::key_slot_missing);
}

TEST_CASE("a slot that is gone or damaged is told from a wrong secret", "[engine][slots]") {
  every_kind t;
  const std::string file = slot_name(*t.stick, passphrase_slot);
  auto& bytes = t.stick->at(file);
  SECTION("damaged") {
    bytes.back() ^= std::byte{1};
    CHECK(t.error_of(first_passphrase) == errc::key_slot_damaged);
    CHECK(t.error_of("wrong") == errc::key_slot_damaged);
    const auto slots = list_key_slots(*t.medium()).value();
    for (const key_slot& slot : slots) CHECK(slot.damaged == (slot.file == file));
    CHECK(t.owner.verify(t.stick).error == errc::key_slot_damaged);
    CHECK(t.owner.verify(t.stick).report.file == file);
  }
  SECTION("larger than any") {
    bytes.resize(64 * 1024 + 1);
    CHECK(t.error_of(first_passphrase) == errc::key_slot_damaged);
    t.stick->erase(file);
    plant_slot(*t.stick, slot_kind::passphrase, std::vector<std::byte>(64 * 1024 + 1));
    CHECK(t.error_of(first_passphrase) == errc::key_slot_damaged);
  }
  SECTION("gone") {
    t.stick->erase(file);
    CHECK(t.error_of(first_passphrase) == errc::key_slot_missing);
    CHECK(!t.owner.verify(t.stick).error);  // other ways are left
  }
  for (const auto& [kind, text] : t.secrets())
    if (kind != slot_kind::passphrase) CHECK(t.opens(text));
}

TEST_CASE("a slot with any byte changed or cut anywhere never opens and is called damaged", "[engine][slots][damage]") {
  every_kind t;
  for (const auto& each : t.secrets()) {
    const std::string& text = each.second;
    const std::string file = t.check(text)->file;
    std::vector<std::byte>& bytes = t.stick->at(file);
    const auto whole = bytes;
    const auto expect_damaged = [&](std::string_view how, std::size_t at) {
      const error_code error = t.error_of(text);
      if (error != errc::key_slot_damaged) FAIL(file << " " << how << " at " << at << ": " << error.message());
    };
    for (std::size_t at = 0; at != whole.size(); ++at) {
      bytes[at] ^= static_cast<std::byte>(1u << at % 8);
      expect_damaged("changed", at);
      bytes = whole;
      bytes.resize(at);
      expect_damaged("cut", at);
      bytes = whole;
    }
    CHECK(t.opens(text));
  }
}

TEST_CASE("a slot changed anywhere and given a name that fits never opens", "[engine][slots][damage]") {
  kept t;
  auto node = t.stick->extract(slot_name(*t.stick, passphrase_slot));
  for (std::size_t at = 0; at != node.mapped().size(); ++at) {
    auto bytes = node.mapped();
    bytes[at] ^= static_cast<std::byte>(1u << at % 8);
    const std::string planted = plant_slot(*t.stick, slot_kind::passphrase, bytes);
    const error_code error = check_recovery(*t.medium(), secret(first_passphrase), 8).error();
    if (error != errc::key_slot_damaged && error != errc::wrong_passphrase && error != errc::work_factor_too_high)
      FAIL("at " << at << ": " << error.message());
    t.stick->erase(planted);
  }
}

TEST_CASE("a slot that is encrypted in another way than its name says is damaged", "[engine][slots]") {
  kept t;
  const age_identity mine = make_age_identity();
  const secret_bytes text = archive::write_recovery(t.keys());
  const auto by_key = age::encrypt_to_recipient(*age::parse_recipient(mine.recipient), text.expose());
  const auto by_passphrase = age::encrypt_with_passphrase(secret("of another"), 2, text.expose());
  const std::string a = plant_slot(*t.stick, slot_kind::passphrase, *by_key);
  const std::string b = plant_slot(*t.stick, slot_kind::recipient, *by_passphrase);
  for (const key_slot& slot : list_key_slots(*t.medium()).value())
    CHECK(slot.damaged == (slot.file == a || slot.file == b));
}

TEST_CASE("a slot with the text of a foreign set opens nothing and stands in nobody's way", "[engine][slots]") {
  kept t, other;
  const auto foreign = other.stick->at(slot_name(*other.stick, passphrase_slot));
  const auto node = t.stick->extract(slot_name(*t.stick, passphrase_slot));
  plant_slot(*t.stick, slot_kind::passphrase, foreign);
  CHECK(t.error_of(first_passphrase) == errc::backup_mixed);
  CHECK(t.restore(first_passphrase) == errc::backup_mixed);
  (*t.stick)[node.key()] = node.mapped();
  CHECK(t.opens(first_passphrase));
  CHECK(!t.restore(first_passphrase));
}

TEST_CASE("a slot with other keys for the same set is refused", "[engine][slots]") {
  kept t;
  archive::set_keys keys = t.keys();
  t.stick->erase(slot_name(*t.stick, passphrase_slot));
  errc expected{};
  SECTION("another authentication key") {
    keys.authentication = crypto::random_secret(32);
    expected = errc::backup_not_authentic;
  }
  SECTION("another recovery key") {
    keys.recovery = crypto::random_secret(32);
    expected = errc::backup_mixed;
  }
  const auto file = age::encrypt_with_passphrase(secret(first_passphrase), 2, archive::write_recovery(keys).expose());
  plant_slot(*t.stick, slot_kind::passphrase, *file);
  CHECK(t.error_of(first_passphrase) == expected);
  CHECK(t.add(t.by(first_passphrase), slot_kind::passphrase, "more").error() == expected);
}

TEST_CASE("a passphrase is tried on eight slots and no more", "[engine][slots]") {
  kept t;
  const secret_bytes text = archive::write_recovery(t.keys());
  t.stick->erase(slot_name(*t.stick, passphrase_slot));
  std::map<std::string, std::string> passphrases;  // by slot, in order of name
  for (char c = 'a'; c != 'k'; ++c) {
    const auto file = age::encrypt_with_passphrase(secret(std::string(1, c)), 2, text.expose());
    passphrases[plant_slot(*t.stick, slot_kind::passphrase, *file)] = c;
  }
  std::size_t number = 0;
  for (const auto& [slot, passphrase] : passphrases)
    CHECK(t.error_of(passphrase) == (number++ < 8 ? error_code() : make_error_code(errc::wrong_passphrase)));
  CHECK(t.add(t.by_machine(), slot_kind::passphrase, "one more").error() == errc::invalid_argument);
  t.added(slot_kind::key_file, "", make_age_identity().recipient);
}

TEST_CASE("of two sets in one folder the slots of the newer one count", "[engine][slots]") {
  kept t;
  const memory_files older = *t.stick;
  t.owner.begin_new_set = true;
  t.owner.passphrase = "of the newer set";
  REQUIRE(!t.backup().error);
  t.stick->insert(older.begin(), older.end());
  CHECK(t.error_of(first_passphrase) == errc::wrong_passphrase);
  CHECK(t.opens("of the newer set"));
  CHECK(list_key_slots(*t.medium())->size() == 2);
  CHECK(remove_key_slot(*t.medium(), slot_name(*t.stick, passphrase_slot)).error() == errc::key_slot_not_found);
  const std::string file = t.added(slot_kind::code, text_of(make_recovery_code()));
  CHECK(file.starts_with("recovery-000002-code-"));
}

TEST_CASE("there are no slots where there is no backup", "[engine][slots]") {
  const auto medium = make_memory_medium(std::make_shared<memory_files>());
  CHECK(list_key_slots(*medium).error() == errc::no_backup);
  CHECK(check_recovery(*medium, secret("x")).error() == errc::no_backup);
  CHECK(remove_key_slot(*medium, "x").error() == errc::no_backup);
  new_slot what;
  what.secret = secret("x");
  CHECK(add_key_slot(*medium, {}, what).error() == errc::no_backup);
}

TEST_CASE("a manifest that somebody rewrote passes no check", "[engine][slots]") {
  kept t;
  auto& file = t.stick->at("000001/manifest");
  archive::manifest what = archive::parse_manifest(file)->manifest;
  what.created += std::chrono::hours(1);
  file = archive::write_manifest(what, secret_bytes::locked(32));
  CHECK(t.error_of(first_passphrase) == errc::backup_not_authentic);
  CHECK(t.add(t.by_machine(), slot_kind::passphrase, "x").error() == errc::no_key_for_backup);
  CHECK(t.add(t.by(first_passphrase), slot_kind::passphrase, "x").error() == errc::backup_not_authentic);
}
