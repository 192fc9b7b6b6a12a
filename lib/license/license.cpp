// SPDX-License-Identifier: BSL-1.0
#include "core/hex.hpp"
#include "format/cbor/cbor.hpp"
#include "license/metadata.hpp"

#include <reinstate/license.hpp>
#include <reinstate/license_store.hpp>

#include <algorithm>

namespace reinstate {
namespace {

// The keys of the metadata map, see docs/format.md. A key is left out where there is nothing to say.
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

template <class T, class Better>
std::optional<T> better_of(const std::optional<T>& a, const std::optional<T>& b, Better better) {
  if (!a || !b) return a ? a : b;
  return better(*a, *b);
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
          known(rights.not_after) + said(rights.document) + known(from.root) + (from.statement.empty() ? 0u : 1u));
  text(metadata_key::format, from.format);
  text(metadata_key::issuer, from.issuer);
  text(metadata_key::title, from.title);
  time(metadata_key::not_before, rights.not_before);
  time(metadata_key::not_after, rights.not_after);
  text(metadata_key::document, rights.document);
  if (from.root) {
    out.unsigned_integer(metadata_key::root);
    out.bytes(from.root->bytes);
  }
  if (!from.statement.empty()) {
    out.unsigned_integer(metadata_key::statement);
    out.bytes(from.statement);
  }
  return bytes;
}

license_record as_record(const license& from, std::span<const std::byte> metadata) noexcept {
  return {from.id, from.key, from.revision, from.rights.backup, from.state, metadata, from.payload.expose()};
}

result<license> unpack(const license_record& record) {
  const std::optional<metadata_view> described = view_metadata(record.metadata);
  if (!described) return errc::license_damaged;
  license out;
  out.id = record.id;
  out.key = record.key;
  out.revision = record.revision;
  out.format = described->format;
  out.issuer = described->issuer;
  out.title = described->title;
  out.rights = {record.backup, described->not_before, described->not_after, std::string(described->document)};
  out.root = described->root;
  out.statement.assign(described->statement.begin(), described->statement.end());
  out.state = record.state;
  out.payload = secret_bytes::copy_of(record.payload);
  return out;
}

std::string title_of(const license_record& record) {
  return std::string(view_metadata(record.metadata).value_or(metadata_view()).title);
}

std::string short_title_of(const license_record& item) {
  constexpr std::size_t most = 256;
  const std::string_view title = view_metadata(item.metadata).value_or(metadata_view()).title;
  if (title.size() <= most) return std::string(title);
  std::size_t end = most;
  const auto is_inside = [&](std::size_t at) { return (static_cast<unsigned char>(title[at]) & 0xc0) == 0x80; };
  while (most - end != 3 && is_inside(end)) --end;  // UTF-8: 10...... goes on, at most three times
  return std::string(title.substr(0, end));
}

std::optional<key_id> root_of(const license_record& record) noexcept {
  return view_metadata(record.metadata).value_or(metadata_view()).root;
}

std::span<const std::byte> statement_of(const license_record& record) noexcept {
  return view_metadata(record.metadata).value_or(metadata_view()).statement;
}

result<void> put_license(license_store& store, const license& item) {
  result<std::unique_ptr<write_batch>> batch = store.begin_batch();
  if (!batch) return batch.error();
  const std::vector<std::byte> metadata = pack_metadata(item);
  if (const result<void> put = (*batch)->put(as_record(item, metadata)); !put) return put;
  return (*batch)->commit();
}

}  // namespace reinstate
