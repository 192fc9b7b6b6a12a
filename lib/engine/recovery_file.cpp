// SPDX-License-Identifier: BSL-1.0
#include "recovery_file.hpp"

#include "age_identity.hpp"
#include "age_keys.hpp"
#include "age_recipient.hpp"
#include "small_file.hpp"

#include <algorithm>
#include <memory>

namespace reinstate::engine {
namespace {

result<secret_bytes> ask(const passphrase_source& source, passphrase_purpose purpose) {
  if (!source) return errc::passphrase_required;
  auto passphrase = source(purpose);
  if (passphrase && passphrase->empty()) return errc::passphrase_empty;
  return passphrase;
}

// What an age failure means here. `whole` says whether the bytes are as the manifest says, `wrong_key` what it means
// that no stanza opens.
errc meaning(age::failure failure, bool whole, errc wrong_key) noexcept {
  if (failure == age::failure::out_of_memory) return errc::out_of_memory;
  if (!whole) return errc::recovery_file_damaged;
  switch (failure) {
    case age::failure::no_match: return wrong_key;
    case age::failure::work_factor_too_high: return errc::work_factor_too_high;
    default: return errc::recovery_file_damaged;
  }
}

// Whether an error is about the file, and not about what was asked for to open it.
bool is_about_file(const error_code& error) noexcept {
  if (error.category() != error_category()) return false;
  const error_kind kind = info_of(static_cast<errc>(error.value())).kind;
  return kind == error_kind::wrong_key || kind == error_kind::corrupted || kind == error_kind::not_permitted;
}

// How the recovery file of a name is kept: what an age file is encrypted to, it says itself.
recovery_key_storage storage_of(const std::string& name, crypto::byte_span bytes) {
  if (name.ends_with(".txt")) return recovery_key_storage::readable;
  const auto header = age::parse_header(bytes);
  const bool for_recipient = header && std::ranges::any_of(header->stanzas, [](const age::stanza& stanza) {
                               return stanza.arguments.front() == age::x25519_type;
                             });
  return for_recipient ? recovery_key_storage::recipient : recovery_key_storage::passphrase;
}

// The text inside a recovery file.
result<secret_bytes> decrypt(const recovery_file& file, bool whole, const backup_restorer_config& config) {
  const auto open = [&](const age::identity& who, errc wrong_key) -> result<secret_bytes> {
    auto text = age::decrypt(file.bytes, who);
    if (!text) return meaning(text.error(), whole, wrong_key);
    return std::move(*text);
  };
  switch (file.kept) {
    case recovery_key_storage::readable:
      if (!whole) return errc::recovery_file_damaged;
      // Whoever could write to the medium could have made all of it, so it counts only where that was agreed to.
      if (config.recovery_key != recovery_key_storage::readable) return errc::recovery_key_exposed;
      return secret_bytes::locked_copy_of(file.bytes);
    case recovery_key_storage::recipient: {
      const auto text = ask(config.passphrase, passphrase_purpose::identity);
      if (!text) return text.error();
      auto key = age::parse_identity(crypto::text_of(text->expose()));
      if (!key) return errc::no_key_for_backup;
      return open(age::x25519_identity(std::move(*key)), errc::no_key_for_backup);
    }
    case recovery_key_storage::passphrase: break;
  }
  auto passphrase = ask(config.passphrase, passphrase_purpose::open);
  if (!passphrase) return passphrase.error();
  return open(age::scrypt_identity(std::move(*passphrase), config.limits.scrypt_work_factor_accepted),
              errc::wrong_passphrase);
}

}  // namespace

result<recovery_file> find_recovery_file(backup_medium& medium, const archive::manifest& manifest, std::string& where) {
  error_code trouble = errc::recovery_file_missing;
  std::optional<recovery_file> found;
  for (const auto kept : {recovery_key_storage::passphrase, recovery_key_storage::readable}) {
    std::string name = archive::recovery_name(manifest.recovery_generation, kept);
    auto bytes = read_small_file(medium, name, max_text_file);
    if (!bytes) {
      if (bytes.error() != errc::path_not_found) {
        trouble = bytes.error() == errc::backup_damaged ? error_code(errc::recovery_file_damaged) : bytes.error();
        where = name;
      }
      continue;
    }
    const auto kept_as = storage_of(name, *bytes);
    recovery_file file{std::move(name), kept_as, std::move(*bytes)};
    const bool is_it = file.listed() == manifest.recovery;
    if (!found || is_it) found = std::move(file);
    if (is_it) break;
  }
  if (found) return std::move(*found);
  if (trouble == errc::recovery_file_missing)
    where = archive::recovery_name(manifest.recovery_generation, recovery_key_storage::passphrase);
  return trouble;
}

result<recovery_file> make_recovery_file(const archive::set_keys& keys, std::uint32_t generation,
                                         const backup_restorer_config& config) {
  const secret_bytes text = archive::write_recovery(keys);
  const auto file_of = [&](crypto::byte_span bytes) {
    return recovery_file{archive::recovery_name(generation, config.recovery_key), config.recovery_key,
                         crypto::secret_buffer(bytes.begin(), bytes.end())};
  };
  const auto encrypted = [&](const auto& file) -> result<recovery_file> {
    if (!file) return errc::out_of_memory;
    return file_of(*file);
  };
  switch (config.recovery_key) {
    case recovery_key_storage::readable: return file_of(text.expose());
    case recovery_key_storage::recipient: {
      const auto recipient = age::parse_recipient(config.recipient);
      if (!recipient) return errc::invalid_argument;
      return encrypted(age::encrypt_to_recipient(*recipient, text.expose()));
    }
    case recovery_key_storage::passphrase: break;
  }
  const auto passphrase = ask(config.passphrase, passphrase_purpose::protect);
  if (!passphrase) return passphrase.error();
  return encrypted(age::encrypt_with_passphrase(*passphrase, config.limits.scrypt_work_factor, text.expose()));
}

result<archive::set_keys> open_recovery_file(backup_medium& medium, const archive::manifest& manifest,
                                             const backup_restorer_config& config, std::string& where) {
  const auto file = find_recovery_file(medium, manifest, where);
  if (!file) return file.error();
  const auto text = decrypt(*file, file->listed() == manifest.recovery, config);
  if (!text) {
    if (is_about_file(text.error())) where = file->name;
    return text.error();
  }
  where = file->name;
  auto keys = archive::parse_recovery(*text);
  if (!keys) return keys;
  if (keys->id != manifest.set) return errc::backup_mixed;
  where.clear();
  return keys;
}

}  // namespace reinstate::engine
