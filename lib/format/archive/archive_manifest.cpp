// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_manifest.hpp"

#include "format/archive/archive_record.hpp"
#include "format/cbor/map_codec.hpp"

namespace reinstate {

template <>
struct cbor::value_codec<archive::listed_volume> {
  static void write(auto& out, const archive::listed_volume& volume) {
    out.array(2);
    out.unsigned_integer(volume.size);
    out.bytes(volume.header);
  }
  static void read(reader& in, archive::listed_volume& volume) noexcept {
    if (in.array() != 2) in.fail();
    volume.size = in.unsigned_integer();
    in.fixed(volume.header);
  }
};

template <>
struct cbor::value_codec<std::vector<archive::listed_volume>> {
  using element = value_codec<archive::listed_volume>;

  static void write(auto& out, const std::vector<archive::listed_volume>& volumes) {
    out.array(volumes.size());
    for (const archive::listed_volume& volume : volumes) element::write(out, volume);
  }
  static void read(reader& in, std::vector<archive::listed_volume>& volumes) {
    const std::uint64_t count = in.array();
    if (count > archive::max_volume) in.fail();
    for (std::uint64_t i = 0; i != count && in.ok(); ++i) element::read(in, volumes.emplace_back());
  }
};

template <>
struct cbor::value_codec<archive::parent_generation> {
  static void write(auto& out, const archive::parent_generation& parent) {
    out.array(2);
    out.unsigned_integer(parent.generation);
    out.bytes(parent.manifest);
  }
  static void read(reader& in, archive::parent_generation& parent) noexcept {
    if (in.array() != 2) in.fail();
    value_codec<std::uint32_t>::read(in, parent.generation);
    in.fixed(parent.manifest);
  }
};

}  // namespace reinstate

namespace reinstate::archive {
namespace {

constexpr std::string_view magic = "reinstate backup manifest";

// The fields, numbered as in docs/format.md: writing, reading and the check for required fields all follow from this
// list.
struct manifest_fields {
  static void visit(auto& manifest, auto&& field) {
    field(1, manifest.version);
    field(2, manifest.set);
    field(3, manifest.generation);
    field(4, manifest.created);
    field(5, manifest.recipient);
    field(6, manifest.recovery_generation);
    field(7, manifest.kept_for);
    field(8, manifest.readme);
    field(9, manifest.volumes);
    field(10, manifest.licenses);
    field(11, manifest.payload_bytes);
    field(12, manifest.parent);
    field(13, manifest.index);
    field(14, manifest.removals);
    field(15, manifest.licenses_in_all);
  }
};

// The checks that the types of the fields do not make.
bool is_valid(const manifest& manifest) noexcept {
  if (manifest.version != format_version || manifest.generation > max_generation ||
      manifest.recovery_generation > max_generation || manifest.volumes.empty())
    return false;
  // A generation without a parent is full: it removes no license.
  if (!manifest.parent) return manifest.removals == 0 && manifest.licenses_in_all == manifest.licenses;
  return manifest.parent->generation != 0 && manifest.parent->generation < manifest.generation;
}

result<manifest> parse_body(byte_span body) {
  cbor::reader in(body);
  manifest out;
  const cbor::found_fields found = cbor::read_fields<manifest_fields>(in, out);
  // The version comes first; a later one may give the other fields another meaning.
  if (out.version > format_version) return errc::backup_version_unsupported;
  if (!found.is_complete || !in.at_end() || !is_valid(out)) return errc::manifest_damaged;
  return out;
}

}  // namespace

std::vector<std::byte> write_manifest(const manifest& manifest, const secret_bytes& authentication) {
  std::vector<std::byte> body;
  cbor::writer fields(body);
  cbor::write_fields<manifest_fields>(fields, manifest);

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
