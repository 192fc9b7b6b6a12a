// SPDX-License-Identifier: BSL-1.0
#include "archive_set.hpp"

#include "age_identity.hpp"
#include "age_recipient.hpp"
#include "base64.hpp"
#include "hkdf.hpp"
#include "random.hpp"
#include "secret_buffer.hpp"
#include "x25519.hpp"

#include <sodium.h>

#include <algorithm>
#include <cassert>
#include <cstdio>

namespace reinstate::archive {
namespace {

constexpr std::string_view recovery_heading = "# reinstate recovery key\n";
constexpr std::string_view set_comment = "# set: ";
constexpr std::string_view authentication_comment = "# authentication: ";

template <class... Numbers>
std::string formatted(const char* format, Numbers... numbers) {
  char text[64];
  std::snprintf(text, sizeof text, format, numbers...);
  return text;
}

// A number from 1, with leading zeros.
std::optional<std::uint32_t> digits(std::string_view text, std::size_t count) {
  if (text.size() != count) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + static_cast<std::uint32_t>(c - '0');
  }
  if (value == 0) return std::nullopt;
  return value;
}

// Takes `prefix` and then one line off the front of `text`.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view prefix) {
  const std::size_t end = text.find('\n');
  if (!text.starts_with(prefix) || end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(prefix.size(), end - prefix.size());
  text.remove_prefix(end + 1);
  return line;
}

const char* authentication_label(recovery_key_storage kept) noexcept {
  switch (kept) {
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

std::string volume_name(std::uint32_t generation, std::uint32_t volume) {
  return formatted("%06u/licenses-%03u.age", generation, volume);
}

std::string index_name(std::uint32_t generation) {
  return formatted("%06u/index.age", generation);
}

std::string recovery_name(std::uint32_t generation, recovery_key_storage kept) {
  return formatted(kept == recovery_key_storage::readable ? "recovery-%06u.txt" : "recovery-%06u.age", generation);
}

std::optional<std::uint32_t> generation_of(std::string_view name) {
  constexpr std::string_view recovery = "recovery-", volume = "licenses-", age = ".age";
  if (name.starts_with(recovery) && (name.ends_with(age) || name.ends_with(".txt")))
    return digits(name.substr(recovery.size(), name.size() - recovery.size() - age.size()), 6);
  if (name.size() < 8 || name[6] != '/') return std::nullopt;
  const std::string_view file = name.substr(7);
  const bool is_volume = file.starts_with(volume) && file.ends_with(age) &&
                         file.size() == volume.size() + 3 + age.size() && digits(file.substr(volume.size(), 3), 3);
  if (file != "manifest" && file != "index.age" && !is_volume) return std::nullopt;
  return digits(name.substr(0, 6), 6);
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

set_keys make_set_keys(const secret_bytes& store_key, recovery_key_storage kept) {
  set_keys keys = make_set_keys();
  keys.authentication = authentication_key(store_key, keys.id, kept);
  return keys;
}

secret_bytes authentication_key(const secret_bytes& store_key, const set_id& id, recovery_key_storage kept) {
  return crypto::hkdf_sha256(store_key.expose(), id, authentication_label(kept));
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
    return errc::recovery_file_damaged;

  const auto id = crypto::base64_decode(*set_line);
  auto authentication = decode_secret(*authentication_line);
  auto recovery = age::parse_identity(*identity_line);
  if (!id || id->size() != sizeof(set_id) || !authentication || !recovery) return errc::recovery_file_damaged;
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
         "together, keep the passphrase somewhere else, and do not change or rename anything in it.\r\n"
         "\r\n"
         "If there is a file recovery-000001.txt (or another number), no passphrase protects this backup: whoever\r\n"
         "has the folder can restore from it and read the licenses. Keep it where nobody else gets at it.\r\n"
         "\r\n"
         "To restore with the reinstate tool:\r\n"
         "\r\n"
         "    reinstate verify THIS-FOLDER\r\n"
         "    reinstate restore THIS-FOLDER --individualize\r\n"
         "\r\n"
         "Add --readable-key to both where no passphrase protects the backup.\r\n"
         "\r\n"
         "A player that uses reinstate has the same under \"Restore licenses\". It asks for the passphrase on a\r\n"
         "computer other than the one the backup was made on, unless none protects it.\r\n"
         "\r\n"
         "To open it without reinstate: the files are ordinary age files (https://age-encryption.org). Use the\r\n"
         "numbers that your folder has:\r\n"
         "\r\n"
         "    age -d -o key.txt recovery-000001.age           asks for the passphrase\r\n"
         "    age -d -i key.txt 000001/licenses-001.age > licenses.cbor\r\n"
         "\r\n"
         "Where there is a recovery-000001.txt, it is the key.txt: begin with the second line.\r\n"
         "\r\n"
         "licenses.cbor is a CBOR sequence (RFC 8742); reinstate's docs/format.md describes it. Delete key.txt and\r\n"
         "licenses.cbor afterwards: whoever has them has your licenses.\r\n"
         "\r\n"
         "No software asks you to send this folder or its passphrase anywhere. Do not.\r\n";
}

}  // namespace reinstate::archive
