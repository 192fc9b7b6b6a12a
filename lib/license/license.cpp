// SPDX-License-Identifier: BSL-1.0
#include "cbor.hpp"

#include <reinstate/license.hpp>
#include <reinstate/license_store.hpp>

#include <algorithm>

namespace reinstate {
namespace {

// The keys of the metadata map, see docs/format.md. A key is left out where there is nothing to say.
enum metadata_key : std::uint64_t { format = 1, issuer = 2, title = 3, not_before = 4, not_after = 5, document = 6 };

template <class Tag>
std::string hex_of(const identifier<Tag>& id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * id.bytes.size());
  for (const std::byte b : id.bytes) {
    text += digits[std::to_integer<unsigned>(b) >> 4];
    text += digits[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

int value_of(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

template <class Id>
result<Id> from_hex(std::string_view hex) {
  Id id;
  if (hex.size() != 2 * id.bytes.size()) return errc::invalid_argument;
  for (std::size_t i = 0; i != id.bytes.size(); ++i) {
    const int high = value_of(hex[2 * i]), low = value_of(hex[2 * i + 1]);
    if (high < 0 || low < 0) return errc::invalid_argument;
    id.bytes[i] = static_cast<std::byte>(high << 4 | low);
  }
  return id;
}

std::chrono::sys_seconds instant(std::int64_t seconds) noexcept {
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

template <class T, class Better>
std::optional<T> better_of(const std::optional<T>& a, const std::optional<T>& b, Better better) {
  if (!a || !b) return a ? a : b;
  return better(*a, *b);
}

// Fills the metadata fields of `into`; false where the map is not one `pack_metadata` or a newer version could write.
bool read_metadata(std::span<const std::byte> metadata, license& into) {
  cbor::reader in(metadata);
  const cbor::map_fields found = cbor::read_map(in, [&](std::uint64_t key) {
    switch (key) {
      case metadata_key::format: into.format = in.text(); return true;
      case metadata_key::issuer: into.issuer = in.text(); return true;
      case metadata_key::title: into.title = in.text(); return true;
      case metadata_key::not_before: into.rights.not_before = instant(in.integer()); return true;
      case metadata_key::not_after: into.rights.not_after = instant(in.integer()); return true;
      case metadata_key::document: into.rights.document = in.text(); return true;
      default: return false;
    }
  });
  return cbor::complete(in, found, 0);
}

}  // namespace

std::string to_string(const license_id& id) {
  return hex_of(id);
}
std::string to_string(const key_id& id) {
  return hex_of(id);
}
result<license_id> parse_license_id(std::string_view hex) {
  return from_hex<license_id>(hex);
}
result<key_id> parse_key_id(std::string_view hex) {
  return from_hex<key_id>(hex);
}

license_state most_used(const license_state& a, const license_state& b) noexcept {
  const auto lower = [](const auto& x, const auto& y) { return std::min(x, y); };
  return {better_of(a.uses_left, b.uses_left, lower), better_of(a.first_use, b.first_use, lower)};
}

std::vector<std::byte> pack_metadata(const license& from) {
  const auto said = [](std::string_view text) { return text.empty() ? 0u : 1u; };
  const auto known = [](const auto& optional) { return optional ? 1u : 0u; };
  std::vector<std::byte> bytes;
  cbor::writer out(bytes);
  const auto text = [&](metadata_key key, std::string_view value) {
    if (value.empty()) return;
    out.unsigned_integer(key);
    out.text(value);
  };
  const auto time = [&](metadata_key key, const std::optional<std::chrono::sys_seconds>& value) {
    if (!value) return;
    out.unsigned_integer(key);
    out.integer(value->time_since_epoch().count());
  };

  const license_rights& rights = from.rights;
  out.map(said(from.format) + said(from.issuer) + said(from.title) + known(rights.not_before) +
          known(rights.not_after) + said(rights.document));
  text(metadata_key::format, from.format);
  text(metadata_key::issuer, from.issuer);
  text(metadata_key::title, from.title);
  time(metadata_key::not_before, rights.not_before);
  time(metadata_key::not_after, rights.not_after);
  text(metadata_key::document, rights.document);
  return bytes;
}

license_record as_record(const license& from, std::span<const std::byte> metadata) noexcept {
  return {from.id, from.key, from.revision, from.rights.backup, from.state, metadata, from.payload.expose()};
}

result<license> unpack(const license_record& record) {
  license out;
  out.id = record.id;
  out.key = record.key;
  out.revision = record.revision;
  out.rights.backup = record.backup;
  out.state = record.state;
  if (!read_metadata(record.metadata, out)) return errc::license_damaged;
  out.payload = secret_bytes::copy_of(record.payload);
  return out;
}

std::string title_of(const license_record& record) {
  license described;
  return read_metadata(record.metadata, described) ? described.title : std::string();
}

result<void> put_license(license_store& store, const license& item) {
  result<std::unique_ptr<write_batch>> batch = store.begin_batch();
  if (!batch) return batch.error();
  const std::vector<std::byte> metadata = pack_metadata(item);
  if (const result<void> put = (*batch)->put(as_record(item, metadata)); !put) return put;
  return (*batch)->commit();
}

}  // namespace reinstate
