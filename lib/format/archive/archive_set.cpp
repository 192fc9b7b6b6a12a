// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_set.hpp"

#include "crypto/base64.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "crypto/secret_buffer.hpp"
#include "crypto/x25519.hpp"
#include "format/age/age_identity.hpp"
#include "format/age/age_recipient.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>

namespace reinstate::archive {
namespace {

constexpr std::string_view recovery_heading = "# reinstate recovery key\n";
constexpr std::string_view set_comment = "# set: ";
constexpr std::string_view authentication_comment = "# authentication: ";

// In the order of slot_kind.
constexpr std::array<std::string_view, 7> slot_words = {"passphrase", "code",    "recipient", "keyfile",
                                                        "keyring",    "machine", "readable"};

template <class... Numbers>
std::string formatted(const char* format, Numbers... numbers) {
  char text[64];
  std::snprintf(text, sizeof text, format, numbers...);
  return text;
}

// Reads a number from 1 with leading zeros, in exactly `count` digits.
std::optional<std::uint32_t> parse_digits(std::string_view text, std::size_t count) {
  if (text.size() != count) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + static_cast<std::uint32_t>(c - '0');
  }
  if (value == 0) return std::nullopt;
  return value;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return std::nullopt;
}

// Removes `prefix` and the rest of its line from the front of `text`. Returns that rest, or nullopt if there is none.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view prefix) {
  const std::size_t end = text.find('\n');
  if (!text.starts_with(prefix) || end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(prefix.size(), end - prefix.size());
  text.remove_prefix(end + 1);
  return line;
}

const char* authentication_label(recovery_key_storage storage) noexcept {
  switch (storage) {
    case recovery_key_storage::readable: return "reinstate/v1/backup set authentication, readable";
    case recovery_key_storage::recipient: return "reinstate/v1/backup set authentication, recipient";
    case recovery_key_storage::passphrase: break;
  }
  return "reinstate/v1/backup set authentication";
}

std::optional<secret_bytes> decode_secret(std::string_view text) {
  auto bytes = crypto::base64_decode(text);
  if (!bytes || bytes->size() != 32) return std::nullopt;
  secret_bytes out = secret_bytes::locked_copy_of(*bytes);
  sodium_memzero(bytes->data(), bytes->size());
  return out;
}

}  // namespace

std::string manifest_name(std::uint32_t generation) {
  return formatted("%06u/manifest", generation);
}

std::string manifest_copy_name(std::uint32_t generation) {
  return formatted("%06u/manifest-copy", generation);
}

std::string volume_name(std::uint32_t generation, std::uint32_t volume) {
  return formatted("%06u/licenses-%03u.age", generation, volume);
}

std::string index_name(std::uint32_t generation) {
  return formatted("%06u/index.age", generation);
}

std::string recovery_prefix(std::uint32_t generation) {
  return formatted("recovery-%06u", generation);
}

std::string format_recovery_name(const recovery_name& name) {
  std::string out = recovery_prefix(name.generation);
  out.append("-").append(slot_words.at(static_cast<std::size_t>(name.kind))).append("-");
  for (const std::byte b : name.tag) out += formatted("%02x", std::to_integer<unsigned>(b));
  return out.append(name.kind == slot_kind::readable ? ".txt" : ".age");
}

// Reads the numbers, and compares the name with the only one that these numbers have.
std::optional<recovery_name> parse_recovery_name(std::string_view name) {
  constexpr std::size_t generation_at = 9, kind_at = 16, extension_size = 4, tag_size = 8;
  if (name.size() < kind_at + 1 + tag_size + extension_size) return std::nullopt;
  const auto generation = parse_digits(name.substr(generation_at, 6), 6);
  const std::size_t tag_at = name.size() - extension_size - tag_size;
  const auto word = std::ranges::find(slot_words, name.substr(kind_at, tag_at - 1 - kind_at));
  if (!generation || word == slot_words.end()) return std::nullopt;
  recovery_name out{*generation, static_cast<slot_kind>(word - slot_words.begin()), {}};
  for (std::size_t i = 0; i != out.tag.size(); ++i) {
    const auto high = hex_digit(name[tag_at + 2 * i]), low = hex_digit(name[tag_at + 2 * i + 1]);
    if (!high || !low) return std::nullopt;
    out.tag[i] = static_cast<std::byte>(*high << 4 | *low);
  }
  if (format_recovery_name(out) != name) return std::nullopt;
  return out;
}

byte_array<4> recovery_tag(byte_span content) noexcept {
  byte_array<4> out;
  std::ranges::copy_n(crypto::hash(content).begin(), out.size(), out.begin());
  return out;
}

std::optional<std::uint32_t> generation_of(std::string_view name) {
  constexpr std::string_view volume = "licenses-", age = ".age";
  if (const auto slot = parse_recovery_name(name)) return slot->generation;
  if (name.size() < 8 || name[6] != '/') return std::nullopt;
  const std::string_view file = name.substr(7);
  const bool is_volume = file.starts_with(volume) && file.ends_with(age) &&
                         file.size() == volume.size() + 3 + age.size() &&
                         parse_digits(file.substr(volume.size(), 3), 3);
  if (file != "manifest" && file != "manifest-copy" && file != "index.age" && !is_volume) return std::nullopt;
  return parse_digits(name.substr(0, 6), 6);
}

bool is_manifest_name(std::string_view name) {
  return name.ends_with("/manifest") && generation_of(name).has_value();
}

x25519_public_key set_keys::recipient() const {
  return crypto::x25519_public_key(recovery);
}

set_keys make_set_keys() {
  return {crypto::random_array<16>(), crypto::random_secret(32), crypto::random_secret(32)};
}

set_keys make_set_keys(const secret_bytes& store_key, recovery_key_storage storage) {
  set_keys keys = make_set_keys();
  keys.authentication = authentication_key(store_key, keys.id, storage);
  return keys;
}

secret_bytes authentication_key(const secret_bytes& store_key, const set_id& id, recovery_key_storage storage) {
  return crypto::hkdf_sha256(store_key.expose(), id, authentication_label(storage));
}

secret_bytes write_recovery(const set_keys& keys) {
  crypto::secret_buffer out;
  const auto append = [&](byte_span bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
  const auto append_text = [&](std::string_view text) { append(crypto::bytes_of(text)); };
  std::string authentication = crypto::base64_encode(keys.authentication.expose());
  append_text(recovery_heading);
  append_text(set_comment);
  append_text(crypto::base64_encode(keys.id));
  append_text("\n");
  append_text(authentication_comment);
  append_text(authentication);
  append_text("\n");
  append(age::identity_text(keys.recovery).expose());
  append_text("\n");
  sodium_memzero(authentication.data(), authentication.size());
  return secret_bytes::locked_copy_of(byte_span(out));
}

result<set_keys> parse_recovery(const secret_bytes& file) {
  std::string_view text = crypto::text_of(file.expose());
  const auto heading = take_line(text, recovery_heading.substr(0, recovery_heading.size() - 1));
  const auto set_line = take_line(text, set_comment);
  const auto authentication_line = take_line(text, authentication_comment);
  const auto identity_line = take_line(text, "");
  if (!heading || !heading->empty() || !set_line || !authentication_line || !identity_line)
    return errc::key_slot_damaged;

  const auto id = crypto::base64_decode(*set_line);
  auto authentication = decode_secret(*authentication_line);
  auto recovery = age::parse_identity(*identity_line);
  if (!id || id->size() != sizeof(set_id) || !authentication || !recovery) return errc::key_slot_damaged;
  set_keys keys;
  std::ranges::copy(*id, keys.id.begin());
  keys.recovery = std::move(*recovery);
  keys.authentication = std::move(*authentication);
  return keys;
}

std::string_view readme_text() {
  return "This folder is a backup of media licenses.\r\n"
         "\r\n"
         "It lets you play what you paid for on another computer when this one is gone. Keep the whole folder\r\n"
         "together, keep what opens it (the passphrase, the printed recovery code or the key file) somewhere else,\r\n"
         "and do not change or rename anything in it.\r\n"
         "\r\n"
         "Each file whose name begins with recovery- is one way to open this backup, and its name says which. If\r\n"
         "one of them says readable, nothing protects this backup: whoever has the folder can restore from it and\r\n"
         "read the licenses. Keep it where nobody else gets at it.\r\n"
         "\r\n"
         "To restore with the reinstate tool:\r\n"
         "\r\n"
         "    reinstate verify THIS-FOLDER\r\n"
         "    reinstate restore THIS-FOLDER --individualize\r\n"
         "\r\n"
         "Add --readable-key to both where nothing protects the backup.\r\n"
         "\r\n"
         "A player that uses reinstate has the same under \"Restore licenses\". It asks for the passphrase or the\r\n"
         "recovery code on a computer other than the one the backup was made on, unless nothing protects it.\r\n"
         "\r\n"
         "To open it without reinstate: the files are ordinary age files (https://age-encryption.org). Use the\r\n"
         "names that your folder has:\r\n"
         "\r\n"
         "    age -d -o key.txt recovery-000001-passphrase-01234567.age\r\n"
         "    age -d -i key.txt 000001/licenses-001.age > licenses.cbor\r\n"
         "\r\n"
         "The first asks for the passphrase. With recovery-...-code-... type the recovery code as it is printed;\r\n"
         "with recovery-...-keyfile-... or -recipient-... add -i and the key file or your own age identity. A file\r\n"
         "recovery-...-readable-... is the key.txt: begin with the second line.\r\n"
         "\r\n"
         "licenses.cbor is a CBOR sequence (RFC 8742); reinstate's docs/format.md describes it. Delete key.txt and\r\n"
         "licenses.cbor afterwards: whoever has them has your licenses.\r\n"
         "\r\n"
         "No software asks you to send this folder or what opens it anywhere. Do not.\r\n";
}

}  // namespace reinstate::archive
