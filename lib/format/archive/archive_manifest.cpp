// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_manifest.hpp"

#include "format/archive/archive_record.hpp"
#include "format/cbor/cbor.hpp"

namespace reinstate::archive {
namespace {

constexpr std::string_view magic = "reinstate backup manifest";

// As docs/format.md numbers them.
enum field : std::uint64_t {
  version = 1,
  set = 2,
  generation = 3,
  created = 4,
  recipient = 5,
  recovery_generation = 6,
  kept_for = 7,
  readme = 8,
  volumes = 9,
  licenses = 10,
  payload_bytes = 11,
  parent = 12,
  index = 13,
  removals = 14,
  licenses_in_all = 15
};
constexpr std::uint64_t fields = licenses_in_all;

std::uint32_t read_number(cbor::reader& in, std::uint32_t most) noexcept {
  const std::uint64_t value = in.unsigned_integer();
  if (value > most) in.fail();
  return static_cast<std::uint32_t>(value);
}

listed_volume read_volume(cbor::reader& in) noexcept {
  listed_volume out;
  if (in.array() != 2) in.fail();
  out.size = in.unsigned_integer();
  in.fixed(out.header);
  return out;
}

template <class Writer>
void write_volume(Writer& to, const listed_volume& volume) {
  to.array(2);
  to.unsigned_integer(volume.size);
  to.bytes(volume.header);
}

parent_generation read_parent(cbor::reader& in) noexcept {
  parent_generation out;
  if (in.array() != 2) in.fail();
  out.generation = read_number(in, max_generation);
  in.fixed(out.manifest);
  return out;
}

void read_volumes(cbor::reader& in, std::vector<listed_volume>& into) {
  const std::uint64_t count = in.array();
  if (count == 0 || count > max_volume) return in.fail();
  for (std::uint64_t i = 0; i != count && in.ok(); ++i) into.push_back(read_volume(in));
}

// False for a key of a later version.
bool read_field(cbor::reader& in, std::uint64_t key, manifest& into) {
  switch (key) {
    case version: into.version = read_number(in, UINT32_MAX); return true;
    case set: in.fixed(into.set); return true;
    case generation: into.generation = read_number(in, max_generation); return true;
    case created: into.created = std::chrono::sys_seconds{std::chrono::seconds{in.integer()}}; return true;
    case recipient: in.fixed(into.recipient); return true;
    case recovery_generation: into.recovery_generation = read_number(in, max_generation); return true;
    case kept_for: in.fixed(into.kept_for.emplace()); return true;
    case readme: in.fixed(into.readme); return true;
    case volumes: read_volumes(in, into.volumes); return true;
    case licenses: into.licenses = in.unsigned_integer(); return true;
    case payload_bytes: into.payload_bytes = in.unsigned_integer(); return true;
    case parent: into.parent = read_parent(in); return true;
    case index: into.index = read_volume(in); return true;
    case removals: into.removals = in.unsigned_integer(); return true;
    case licenses_in_all: into.licenses_in_all = in.unsigned_integer(); return true;
    default: return false;
  }
}

result<manifest> parse_body(byte_span body) {
  cbor::reader in(body);
  manifest out;
  bool newer = false;
  const cbor::map_fields found = cbor::read_map(in, [&](std::uint64_t key) {
    const bool known = read_field(in, key, out);
    // The version comes first, and a later one says nothing of what follows it.
    newer = newer || (key == version && in.ok() && out.version > format_version);
    if (newer) in.fail();
    return known;
  });
  if (newer) return errc::backup_version_unsupported;
  constexpr std::uint64_t optional = cbor::bit(kept_for) | cbor::bit(parent);
  constexpr std::uint64_t required = (cbor::bit(fields + 1) - 1) & ~cbor::bit(0) & ~optional;
  if (!cbor::complete(in, found, required) || out.version != format_version) return errc::manifest_damaged;
  // It builds on an earlier one, and only then there is something to remove.
  const bool is_sound = out.parent ? out.parent->generation != 0 && out.parent->generation < out.generation
                                   : out.removals == 0 && out.licenses_in_all == out.licenses;
  if (!is_sound) return errc::manifest_damaged;
  return out;
}

}  // namespace

std::vector<std::byte> write_manifest(const manifest& from, const secret_bytes& authentication) {
  std::vector<std::byte> body;
  cbor::writer to(body);
  to.map(fields - 2 + (from.kept_for ? 1 : 0) + (from.parent ? 1 : 0));
  to.unsigned_integer(version);
  to.unsigned_integer(from.version);
  to.unsigned_integer(set);
  to.bytes(from.set);
  to.unsigned_integer(generation);
  to.unsigned_integer(from.generation);
  to.unsigned_integer(created);
  to.integer(from.created.time_since_epoch().count());
  to.unsigned_integer(recipient);
  to.bytes(from.recipient);
  to.unsigned_integer(recovery_generation);
  to.unsigned_integer(from.recovery_generation);
  if (from.kept_for) {
    to.unsigned_integer(kept_for);
    to.bytes(*from.kept_for);
  }
  to.unsigned_integer(readme);
  to.bytes(from.readme);
  to.unsigned_integer(volumes);
  to.array(from.volumes.size());
  for (const listed_volume& volume : from.volumes) write_volume(to, volume);
  to.unsigned_integer(licenses);
  to.unsigned_integer(from.licenses);
  to.unsigned_integer(payload_bytes);
  to.unsigned_integer(from.payload_bytes);
  if (from.parent) {
    to.unsigned_integer(parent);
    to.array(2);
    to.unsigned_integer(from.parent->generation);
    to.bytes(from.parent->manifest);
  }
  to.unsigned_integer(index);
  write_volume(to, from.index);
  to.unsigned_integer(removals);
  to.unsigned_integer(from.removals);
  to.unsigned_integer(licenses_in_all);
  to.unsigned_integer(from.licenses_in_all);

  std::vector<std::byte> file;
  cbor::writer out(file);
  out.text(magic);
  out.bytes(body);
  out.bytes(crypto::hash(body));
  out.bytes(crypto::keyed_hash(authentication, body));
  return file;
}

result<parsed_manifest> parse_manifest(byte_span file) {
  cbor::reader in(file);
  crypto::digest content{};
  parsed_manifest out;
  const bool is_manifest = in.text() == magic;
  const byte_span body = in.bytes();
  in.fixed(content);
  in.fixed(out.mac);
  if (!in.ok() || !in.at_end() || !is_manifest || !crypto::equal(crypto::hash(body), content))
    return errc::manifest_damaged;

  result<manifest> parsed = parse_body(body);
  if (!parsed) return parsed.error();
  out.manifest = std::move(*parsed);
  out.body.assign(body.begin(), body.end());
  out.digest = crypto::hash(file);
  return out;
}

bool is_authentic(const parsed_manifest& manifest, const secret_bytes& authentication) {
  return crypto::equal(crypto::keyed_hash(authentication, manifest.body), manifest.mac);
}

}  // namespace reinstate::archive
