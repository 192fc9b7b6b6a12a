// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_manifest.hpp"

#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "format/cbor/cbor.hpp"

#include <limits>

using namespace reinstate;
using namespace reinstate::tests;
using namespace reinstate::archive;

namespace {

constexpr std::size_t code_size = 32;

template <class Array>
Array filled(unsigned first) {
  Array out{};
  std::ranges::copy(counting(first, out.size()), out.begin());
  return out;
}

secret_bytes key() {
  return secret_bytes::copy_of(counting(9, 32));
}

manifest described(std::size_t volumes = 2) {
  manifest out;
  out.set = filled<set_id>(0x10);
  out.generation = 3;
  out.created = std::chrono::sys_seconds{std::chrono::seconds{1'800'000'000}};
  out.recipient = filled<x25519_public_key>(0x20);
  out.recovery_generation = 1;
  out.kept_for = filled<crypto::digest>(0x30);
  out.readme = filled<crypto::digest>(0x40);
  for (std::size_t i = 0; i != volumes; ++i)
    out.volumes.push_back({1'000'000'000 + i, filled<crypto::digest>(static_cast<unsigned>(0x50 + i))});
  out.licenses = 20'000;
  out.payload_bytes = 40'000'000;
  out.index = {500'000, filled<crypto::digest>(0x80)};
  out.licenses_in_all = out.licenses;
  return out;
}

error_code error_of(crypto::byte_span file) {
  const guarded exact(file);
  const auto parsed = parse_manifest(exact.get());
  return parsed ? error_code() : parsed.error();
}

// The parts of the file: what it says, with a digest and a code that fit.
bytes file_with(crypto::byte_span body, std::string_view magic = "reinstate backup manifest") {
  bytes file;
  cbor::writer out(file);
  out.text(magic);
  out.bytes(body);
  out.bytes(crypto::hash(body));
  out.bytes(crypto::keyed_hash(key(), body));
  return file;
}

// Makes it an update of an earlier generation.
void build_on_another(manifest& what) {
  what.parent = parent_generation{what.generation - 1, filled<crypto::digest>(0x70)};
  what.removals = 4;
  what.licenses_in_all = what.licenses + 5;
}

bytes body_of(const manifest& from) {
  const bytes file = write_manifest(from, key());
  return parse_manifest(file)->body;
}

}  // namespace

TEST_CASE("a manifest comes back and is authentic", "[archive]") {
  manifest from = described(GENERATE(1u, 2u, 23u, 24u, 999u));
  if (GENERATE(true, false)) build_on_another(from);
  if (GENERATE(true, false)) from.kept_for.reset();
  const guarded file(write_manifest(from, key()));
  const auto parsed = parse_manifest(file.get());
  REQUIRE(parsed.has_value());
  CHECK(parsed->manifest == from);
  CHECK(is_authentic(*parsed, key()));
  CHECK((file_with(parsed->body) == write_manifest(from, key())));
}

TEST_CASE("a manifest holds numbers up to their limits", "[archive]") {
  manifest from = described(1);
  from.generation = from.recovery_generation = max_generation;
  from.licenses = from.licenses_in_all = from.payload_bytes = from.volumes[0].size = from.index.size = UINT64_MAX;
  from.created = std::chrono::sys_seconds{std::chrono::seconds{GENERATE(INT64_MIN, std::int64_t{-1}, INT64_MAX)}};
  const auto parsed = parse_manifest(write_manifest(from, key()));
  REQUIRE(parsed.has_value());
  CHECK(parsed->manifest == from);
}

TEST_CASE("the largest manifest is not larger than what is read", "[archive]") {
  manifest from = described(max_volume);
  for (listed_volume& volume : from.volumes) volume.size = UINT64_MAX;
  build_on_another(from);
  CHECK(write_manifest(from, key()).size() <= max_manifest_size);
}

TEST_CASE("a manifest is not authentic under any other key", "[archive]") {
  const bytes file = write_manifest(described(), key());
  const auto parsed = parse_manifest(file);
  REQUIRE(parsed.has_value());
  secret_bytes other = key();
  for (std::size_t bit = 0; bit != 8 * other.size(); ++bit) {
    other.expose_writable()[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    CHECK_FALSE(is_authentic(*parsed, other));
    other.expose_writable()[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  }
  CHECK(is_authentic(*parsed, other));
}

TEST_CASE("a manifest with any bit flipped is damaged, or not authentic where the code was hit", "[archive]") {
  manifest from = described(1);
  build_on_another(from);
  const bytes original = write_manifest(from, key());
  guarded file(original);
  for (std::size_t bit = 0; bit != 8 * original.size(); ++bit) {
    INFO("bit " << bit);
    file.writable()[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    const auto parsed = parse_manifest(file.get());
    if (bit / 8 >= original.size() - code_size) {
      REQUIRE(parsed.has_value());
      CHECK_FALSE(is_authentic(*parsed, key()));
    } else {
      REQUIRE(parsed.has_error());
      CHECK(parsed.error() == errc::manifest_damaged);
    }
    file.writable()[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  }
}

TEST_CASE("a manifest that was changed and given a fitting digest is not authentic", "[archive]") {
  manifest from = described(1);
  build_on_another(from);
  const bytes original = body_of(from);
  const crypto::digest code = crypto::keyed_hash(key(), original);
  for (std::size_t bit = 0; bit != 8 * original.size(); ++bit) {
    INFO("bit " << bit);
    bytes body = original;
    body[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    bytes file = file_with(body);
    std::ranges::copy(code, file.end() - static_cast<std::ptrdiff_t>(code_size));  // no key, no other code
    const guarded exact(file);
    const auto parsed = parse_manifest(exact.get());
    if (parsed)
      CHECK_FALSE(is_authentic(*parsed, key()));
    else
      CHECK((parsed.error() == errc::manifest_damaged || parsed.error() == errc::backup_version_unsupported));
  }
}

TEST_CASE("a manifest cut anywhere, or with something behind it, is damaged", "[archive]") {
  bytes file = write_manifest(described(), key());
  for (std::size_t size = 0; size != file.size(); ++size)
    CHECK(error_of(crypto::byte_span(file).first(size)) == errc::manifest_damaged);
  file.push_back(cbor::null_item);
  CHECK(error_of(file) == errc::manifest_damaged);
}

TEST_CASE("a manifest whose body is cut anywhere is damaged although its digest fits", "[archive]") {
  bytes body = body_of(described());
  CHECK(error_of(file_with(body)) == error_code());
  for (std::size_t size = 0; size != body.size(); ++size)
    CHECK(error_of(file_with(crypto::byte_span(body).first(size))) == errc::manifest_damaged);
  body.push_back(cbor::null_item);
  CHECK(error_of(file_with(body)) == errc::manifest_damaged);
}

TEST_CASE("a file that is no manifest is damaged", "[archive]") {
  const bytes body = body_of(described());
  CHECK(error_of({}) == errc::manifest_damaged);
  CHECK(error_of(bytes(1000)) == errc::manifest_damaged);
  CHECK(error_of(file_with(body, "reinstate backup manifesto")) == errc::manifest_damaged);
  CHECK(error_of(file_with(body, "")) == errc::manifest_damaged);
}

TEST_CASE("a manifest of a newer version says so, whatever follows its version", "[archive]") {
  manifest newer = described();
  newer.version = GENERATE(2u, UINT32_MAX);
  CHECK(error_of(write_manifest(newer, key())) == errc::backup_version_unsupported);

  bytes body;
  cbor::writer to(body);
  to.map(2);
  to.unsigned_integer(1);
  to.unsigned_integer(newer.version);
  to.unsigned_integer(2);
  to.text("something else by then");
  CHECK(error_of(file_with(body)) == errc::backup_version_unsupported);
}

TEST_CASE("a manifest with a field that only newer versions know is read", "[archive]") {
  bytes body = body_of(described());
  REQUIRE(body[0] == std::byte{0xae});  // a map of 14
  body[0] = std::byte{0xaf};
  const bytes field = from_hex("1864a1018201f6");
  body.insert(body.end(), field.begin(), field.end());
  const auto parsed = parse_manifest(file_with(body));
  REQUIRE(parsed.has_value());
  CHECK(parsed->manifest == described());
  CHECK(is_authentic(*parsed, key()));
}

TEST_CASE("a manifest with a field twice, out of order or missing is damaged", "[archive]") {
  const manifest from = described();
  const bytes body = body_of(from);
  const auto version = crypto::byte_span(body).subspan(1, 2);  // 1: 1
  const auto rest = crypto::byte_span(body).subspan(3);
  const auto assembled = [](unsigned pairs, std::initializer_list<crypto::byte_span> parts) {
    bytes out = repeated(0xa0 + pairs, 1);
    for (const auto part : parts) out.insert(out.end(), part.begin(), part.end());
    return file_with(out);
  };
  CHECK(error_of(assembled(14, {version, rest})) == error_code());
  CHECK(error_of(assembled(13, {rest})) == errc::manifest_damaged);
  CHECK(error_of(assembled(15, {version, version, rest})) == errc::manifest_damaged);
  CHECK(error_of(assembled(14, {rest, version})) == errc::manifest_damaged);
  CHECK(error_of(assembled(14, {from_hex("0001"), rest})) == errc::manifest_damaged);
}

TEST_CASE("a manifest without any one of the fields it must have is damaged", "[archive]") {
  manifest from = described(1);
  build_on_another(from);
  const bytes body = body_of(from);
  // Where each field begins, told by reading over it.
  std::vector<std::size_t> starts;
  std::vector<std::uint64_t> keys;
  cbor::reader in(body);
  REQUIRE(in.map() == 15);
  for (unsigned i = 0; i != 15; ++i) {
    starts.push_back(body.size() - in.rest().size());
    keys.push_back(in.unsigned_integer());
    REQUIRE(keys.back() == i + 1);
    in.skip();
  }
  REQUIRE((in.ok() && in.at_end()));
  starts.push_back(body.size());
  for (std::size_t i = 0; i != keys.size(); ++i) {
    INFO("field " << keys[i]);
    bytes without = repeated(0xae, 1);
    without.insert(without.end(), body.begin() + 1, body.begin() + static_cast<std::ptrdiff_t>(starts[i]));
    without.insert(without.end(), body.begin() + static_cast<std::ptrdiff_t>(starts[i + 1]), body.end());
    const bool is_optional = keys[i] == 7;
    // Without a parent it would have to hold everything, which it does not say it does.
    CHECK(error_of(file_with(without)) == (is_optional ? error_code() : errc::manifest_damaged));
  }
}

TEST_CASE("a manifest builds on a generation before its own or on none", "[archive]") {
  manifest from = described();
  build_on_another(from);
  CHECK(error_of(write_manifest(from, key())) == error_code());
  for (const std::uint32_t parent : {0u, from.generation, from.generation + 1, max_generation}) {
    INFO("parent " << parent);
    from.parent->generation = parent;
    CHECK(error_of(write_manifest(from, key())) == errc::manifest_damaged);
  }
  from.parent->generation = 1;  // not the one right before: that one may have been removed, or never finished
  CHECK(error_of(write_manifest(from, key())) == error_code());
}

TEST_CASE("a manifest that builds on none holds everything and removes nothing", "[archive]") {
  manifest from = described();
  from.removals = 1;
  CHECK(error_of(write_manifest(from, key())) == errc::manifest_damaged);
  from.removals = 0;
  for (const std::uint64_t in_all : {std::uint64_t{0}, from.licenses - 1, from.licenses + 1, UINT64_MAX}) {
    INFO(in_all << " licenses in all");
    from.licenses_in_all = in_all;
    CHECK(error_of(write_manifest(from, key())) == errc::manifest_damaged);
  }
  from.licenses = from.licenses_in_all = 0;
  CHECK(error_of(write_manifest(from, key())) == error_code());
}

TEST_CASE("the digest of a whole manifest is what the next generation knows it by", "[archive]") {
  const bytes file = write_manifest(described(), key());
  CHECK(parse_manifest(file)->digest == crypto::hash(file));
}

TEST_CASE("a manifest lists from 1 to 999 volumes", "[archive]") {
  CHECK(error_of(write_manifest(described(0), key())) == errc::manifest_damaged);
  CHECK(error_of(write_manifest(described(1), key())) == error_code());
  CHECK(error_of(write_manifest(described(999), key())) == error_code());
  CHECK(error_of(write_manifest(described(1000), key())) == errc::manifest_damaged);
}

TEST_CASE("a manifest counts generations up to the largest a name can hold", "[archive]") {
  manifest from = described();
  from.generation = max_generation + 1;
  CHECK(error_of(write_manifest(from, key())) == errc::manifest_damaged);
  from = described();
  from.recovery_generation = max_generation + 1;
  CHECK(error_of(write_manifest(from, key())) == errc::manifest_damaged);
}
