// SPDX-License-Identifier: BSL-1.0
#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "format/cbor/cbor.hpp"
#include "license/metadata.hpp"

#include <reinstate/license.hpp>

#include <limits>
#include <optional>
#include <string>

using namespace reinstate;
using namespace reinstate::tests;
using std::chrono::sys_seconds;

namespace {

sys_seconds at(std::int64_t seconds) {
  return sys_seconds{std::chrono::seconds{seconds}};
}

license described() {
  license out;
  std::ranges::copy(counting(0x10, 16), out.id.bytes.begin());
  std::ranges::copy(counting(0x20, 16), out.key.bytes.begin());
  out.revision = 7;
  out.format = "clearkey";
  out.issuer = "https://issuer.example";
  out.title =
      "Der Gr\xc3\xbc"
      "ffelo";
  out.rights.backup = backup_right::granted;
  out.rights.not_before = at(1'700'000'000);
  out.rights.not_after = at(1'900'000'000);
  out.rights.document = "<rights/>";
  std::ranges::copy(counting(0x30, 16), out.root.emplace().bytes.begin());
  out.state.uses_left = 3;
  out.state.first_use = at(1'750'000'000);
  out.payload = secret_bytes::copy_of(counting(1, 48));
  return out;
}

bool same(const license& a, const license& b) {
  return a.id == b.id && a.key == b.key && a.revision == b.revision && a.format == b.format && a.issuer == b.issuer &&
         a.title == b.title && a.rights.backup == b.rights.backup && a.rights.not_before == b.rights.not_before &&
         a.rights.not_after == b.rights.not_after && a.rights.document == b.rights.document && a.root == b.root &&
         a.statement == b.statement && a.state == b.state && a.payload == b.payload;
}

result<license> round_trip(const license& from) {
  const guarded metadata(pack_metadata(from));
  return unpack(as_record(from, metadata.get()));
}

license_record record_with(crypto::byte_span metadata) {
  license_record out;
  out.metadata = metadata;
  return out;
}

}  // namespace

TEST_CASE("a license comes back as it was packed", "[license]") {
  license from = described();
  from.rights.backup = GENERATE(backup_right::denied, backup_right::granted, backup_right::managed);
  from.state.uses_left = GENERATE(std::optional<std::uint64_t>(), std::optional<std::uint64_t>(0),
                                  std::optional<std::uint64_t>(UINT64_MAX));
  from.state.first_use =
      GENERATE(std::optional<sys_seconds>(), std::optional<sys_seconds>(at(0)), std::optional<sys_seconds>(at(-1)));
  from.revision = GENERATE(std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX);
  const auto back = round_trip(from);
  REQUIRE(back.has_value());
  CHECK(same(*back, from));
}

TEST_CASE("metadata comes back whichever of it there is", "[license]") {
  const unsigned present = GENERATE(range(0u, 256u));
  license from;
  if (present & 1) from.format = "lcp";
  if (present & 2) from.issuer = std::string(300, 'i');
  if (present & 4) from.title = "t";
  if (present & 8) from.rights.not_before = at(std::numeric_limits<std::int64_t>::min());
  if (present & 16) from.rights.not_after = at(std::numeric_limits<std::int64_t>::max());
  if (present & 32) from.rights.document = std::string(70000, 'd');
  if (present & 64) from.root = described().key;
  if (present & 128) from.statement = counting(1, 300);
  const auto back = round_trip(from);
  REQUIRE(back.has_value());
  CHECK(same(*back, from));
  const bytes metadata = pack_metadata(from);
  CHECK(title_of(record_with(metadata)) == from.title);
  CHECK(root_of(record_with(metadata)) == from.root);
  CHECK(std::ranges::equal(statement_of(record_with(metadata)), from.statement));
}

TEST_CASE("a payload of any size comes back", "[license]") {
  const std::size_t size = GENERATE(0u, 1u, 16u, 100000u);
  license from = described();
  from.payload = secret_bytes::copy_of(counting(3, size));
  const auto back = round_trip(from);
  REQUIRE(back.has_value());
  CHECK(back->payload == from.payload);
}

TEST_CASE("a record refers to the license and to the metadata it was made of", "[license]") {
  const license from = described();
  const bytes metadata = pack_metadata(from);
  const license_record record = as_record(from, metadata);
  CHECK(record.metadata.data() == metadata.data());
  CHECK(record.payload.data() == from.payload.expose().data());
}

TEST_CASE("metadata that a newer version knows more of is read", "[license]") {
  bytes metadata;
  cbor::writer to(metadata);
  to.map(4);
  to.unsigned_integer(3);
  to.text("title");
  to.unsigned_integer(9);
  to.array(2);
  to.map(1);
  to.text("nested");
  to.tag(1);
  to.unsigned_integer(5);
  to.bytes(counting(0, 30));
  to.unsigned_integer(1000);
  to.text("new");
  to.unsigned_integer(UINT64_MAX);
  to.integer(-5);
  const guarded exact(metadata);
  const auto back = unpack(record_with(exact.get()));
  REQUIRE(back.has_value());
  CHECK(back->title == "title");
  CHECK(back->format.empty());
}

TEST_CASE("metadata cut anywhere is damaged", "[license]") {
  const bytes metadata = pack_metadata(described());
  for (std::size_t size = 0; size != metadata.size(); ++size) {
    const guarded cut(crypto::byte_span(metadata).first(size));
    const auto back = unpack(record_with(cut.get()));
    REQUIRE(back.has_error());
    CHECK(back.error() == errc::license_damaged);
    CHECK(title_of(record_with(cut.get())).empty());
    CHECK_FALSE(root_of(record_with(cut.get())).has_value());
  }
}

TEST_CASE("metadata that is no map of this kind is damaged", "[license]") {
  const char* hex = GENERATE("f6", "80", "4100", "a10101",                // the format is no text
                             "a1034101",                                  // the title is no text
                             "a1046131",                                  // a time is no number
                             "a1076131",                                  // a root is no bytes
                             "a1074f000102030405060708090a0b0c0d0e",      // a root is too short
                             "a10751000102030405060708090a0b0c0d0e0f10",  // and too long
                             "a1206131",                                  // a key is no unsigned number
                             "a000",                                      // something follows
                             "a2016131", "bf016131ff", "a101786131");
  INFO(hex);
  const guarded metadata(from_hex(hex));
  const auto back = unpack(record_with(metadata.get()));
  REQUIRE(back.has_error());
  CHECK(back.error() == errc::license_damaged);
}

TEST_CASE("a license without a root has the metadata it always had", "[license]") {
  license from;
  from.format = "opaque";
  from.title = "A film";
  CHECK(to_hex(pack_metadata(from)) == "a201666f70617175650366412066696c6d");
  from.root.emplace().bytes.fill(std::byte{0x11});
  CHECK(to_hex(pack_metadata(from)) == "a301666f70617175650366412066696c6d0750" + std::string(32, '1'));
}

TEST_CASE("a title in a report is cut between two characters", "[license]") {
  const auto shortened = [](std::string title) {
    license from;
    from.title = std::move(title);
    return short_title_of(record_with(pack_metadata(from)));
  };
  const std::string most(256, 't');
  CHECK(shortened("").empty());
  CHECK(shortened(most) == most);
  CHECK(shortened(most + "t") == most);
  CHECK(shortened(most.substr(1) + "\xc3\xbc") == most.substr(1));
  CHECK(shortened(most.substr(2) + "\xc3\xbc" + "x") == most.substr(2) + "\xc3\xbc");
  CHECK(shortened(std::string(300, '\x80')) == std::string(253, '\x80'));  // not UTF-8: no character begins earlier
}

TEST_CASE("any flipped bit of metadata is read or refused, without harm", "[license]") {
  guarded metadata(pack_metadata(described()));
  for (std::size_t bit = 0; bit != 8 * metadata.get().size(); ++bit) {
    metadata.writable()[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    const auto back = unpack(record_with(metadata.get()));
    if (back.has_error()) CHECK(back.error() == errc::license_damaged);
    metadata.writable()[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  }
}

TEST_CASE("identifiers are written as 32 lower-case digits and read back", "[license]") {
  license_id id;
  std::ranges::copy(from_hex("00112233445566778899aabbccddeeff"), id.bytes.begin());
  CHECK(to_string(id) == "00112233445566778899aabbccddeeff");
  CHECK(parse_license_id(to_string(id)).value() == id);
  key_id key;
  key.bytes = id.bytes;
  CHECK(to_string(key) == to_string(id));
  CHECK(parse_key_id(to_string(key)).value() == key);
}

TEST_CASE("an identifier is 32 lower-case hexadecimal digits and nothing else", "[license]") {
  const std::string good = "00112233445566778899aabbccddeeff";
  const std::string text = GENERATE_COPY(values<std::string>(
      {"", "0", good.substr(1), good + "0", good + "00", " " + good.substr(1), good + "\n",
       "00112233445566778899AABBCCDDEEFF", "0x112233445566778899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff",
       "g" + good.substr(1), "/" + good.substr(1), ":" + good.substr(1), "`" + good.substr(1), "\xe1" + good.substr(1),
       std::string(1, '\0') + good.substr(1)}));
  INFO(text);
  REQUIRE(parse_license_id(text).has_error());
  CHECK(parse_license_id(text).error() == errc::invalid_argument);
  REQUIRE(parse_key_id(text).has_error());
  CHECK(parse_key_id(text).error() == errc::invalid_argument);
}

TEST_CASE("identifiers are ordered as their digits are", "[license]") {
  const auto low = parse_license_id("00112233445566778899aabbccddeeff").value();
  const auto high = parse_license_id("80112233445566778899aabbccddee00").value();
  CHECK(low < high);
  CHECK(to_string(low) < to_string(high));
}

TEST_CASE("of two states the one that is used more counts, in each respect", "[license]") {
  using uses = std::optional<std::uint64_t>;
  using first = std::optional<sys_seconds>;
  struct row {
    license_state a, b, most;
  };
  const row rows[] = {
      {{uses(5), first()}, {uses(3), first()}, {uses(3), first()}},
      {{uses(), first()}, {uses(3), first()}, {uses(3), first()}},
      {{uses(0), first()}, {uses(), first()}, {uses(0), first()}},
      {{uses(), first()}, {uses(), first()}, {uses(), first()}},
      {{uses(), first(at(5))}, {uses(), first(at(9))}, {uses(), first(at(5))}},
      {{uses(), first()}, {uses(), first(at(9))}, {uses(), first(at(9))}},
      {{uses(5), first(at(5))}, {uses(3), first(at(9))}, {uses(3), first(at(5))}},
      {{uses(5), first(at(-7))}, {uses(), first(at(0))}, {uses(5), first(at(-7))}},
  };
  for (const row& r : rows) {
    CHECK(furthest_state(r.a, r.b) == r.most);
    CHECK(furthest_state(r.b, r.a) == r.most);
    CHECK(furthest_state(r.most, r.a) == r.most);
  }
}
