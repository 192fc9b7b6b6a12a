// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_record.hpp"

#include "format/cbor/map_codec.hpp"

#include <algorithm>
#include <type_traits>

namespace reinstate {

template <>
struct cbor::value_codec<backup_right> {
  static std::size_t size(backup_right) noexcept { return 1; }
  static void write(auto& out, backup_right value) { out.unsigned_integer(static_cast<std::uint64_t>(value)); }
  static void read(reader& in, backup_right& value) noexcept {
    const std::uint64_t number = in.unsigned_integer();
    if (number > static_cast<std::uint64_t>(backup_right::managed)) return in.fail();
    value = static_cast<backup_right>(number);
  }
};

}  // namespace reinstate

namespace reinstate::archive {
namespace {

// The types and fields of records, numbered as in docs/format.md: writing, reading, the size and the check for required
// fields all follow from these lists.

struct header_fields {
  static constexpr std::uint64_t type = 0;
  static void visit(auto& header, auto&& field) {
    field(1, header.version);
    field(2, header.set);
    field(3, header.generation);
    field(4, header.volume);
    field(5, header.parent);
    field(6, header.machine);
    field(7, header.created);
  }
};

struct license_fields {
  static constexpr std::uint64_t type = 1;
  static void visit(auto& license, auto&& field) {
    field(1, license.id.bytes);
    field(2, license.key.bytes);
    field(3, license.revision);
    field(4, license.backup);
    field(5, license.state.uses_left);
    field(6, license.state.first_use);
    field(7, license.metadata);
    field(8, license.payload);
  }
};

struct removal_fields {
  static constexpr std::uint64_t type = 2;
  static void visit(auto& removal, auto&& field) { field(1, removal.id.bytes); }
};

struct totals_fields {
  static constexpr std::uint64_t type = 3;
  static void visit(auto& totals, auto&& field) {
    field(1, totals.licenses);
    field(2, totals.payload_bytes);
    field(3, totals.volumes);
    field(4, totals.contents);
    field(5, totals.removals);
  }
};

struct index_fields {
  static constexpr std::uint64_t type = 4;
  static void visit(auto& block, auto&& field) { field(1, block.entries); }
};

constexpr std::uint64_t last_type = index_fields::type;

constexpr std::byte license_kind{1}, removal_kind{2};  // of an index entry

// The checks that the types of the fields do not make.
bool is_valid(const volume_header& header) noexcept {
  return header.version == format_version;
}
bool is_valid(const index_block& block) noexcept {
  return block.entries.size() % index_entry_size == 0;
}
bool is_valid(const auto&) noexcept {
  return true;
}

// Returns the size of the content of a record: [type, {...}].
template <class Fields>
std::size_t content_size(const auto& item) noexcept {
  return 1 + cbor::head_size(Fields::type) + cbor::fields_size<Fields>(item);
}

template <class Fields>
void write(crypto::secret_buffer& page, const auto& item) {
  cbor::writer out(page);
  out.tag(cbor::embedded_cbor_tag);
  out.bytes_head(content_size<Fields>(item));
  out.array(2);
  out.unsigned_integer(Fields::type);
  cbor::write_fields<Fields>(out, item);
}

template <class Fields, class Record>
result<parsed_record> parse(cbor::reader& in) {
  Record item;
  const cbor::found_fields found = cbor::read_fields<Fields>(in, item);
  if constexpr (std::is_same_v<Record, volume_header>)
    if (in.ok() && item.version > format_version) return errc::backup_version_unsupported;
  if (!found.is_complete || !in.at_end() || !is_valid(item)) return errc::backup_damaged;
  return parsed_record{item, found.unknown};
}

}  // namespace

std::size_t encoded_size(const license_record& license) noexcept {
  const std::size_t size = content_size<license_fields>(license);
  return cbor::head_size(cbor::embedded_cbor_tag) + cbor::head_size(size) + size;
}

void write_record(crypto::secret_buffer& page, const license_record& license) {
  write<license_fields>(page, license);
}

void write_record(crypto::secret_buffer& page, const volume_header& header) {
  write<header_fields>(page, header);
}

void write_record(crypto::secret_buffer& page, const archive_totals& totals) {
  write<totals_fields>(page, totals);
}

void write_record(crypto::secret_buffer& page, const removal_record& removal) {
  write<removal_fields>(page, removal);
}

void write_record(crypto::secret_buffer& page, const index_block& block) {
  write<index_fields>(page, block);
}

result<parsed_record> parse_record(byte_span content) {
  cbor::reader in(content);
  const std::uint64_t items = in.array();
  const std::uint64_t type = in.unsigned_integer();
  // A record of a type that a later version added may have any number of items after the type.
  const bool is_known = type <= last_type;
  if (!in.ok() || (is_known && items != 2)) return errc::backup_damaged;
  switch (type) {
    case header_fields::type: return parse<header_fields, volume_header>(in);
    case license_fields::type: return parse<license_fields, license_record>(in);
    case removal_fields::type: return parse<removal_fields, removal_record>(in);
    case totals_fields::type: return parse<totals_fields, archive_totals>(in);
    case index_fields::type: return parse<index_fields, index_block>(in);
    default: return parsed_record{unknown_record{}};
  }
}

index_entry entry_of(const license_record& license) noexcept {
  return {license.id, false, license.revision};
}

index_entry entry_of(const removal_record& removal) noexcept {
  return {removal.id, true, 0};
}

index_entry_bytes encode(const index_entry& entry) noexcept {
  index_entry_bytes out{};
  std::ranges::copy(entry.id.bytes, out.begin());
  out[16] = entry.is_removal ? removal_kind : license_kind;
  std::ranges::copy(crypto::big_endian(entry.revision), out.begin() + 17);
  return out;
}

std::optional<index_entry> decode_entry(byte_span bytes) noexcept {
  if (bytes.size() != index_entry_size) return std::nullopt;
  index_entry out;
  std::ranges::copy(bytes.first(16), out.id.bytes.begin());
  out.is_removal = bytes[16] == removal_kind;
  for (const std::byte b : bytes.subspan(17)) out.revision = out.revision << 8 | std::to_integer<std::uint64_t>(b);
  const bool is_known = bytes[16] == license_kind || (out.is_removal && out.revision == 0);
  return is_known ? std::optional(out) : std::nullopt;
}

}  // namespace reinstate::archive
