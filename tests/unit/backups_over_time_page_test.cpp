// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"

#include <reinstate/keep_policy.hpp>
#include <reinstate/recovery/key_slots.hpp>
#include <reinstate/recovery/recovery_code.hpp>
#include <reinstate/selection.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// What docs/backups-over-time.md quotes.

using namespace reinstate;

namespace {

// [selection]
license_selection films_of_two_issuers() {
  license_selection selection;
  selection.issuers = {"https://films.example", "https://cinema.example"};
  selection.titles = {"*film*", "Part ? of *"};
  return selection;
}
// [/selection]

// [chain]
license leaf_of(const license& root) {
  license leaf;
  leaf.format = root.format;
  leaf.root = root.key;
  return leaf;
}
// [/chain]

// [keep]
result<std::string> normal_form(std::string_view typed) {
  const result<keep_policy> policy = parse_keep_policy(typed);
  if (!policy) return policy.error();
  return to_string(*policy);
}
// [/keep]

// [code]
// Adds a recovery code. `show` displays it to the user; no other copy is kept.
result<key_slot> add_code(backup_medium& medium, std::shared_ptr<machine_identity> machine,
                          const std::function<result<void>(const secret_bytes&)>& show) {
  new_slot slot;
  slot.kind = slot_kind::code;
  slot.secret = make_recovery_code();
  slot.before_write = [&] { return show(slot.secret); };
  return add_key_slot(medium, {std::move(machine), {}}, slot);
}
// [/code]

// [change]
result<void> change_passphrase(backup_medium& medium, const set_credentials& opener, secret_bytes passphrase) {
  const auto before = list_key_slots(medium);
  if (!before) return before.error();
  new_slot slot;
  slot.secret = std::move(passphrase);
  if (const auto added = add_key_slot(medium, opener, slot); !added) return added.error();
  if (const auto opened = check_recovery(medium, slot.secret); !opened) return opened.error();
  for (const key_slot& old : *before)
    if (old.kind == slot_kind::passphrase)
      if (const auto removed = remove_key_slot(medium, old.file); !removed) return removed;
  return {};
}
// [/change]

}  // namespace

TEST_CASE("the selection in the documentation names what it says", "[page]") {
  license film;
  film.issuer = "https://cinema.example";
  film.title = "PART 2 of a series";
  const auto is_named = [&] {
    const std::vector<std::byte> metadata = pack_metadata(film);
    return matches(films_of_two_issuers(), as_record(film, metadata));
  };
  CHECK(is_named());
  film.title = "Part 12 of a series";
  CHECK_FALSE(is_named());
  film.title = "A film in Arabic: \xd9\x81\xd9\x8a\xd9\x84\xd9\x85";
  CHECK(is_named());
  film.issuer += '/';
  CHECK_FALSE(is_named());
}

TEST_CASE("the leaf in the documentation names its root", "[page]") {
  license root;
  root.key.bytes.fill(std::byte{7});
  const license leaf = leaf_of(root);
  const std::vector<std::byte> metadata = pack_metadata(leaf);
  CHECK(root_of(as_record(leaf, metadata)) == root.key);
}

TEST_CASE("the keep policy in the documentation is written in one form", "[page]") {
  CHECK(normal_form("monthly=12,daily=7,last=3").value() == "last=3,daily=7,monthly=12");
  CHECK(normal_form("last=0").error() == errc::invalid_argument);
}

TEST_CASE("a code is added and the passphrase changed as in the documentation", "[page]") {
  test::machine owner;
  test::individualized(owner);
  owner.put(test::make_license(1));
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!owner.backup(stick).error);
  const auto medium = make_memory_medium(stick);

  secret_bytes shown;
  const auto show = [&](const secret_bytes& code) -> result<void> {
    shown = code.clone();
    return {};
  };
  const auto added = add_code(*medium, owner.identity, show);
  REQUIRE(added.has_value());
  CHECK(check_recovery(*medium, shown)->file == added->file);

  const set_credentials by_code{{}, [&](passphrase_purpose) -> result<secret_bytes> { return shown.clone(); }};
  REQUIRE(change_passphrase(*medium, by_code, secret_bytes::locked_copy_of("a new one")));
  CHECK(check_recovery(*medium, secret_bytes::locked_copy_of("a new one")).has_value());
  CHECK(check_recovery(*medium, secret_bytes::locked_copy_of(owner.passphrase)).error() == errc::wrong_passphrase);
}
