// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_SLOT_FIXTURE_HPP
#define REINSTATE_TESTS_SLOT_FIXTURE_HPP

#include "backup_fixture.hpp"
#include "catch.hpp"
#include "format/age/age_identity.hpp"
#include "format/archive/archive_set.hpp"
#include "slot_names.hpp"

#include <reinstate/recovery/key_slots.hpp>
#include <reinstate/recovery/recovery_code.hpp>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

// A backup on a stick, and whatever opens it.

namespace reinstate::test {

inline secret_bytes secret(std::string_view text) {
  return secret_bytes::locked_copy_of(text);
}

inline std::string text_of(const secret_bytes& text) {
  return std::string(crypto::text_of(text.expose()));
}

inline passphrase_source answering(std::string text) {
  return [text = std::move(text)](passphrase_purpose) -> result<secret_bytes> { return secret(text); };
}

inline constexpr const char* first_passphrase = "correct horse battery staple";

// A backup that a machine made with a passphrase.
struct kept {
  machine owner;
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();

  explicit kept(recovery_key_storage storage = recovery_key_storage::passphrase, const std::string& recipient = {}) {
    individualized(owner);
    for (unsigned i = 0; i != 3; ++i) owner.put(make_license(i));
    REQUIRE(!backup(storage, recipient).error);
  }

  ended backup(recovery_key_storage storage = recovery_key_storage::passphrase, const std::string& recipient = {}) {
    auto config = owner.config_with([this](const std::string&) { return make_memory_medium(stick); });
    config.recovery_key = storage;
    config.recipient = recipient;
    owner.open(std::move(config));
    return owner.run([&](auto handler) { async_backup_licenses(*owner.restorer, backup_flags::overwrite, handler); });
  }

  std::unique_ptr<backup_medium> medium() const { return make_memory_medium(stick); }
  set_credentials by_machine() const { return {owner.identity, {}}; }
  set_credentials by(std::string text) const { return {{}, answering(std::move(text))}; }

  result<key_slot> add(const set_credentials& opener, slot_kind kind, std::string_view text,
                       std::string recipient = {}) {
    new_slot what;
    what.kind = kind;
    what.secret = secret(text);
    what.recipient = std::move(recipient);
    what.scrypt_work_factor = 2;
    return add_key_slot(*medium(), opener, what);
  }

  // Adds one that has to succeed, and returns its file.
  std::string added(slot_kind kind, std::string_view text, std::string recipient = {}) {
    const auto slot = add(by_machine(), kind, text, std::move(recipient));
    if (!slot) FAIL("not added: " << slot.error().message());
    CHECK(slot->kind == kind);
    CHECK(!slot->damaged);
    CHECK(stick->contains(slot->file));
    return slot->file;
  }

  result<key_slot> check(std::string_view text) { return check_recovery(*medium(), secret(text)); }
  bool opens(std::string_view text) { return check(text).has_value(); }
  error_code error_of(std::string_view text) {
    const auto checked = check(text);
    return checked ? error_code() : checked.error();
  }

  std::multiset<slot_kind> kinds() {
    std::multiset<slot_kind> out;
    for (const key_slot& slot : list_key_slots(*medium()).value()) out.insert(slot.kind);
    return out;
  }

  // A restore on another machine.
  error_code restore(std::string text, std::vector<passphrase_purpose>* asked = nullptr) {
    machine other;
    auto config = other.config_with([this](const std::string&) { return make_memory_medium(stick); });
    config.passphrase = [&](passphrase_purpose purpose) -> result<secret_bytes> {
      if (asked != nullptr) asked->push_back(purpose);
      return secret(text);
    };
    other.open(std::move(config));
    const error_code error =
        other.run([&](auto handler) { async_restore_licenses(*other.restorer, restore_flags::individualize, handler); })
            .error;
    CHECK(contents(*other.store).size() == (error ? 0u : 3u));
    return error;
  }

  // What every slot holds.
  archive::set_keys keys() {
    const std::string file = check(first_passphrase)->file;
    const auto text = age::decrypt(stick->at(file), age::scrypt_identity(secret(first_passphrase), 20));
    return archive::parse_recovery(*text).value();
  }
};

// A stick with one slot for each kind of secret, besides the passphrase that is there anyway.
struct every_kind : kept {
  std::string code = text_of(make_recovery_code());
  age_identity other = make_age_identity(), file = make_age_identity(), ring = make_age_identity();

  every_kind() {
    added(slot_kind::code, code);
    added(slot_kind::recipient, "", other.recipient);
    added(slot_kind::key_file, "", file.recipient);
    added(slot_kind::keyring, "", ring.recipient);
  }

  std::vector<std::pair<slot_kind, std::string>> secrets() const {
    return {{slot_kind::passphrase, first_passphrase},
            {slot_kind::code, code},
            {slot_kind::recipient, text_of(other.secret)},
            {slot_kind::key_file, text_of(file.secret)},
            {slot_kind::keyring, text_of(ring.secret)}};
  }
};

// The same code with one character changed.
inline std::string mistyped(std::string code) {
  code[0] = code[0] == 'q' ? 'p' : 'q';
  return code;
}

}  // namespace reinstate::test

#endif
