// SPDX-License-Identifier: BSL-1.0
#include "engine/set/key_slot_files.hpp"

#include "engine/set/small_file.hpp"
#include "format/age/age_header.hpp"
#include "format/age/age_keys.hpp"
#include "format/age/age_recipient.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace reinstate::engine {
namespace {

// Returns true if a writer could have made a file with this content under this name. An age file names what it is
// encrypted to.
bool is_as_named(const archive::recovery_name& name, crypto::byte_span bytes) {
  if (archive::recovery_tag(bytes) != name.tag) return false;
  if (name.kind == slot_kind::readable) return true;
  const auto header = age::parse_header(bytes);
  if (!header) return false;
  const auto is_of = [&](const char* type) {
    return std::ranges::any_of(header->stanzas,
                               [&](const age::stanza& stanza) { return stanza.arguments.front() == type; });
  };
  return is_scrypt(name.kind) ? header->stanzas.size() == 1 && is_of(age::scrypt_type) : is_of(age::x25519_type);
}

slot_file read_slot(backup_medium& medium, const std::string& name, const archive::recovery_name& parts) {
  slot_file out{name, parts.kind, {}, {}};
  auto bytes = read_small_file(medium, name, max_text_file);
  if (bytes && is_as_named(parts, *bytes))
    out.bytes = std::move(*bytes);
  else
    out.trouble =
        bytes || bytes.error() == errc::backup_damaged ? make_error_code(errc::key_slot_damaged) : bytes.error().code;
  return out;
}

template <class File>
result<slot_file> slot_of(const File& file, slot_kind kind, std::uint32_t generation) {
  if (file) return make_slot(kind, generation, *file);
  return file.error() == age::failure::no_match ? errc::invalid_argument : errc::out_of_memory;
}

// Returns the slot that the configuration asks for.
result<slot_file> make_wanted_slot(const archive::set_keys& keys, std::uint32_t generation,
                                   const backup_restorer_config& config) {
  if (config.recovery_key == recovery_key_storage::readable)
    return make_slot(slot_kind::readable, generation, archive::write_recovery(keys).expose());
  if (config.recovery_key == recovery_key_storage::recipient) {
    const auto recipient = age::parse_recipient(config.recipient);
    if (!recipient) return errc::invalid_argument;
    return make_x25519_slot(keys, slot_kind::recipient, generation, *recipient);
  }
  const auto passphrase = ask(config.passphrase, passphrase_purpose::protect);
  if (!passphrase) return passphrase.error();
  return make_scrypt_slot(keys, slot_kind::passphrase, generation, *passphrase, config.limits.scrypt_work_factor);
}

}  // namespace

result<std::vector<slot_file>> find_slots(backup_medium& medium, std::uint32_t generation) {
  const auto files = medium.list();
  if (!files) return files.error();
  std::vector<slot_file> found;
  for (const medium_entry& file : *files) {
    const auto name = archive::parse_recovery_name(file.name);
    if (!name || name->generation != generation) continue;
    if (found.size() == max_slots) break;
    slot_file slot = read_slot(medium, file.name, *name);
    if (slot.trouble != errc::path_not_found) found.push_back(std::move(slot));  // else it has just been removed
  }
  return found;
}

slot_file make_slot(slot_kind kind, std::uint32_t generation, crypto::byte_span content) {
  const archive::recovery_name name{generation, kind, archive::recovery_tag(content)};
  return {archive::format_recovery_name(name), kind, crypto::secret_buffer(content.begin(), content.end()), {}};
}

result<slot_file> make_scrypt_slot(const archive::set_keys& keys, slot_kind kind, std::uint32_t generation,
                                   const secret_bytes& passphrase, unsigned work_factor) {
  const secret_bytes text = archive::write_recovery(keys);
  return slot_of(age::encrypt_with_passphrase(passphrase, work_factor, text.expose()), kind, generation);
}

result<slot_file> make_x25519_slot(const archive::set_keys& keys, slot_kind kind, std::uint32_t generation,
                                   const x25519_public_key& recipient) {
  const secret_bytes text = archive::write_recovery(keys);
  return slot_of(age::encrypt_to_recipient(recipient, text.expose()), kind, generation);
}

result<std::vector<slot_file>> make_slots(const archive::set_keys& keys, std::uint32_t generation,
                                          const std::optional<x25519_public_key>& machine,
                                          const backup_restorer_config& config) {
  auto wanted = make_wanted_slot(keys, generation, config);
  if (!wanted) return wanted.error();
  std::vector<slot_file> out;
  out.push_back(std::move(*wanted));
  if (!machine || config.recovery_key == recovery_key_storage::readable) return out;
  auto own = make_x25519_slot(keys, slot_kind::machine, generation, *machine);
  if (!own) return own.error() == errc::invalid_argument ? failure(errc::identity_damaged) : own.error();
  out.push_back(std::move(*own));
  return out;
}

result<secret_bytes> ask(const passphrase_source& source, passphrase_purpose purpose) {
  if (!source) return errc::passphrase_required;
  auto answer = source(purpose);
  if (answer && answer->empty()) return errc::passphrase_empty;
  return answer;
}

passphrase_source asked_once(passphrase_source source) {
  if (!source) return source;
  const auto known = std::make_shared<std::map<passphrase_purpose, secret_bytes>>();
  return [source = std::move(source), known](passphrase_purpose purpose) -> reinstate::result<secret_bytes> {
    if (const auto found = known->find(purpose); found != known->end()) return found->second.clone();
    auto answer = source(purpose);
    if (answer) known->emplace(purpose, answer->clone());
    return answer;
  };
}

}  // namespace reinstate::engine
