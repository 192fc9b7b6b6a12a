// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_record.hpp"

#include "format/cbor/cbor.hpp"

#include <algorithm>

namespace reinstate::archive {
namespace {

using cbor::embedded_cbor_tag;

// Types and fields, as docs/format.md numbers them.
enum record_type : std::uint64_t {
  header_type = 0,
  license_type = 1,
  removal_type = 2,
  totals_type = 3,
  index_type = 4
};
enum header_field : std::uint64_t {
  version = 1,
  set = 2,
  generation = 3,
  volume = 4,
  parent = 5,
  machine = 6,
  created = 7
};
enum license_field : std::uint64_t {
  id = 1,
  key = 2,
  revision = 3,
  backup = 4,
  uses_left = 5,
  first_use = 6,
  metadata = 7,
  payload = 8
};
enum removal_field : std::uint64_t { removed_id = 1 };
enum totals_field : std::uint64_t { licenses = 1, payload_bytes = 2, volumes = 3, contents = 4, removals = 5 };
enum index_field : std::uint64_t { entries = 1 };

constexpr std::byte license_kind{1}, removal_kind{2};  // of an index entry

constexpr std::uint64_t bit(std::uint64_t field) {
  return std::uint64_t{1} << field;
}

std::int64_t seconds_of(std::chrono::sys_seconds instant) noexcept {
  return instant.time_since_epoch().count();
}
std::chrono::sys_seconds instant_of(std::int64_t seconds) noexcept {
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

std::size_t integer_size(std::int64_t value) noexcept {
  return cbor::head_size(value >= 0 ? static_cast<std::uint64_t>(value) : ~static_cast<std::uint64_t>(value));
}

std::size_t string_size(std::size_t size) noexcept {
  return cbor::head_size(size) + size;
}

std::uint64_t field_count(const license_record& item) noexcept {
  return 6u + (item.state.uses_left ? 1u : 0u) + (item.state.first_use ? 1u : 0u);
}

// What is inside the byte string: [1, {...}], each key one byte.
std::size_t content_size(const license_record& item) noexcept {
  std::size_t size = 3 + static_cast<std::size_t>(field_count(item));
  size += 2 * string_size(16);
  size += cbor::head_size(item.revision) + 1;
  if (item.state.uses_left) size += cbor::head_size(*item.state.uses_left);
  if (item.state.first_use) size += integer_size(seconds_of(*item.state.first_use));
  return size + string_size(item.metadata.size()) + string_size(item.payload.size());
}

std::uint32_t read_u32(cbor::reader& in) noexcept {
  const std::uint64_t value = in.unsigned_integer();
  if (value > UINT32_MAX) in.fail();
  return static_cast<std::uint32_t>(value);
}

result<record> parse_header(cbor::reader& in, std::uint64_t& unknown_fields) {
  volume_header out;
  const cbor::map_fields found = cbor::read_map(in, [&](std::uint64_t field) {
    switch (field) {
      case version: out.version = read_u32(in); return true;
      case set: in.fixed(out.set); return true;
      case generation: out.generation = read_u32(in); return true;
      case volume: out.volume = read_u32(in); return true;
      case parent: in.fixed(out.parent.emplace()); return true;
      case machine: in.fixed(out.machine); return true;
      case created: out.created = instant_of(in.integer()); return true;
      default: return false;
    }
  });
  if (in.ok() && (found.seen & bit(version)) != 0 && out.version > format_version)
    return errc::backup_version_unsupported;
  if (out.version != format_version) in.fail();
  const std::uint64_t required = bit(version) | bit(set) | bit(generation) | bit(volume) | bit(machine) | bit(created);
  unknown_fields = found.unknown;
  if (!cbor::complete(in, found, required)) return errc::backup_damaged;
  return record(out);
}

result<record> parse_license(cbor::reader& in, std::uint64_t& unknown_fields) {
  license_record out;
  const cbor::map_fields found = cbor::read_map(in, [&](std::uint64_t field) {
    switch (field) {
      case id: in.fixed(out.id.bytes); return true;
      case key: in.fixed(out.key.bytes); return true;
      case revision: out.revision = in.unsigned_integer(); return true;
      case backup: {
        const std::uint64_t right = in.unsigned_integer();
        if (right > static_cast<std::uint64_t>(backup_right::managed)) in.fail();
        out.backup = static_cast<backup_right>(right);
        return true;
      }
      case uses_left: out.state.uses_left = in.unsigned_integer(); return true;
      case first_use: out.state.first_use = instant_of(in.integer()); return true;
      case metadata: out.metadata = in.bytes(); return true;
      case payload: out.payload = in.bytes(); return true;
      default: return false;
    }
  });
  const std::uint64_t required = bit(id) | bit(key) | bit(revision) | bit(backup) | bit(metadata) | bit(payload);
  unknown_fields = found.unknown;
  if (!cbor::complete(in, found, required)) return errc::backup_damaged;
  return record(out);
}

result<record> parse_totals(cbor::reader& in, std::uint64_t& unknown_fields) {
  archive_totals out;
  const cbor::map_fields found = cbor::read_map(in, [&](std::uint64_t field) {
    switch (field) {
      case licenses: out.licenses = in.unsigned_integer(); return true;
      case payload_bytes: out.payload_bytes = in.unsigned_integer(); return true;
      case volumes: out.volumes = read_u32(in); return true;
      case contents: in.fixed(out.contents); return true;
      case removals: out.removals = in.unsigned_integer(); return true;
      default: return false;
    }
  });
  const std::uint64_t required = bit(licenses) | bit(payload_bytes) | bit(volumes) | bit(contents) | bit(removals);
  unknown_fields = found.unknown;
  if (!cbor::complete(in, found, required)) return errc::backup_damaged;
  return record(out);
}

result<record> parse_removal(cbor::reader& in, std::uint64_t& unknown_fields) {
  removal_record out;
  const cbor::map_fields found = cbor::read_map(in, [&](std::uint64_t field) {
    if (field != removed_id) return false;
    in.fixed(out.id.bytes);
    return true;
  });
  unknown_fields = found.unknown;
  if (!cbor::complete(in, found, bit(removed_id))) return errc::backup_damaged;
  return record(out);
}

result<record> parse_index(cbor::reader& in, std::uint64_t& unknown_fields) {
  index_block out;
  const cbor::map_fields found = cbor::read_map(in, [&](std::uint64_t field) {
    if (field != entries) return false;
    out.entries = in.bytes();
    return true;
  });
  unknown_fields = found.unknown;
  if (!cbor::complete(in, found, bit(entries)) || out.entries.size() % index_entry_size != 0)
    return errc::backup_damaged;
  return record(out);
}

// Encodes a small record aside, since its length comes first.
template <class Write>
void write_small(crypto::secret_buffer& out, Write write) {
  crypto::secret_buffer content;
  cbor::writer inner(content);
  write(inner);
  cbor::writer outer(out);
  outer.tag(embedded_cbor_tag);
  outer.bytes(content);
}

}  // namespace

std::size_t encoded_size(const license_record& item) noexcept {
  return cbor::head_size(embedded_cbor_tag) + string_size(content_size(item));
}

void write_record(crypto::secret_buffer& out, const license_record& item) {
  cbor::writer to(out);
  to.tag(embedded_cbor_tag);
  to.bytes_head(content_size(item));
  to.array(2);
  to.unsigned_integer(license_type);
  to.map(field_count(item));
  to.unsigned_integer(id);
  to.bytes(item.id.bytes);
  to.unsigned_integer(key);
  to.bytes(item.key.bytes);
  to.unsigned_integer(revision);
  to.unsigned_integer(item.revision);
  to.unsigned_integer(backup);
  to.unsigned_integer(static_cast<std::uint64_t>(item.backup));
  if (item.state.uses_left) {
    to.unsigned_integer(uses_left);
    to.unsigned_integer(*item.state.uses_left);
  }
  if (item.state.first_use) {
    to.unsigned_integer(first_use);
    to.integer(seconds_of(*item.state.first_use));
  }
  to.unsigned_integer(metadata);
  to.bytes(item.metadata);
  to.unsigned_integer(payload);
  to.bytes(item.payload);
}

void write_record(crypto::secret_buffer& out, const volume_header& header) {
  write_small(out, [&](auto& to) {
    to.array(2);
    to.unsigned_integer(header_type);
    to.map(header.parent ? 7 : 6);
    to.unsigned_integer(version);
    to.unsigned_integer(header.version);
    to.unsigned_integer(set);
    to.bytes(header.set);
    to.unsigned_integer(generation);
    to.unsigned_integer(header.generation);
    to.unsigned_integer(volume);
    to.unsigned_integer(header.volume);
    if (header.parent) {
      to.unsigned_integer(parent);
      to.bytes(*header.parent);
    }
    to.unsigned_integer(machine);
    to.bytes(header.machine);
    to.unsigned_integer(created);
    to.integer(seconds_of(header.created));
  });
}

void write_record(crypto::secret_buffer& out, const archive_totals& totals) {
  write_small(out, [&](auto& to) {
    to.array(2);
    to.unsigned_integer(totals_type);
    to.map(5);
    to.unsigned_integer(licenses);
    to.unsigned_integer(totals.licenses);
    to.unsigned_integer(payload_bytes);
    to.unsigned_integer(totals.payload_bytes);
    to.unsigned_integer(volumes);
    to.unsigned_integer(totals.volumes);
    to.unsigned_integer(contents);
    to.bytes(totals.contents);
    to.unsigned_integer(removals);
    to.unsigned_integer(totals.removals);
  });
}

void write_record(crypto::secret_buffer& out, const removal_record& item) {
  write_small(out, [&](auto& to) {
    to.array(2);
    to.unsigned_integer(removal_type);
    to.map(1);
    to.unsigned_integer(removed_id);
    to.bytes(item.id.bytes);
  });
}

void write_record(crypto::secret_buffer& out, const index_block& block) {
  write_small(out, [&](auto& to) {
    to.array(2);
    to.unsigned_integer(index_type);
    to.map(1);
    to.unsigned_integer(entries);
    to.bytes(block.entries);
  });
}

result<parsed_record> parse_record(byte_span content) {
  cbor::reader in(content);
  const std::uint64_t items = in.array();
  const std::uint64_t type = in.unsigned_integer();
  // Of a type that a later version added nothing but the type may be expected.
  const bool is_known = type <= index_type;
  if (!in.ok() || (is_known && items != 2)) return errc::backup_damaged;

  parsed_record out;
  const auto parsed = [&]() -> result<record> {
    switch (type) {
      case header_type: return parse_header(in, out.unknown_fields);
      case license_type: return parse_license(in, out.unknown_fields);
      case removal_type: return parse_removal(in, out.unknown_fields);
      case totals_type: return parse_totals(in, out.unknown_fields);
      case index_type: return parse_index(in, out.unknown_fields);
      default: return record(unknown_record{});
    }
  }();
  if (!parsed) return parsed.error();
  out.record = *parsed;
  return out;
}

index_entry entry_of(const license_record& item) noexcept {
  return {item.id, false, item.revision};
}

index_entry entry_of(const removal_record& item) noexcept {
  return {item.id, true, 0};
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
