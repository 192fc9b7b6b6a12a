// SPDX-License-Identifier: BSL-1.0
#include "core/hex.hpp"
#include "format/cbor/cbor.hpp"
#include "license/metadata.hpp"

#include <reinstate/license.hpp>
#include <reinstate/license_store.hpp>

#include <algorithm>

namespace reinstate {
namespace {

// The keys of the metadata map, see docs/format.md. The key of an empty value is left out.
enum metadata_key : std::uint64_t {
  format = 1,
  issuer = 2,
  title = 3,
  not_before = 4,
  not_after = 5,
  document = 6,
  root = 7,
  statement = 8,
};

template <class Id>
result<Id> parse(std::string_view hex) {
  Id id;
  if (!from_hex(hex, id.bytes)) return errc::invalid_argument;
  return id;
}

std::chrono::sys_seconds instant(std::int64_t seconds) noexcept {
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

// Returns the lower value; a missing one does not count.
template <class T>
std::optional<T> lower_of(const std::optional<T>& a, const std::optional<T>& b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

std::string to_string(const license_id& id) {
  return hex_of(id.bytes);
}
std::string to_string(const key_id& id) {
  return hex_of(id.bytes);
}
result<license_id> parse_license_id(std::string_view hex) {
  return parse<license_id>(hex);
}
result<key_id> parse_key_id(std::string_view hex) {
  return parse<key_id>(hex);
}

std::optional<metadata_view> view_metadata(std::span<const std::byte> metadata) noexcept {
  metadata_view out;
  cbor::reader in(metadata);
  const cbor::map_fields found = cbor::read_map(in, [&](std::uint64_t key) {
    switch (key) {
      case metadata_key::format: out.format = in.text(); return true;
      case metadata_key::issuer: out.issuer = in.text(); return true;
      case metadata_key::title: out.title = in.text(); return true;
      case metadata_key::not_before: out.not_before = instant(in.integer()); return true;
      case metadata_key::not_after: out.not_after = instant(in.integer()); return true;
      case metadata_key::document: out.document = in.text(); return true;
      case metadata_key::root: in.fixed(out.root.emplace().bytes); return true;
      case metadata_key::statement: out.statement = in.bytes(); return true;
      default: return false;
    }
  });
  if (!cbor::complete(in, found, 0)) return std::nullopt;
  return out;
}

license_state furthest_state(const license_state& a, const license_state& b) noexcept {
  return {lower_of(a.uses_left, b.uses_left), lower_of(a.first_use, b.first_use)};
}

std::vector<std::byte> pack_metadata(const license& license) {
  const auto has_text = [](std::string_view text) { return text.empty() ? 0u : 1u; };
  const auto has_value = [](const auto& optional) { return optional ? 1u : 0u; };
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

  const license_rights& rights = license.rights;
  out.map(has_text(license.format) + has_text(license.issuer) + has_text(license.title) + has_value(rights.not_before) +
          has_value(rights.not_after) + has_text(rights.document) + has_value(license.root) +
          (license.statement.empty() ? 0u : 1u));
  text(metadata_key::format, license.format);
  text(metadata_key::issuer, license.issuer);
  text(metadata_key::title, license.title);
  time(metadata_key::not_before, rights.not_before);
  time(metadata_key::not_after, rights.not_after);
  text(metadata_key::document, rights.document);
  if (license.root) {
    out.unsigned_integer(metadata_key::root);
    out.bytes(license.root->bytes);
  }
  if (!license.statement.empty()) {
    out.unsigned_integer(metadata_key::statement);
    out.bytes(license.statement);
  }
  return bytes;
}

license_record as_record(const license& license, std::span<const std::byte> metadata) noexcept {
  return {license.id,    license.key, license.revision,        license.rights.backup,
          license.state, metadata,    license.payload.expose()};
}

result<license> unpack(const license_record& record) {
  const std::optional<metadata_view> view = view_metadata(record.metadata);
  if (!view) return errc::license_damaged;
  license out;
  out.id = record.id;
  out.key = record.key;
  out.revision = record.revision;
  out.format = view->format;
  out.issuer = view->issuer;
  out.title = view->title;
  out.rights = {record.backup, view->not_before, view->not_after, std::string(view->document)};
  out.root = view->root;
  out.statement.assign(view->statement.begin(), view->statement.end());
  out.state = record.state;
  out.payload = secret_bytes::copy_of(record.payload);
  return out;
}

std::string title_of(const license_record& record) {
  return std::string(view_metadata(record.metadata).value_or(metadata_view()).title);
}

std::string short_title_of(const license_record& record) {
  constexpr std::size_t max_size = 256;
  const std::string_view title = view_metadata(record.metadata).value_or(metadata_view()).title;
  if (title.size() <= max_size) return std::string(title);
  std::size_t end = max_size;
  const auto is_inside = [&](std::size_t at) { return (static_cast<unsigned char>(title[at]) & 0xc0) == 0x80; };
  while (max_size - end != 3 && is_inside(end)) --end;  // UTF-8: a character has at most three 10...... bytes
  return std::string(title.substr(0, end));
}

std::optional<key_id> root_of(const license_record& record) noexcept {
  return view_metadata(record.metadata).value_or(metadata_view()).root;
}

std::span<const std::byte> statement_of(const license_record& record) noexcept {
  return view_metadata(record.metadata).value_or(metadata_view()).statement;
}

result<void> put_license(license_store& store, const license& license) {
  result<std::unique_ptr<write_batch>> batch = store.begin_batch();
  if (!batch) return batch.error();
  const std::vector<std::byte> metadata = pack_metadata(license);
  if (const result<void> put = (*batch)->put(as_record(license, metadata)); !put) return put;
  return (*batch)->commit();
}

}  // namespace reinstate
