// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_record.hpp"

#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "format/cbor/cbor.hpp"

#include <limits>
#include <string>

using namespace reinstate;
using namespace reinstate::tests;
using namespace reinstate::archive;
using crypto::secret_buffer;

namespace {

std::chrono::sys_seconds at(std::int64_t seconds) {
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

template <class Array>
Array filled(unsigned first) {
  Array out{};
  std::ranges::copy(counting(first, out.size()), out.begin());
  return out;
}

// A license whose metadata and payload this keeps.
struct kept_license {
  bytes metadata = from_hex("a103657469746c65"), payload = counting(1, 48);

  license_record record() const {
    license_record out;
    out.id.bytes = filled<std::array<std::byte, 16>>(0x10);
    out.key.bytes = filled<std::array<std::byte, 16>>(0x20);
    out.revision = 3;
    out.backup = backup_right::granted;
    out.state.uses_left = 5;
    out.state.first_use = at(1'700'000'000);
    out.metadata = metadata;
    out.payload = payload;
    return out;
  }
};

volume_header some_header() {
  volume_header out;
  out.set = filled<set_id>(0x30);
  out.generation = 2;
  out.volume = 1;
  out.machine = filled<crypto::digest>(0x40);
  out.created = at(1'800'000'000);
  return out;
}

archive_totals some_totals() {
  return {
      .licenses = 300, .payload_bytes = 123'456, .volumes = 2, .contents = filled<crypto::digest>(0x50), .removals = 7};
}

template <class Record>
bytes written(const Record& record) {
  secret_buffer out;
  write_record(out, record);
  return {out.begin(), out.end()};
}

// What is inside the tag and the byte string.
bytes content_of(const bytes& record) {
  cbor::reader in(record);
  REQUIRE(in.tag() == 24);
  const auto content = in.bytes();
  REQUIRE((in.ok() && in.at_end()));
  return {content.begin(), content.end()};
}

template <class Record>
bytes content_with(const Record& record) {
  return content_of(written(record));
}

bool same(const license_record& a, const license_record& b) {
  return a.id == b.id && a.key == b.key && a.revision == b.revision && a.backup == b.backup && a.state == b.state &&
         same_bytes(a.metadata, b.metadata) && same_bytes(a.payload, b.payload);
}

error_code error_of(const bytes& content) {
  const guarded exact(content);
  const auto parsed = parse_record(exact.get());
  return parsed ? error_code() : parsed.error();
}

// [type, {...}] with the given fields, each a key and an encoded value.
bytes content_with_fields(unsigned type, const std::vector<std::pair<std::uint64_t, bytes>>& fields) {
  bytes out;
  cbor::writer to(out);
  to.array(2);
  to.unsigned_integer(type);
  to.map(fields.size());
  for (const auto& [key, value] : fields) {
    to.unsigned_integer(key);
    out.insert(out.end(), value.begin(), value.end());
  }
  return out;
}

using fields = std::vector<std::pair<std::uint64_t, bytes>>;

fields license_fields() {
  const bytes id = from_hex("50000102030405060708090a0b0c0d0e0f");
  return {{1, id}, {2, id}, {3, from_hex("01")}, {4, from_hex("01")}, {7, from_hex("41a0")}, {8, from_hex("4101")}};
}

fields header_fields() {
  bytes machine = from_hex("5820");
  machine.resize(34);
  return {{1, from_hex("01")}, {2, from_hex("50000102030405060708090a0b0c0d0e0f")},
          {3, from_hex("01")}, {4, from_hex("01")},
          {6, machine},        {7, from_hex("00")}};
}

fields totals_fields() {
  bytes contents = from_hex("5820");
  contents.resize(34);
  return {{1, from_hex("00")}, {2, from_hex("00")}, {3, from_hex("01")}, {4, contents}, {5, from_hex("00")}};
}

fields removal_fields() {
  return {{1, from_hex("50000102030405060708090a0b0c0d0e0f")}};
}

fields index_fields() {
  bytes entries = from_hex("5819");
  entries.resize(2 + index_entry_size);
  return {{1, entries}};
}

// As they lie in an index.
const bytes& some_entries() {
  static const bytes entries = counting(1, 3 * index_entry_size);
  return entries;
}

// One record of each type, as written.
std::vector<bytes> every_content() {
  const kept_license kept;
  volume_header header = some_header();
  header.parent = filled<crypto::digest>(0x60);
  return {content_with(kept.record()), content_with(header), content_with(some_totals()),
          content_with(removal_record{kept.record().id}), content_with(index_block{some_entries()})};
}

// Fields of each type of record, with that type.
struct typed_fields {
  unsigned type;
  fields all;
};
std::vector<typed_fields> every_type() {
  return {
      {0, header_fields()}, {1, license_fields()}, {2, removal_fields()}, {3, totals_fields()}, {4, index_fields()}};
}

// Whether the record, written again, gives these very bytes.
bool gives_again(const parsed_record& parsed, const bytes& content) {
  if (parsed.unknown_fields != 0) return false;
  return std::visit(
      [&](const auto& what) {
        if constexpr (std::is_same_v<std::decay_t<decltype(what)>, unknown_record>)
          return false;
        else
          return content_with(what) == content;
      },
      parsed.record);
}

}  // namespace

TEST_CASE("a license record comes back, and takes the bytes it was said to take", "[archive]") {
  using uses = std::optional<std::uint64_t>;
  using first = std::optional<std::chrono::sys_seconds>;
  const std::size_t sizes[] = {0, 1, 23, 24, 255, 256, 65535, 65536};
  const std::size_t metadata_size = GENERATE_COPY(from_range(std::begin(sizes), std::end(sizes)));
  const std::size_t payload_size = GENERATE_COPY(from_range(std::begin(sizes), std::end(sizes)));
  kept_license kept{.metadata = counting(3, metadata_size), .payload = counting(5, payload_size)};
  for (const std::uint64_t revision : {std::uint64_t{0}, std::uint64_t{24}, std::uint64_t{65536}, UINT64_MAX}) {
    for (const uses& left : {uses(), uses(0), uses(300), uses(UINT64_MAX)}) {
      for (const first& used : {first(), first(at(0)), first(at(-1)), first(at(1'700'000'000)), first(at(INT64_MIN)),
                                first(at(INT64_MAX))}) {
        license_record record = kept.record();
        record.revision = revision;
        record.state = {left, used};
        const bytes encoded = written(record);
        REQUIRE(encoded.size() == encoded_size(record));
        const guarded content(content_of(encoded));
        const auto parsed = parse_record(content.get());
        REQUIRE(parsed.has_value());
        REQUIRE(parsed->unknown_fields == 0);
        REQUIRE(same(std::get<license_record>(parsed->record), record));
      }
    }
  }
}

TEST_CASE("every backup right comes back, and no other value is one", "[archive]") {
  const kept_license kept;
  for (const backup_right right : {backup_right::denied, backup_right::granted, backup_right::managed}) {
    license_record record = kept.record();
    record.backup = right;
    const guarded content(content_with(record));
    CHECK(std::get<license_record>(parse_record(content.get())->record).backup == right);
  }
  fields all = license_fields();
  all[3].second = from_hex("03");
  CHECK(error_of(content_with_fields(1, all)) == errc::backup_damaged);
  all[3].second = from_hex("190101");
  CHECK(error_of(content_with_fields(1, all)) == errc::backup_damaged);
}

TEST_CASE("a volume header comes back, with and without a parent", "[archive]") {
  volume_header header = some_header();
  if (GENERATE(true, false)) header.parent = filled<crypto::digest>(0x60);
  const guarded content(content_with(header));
  const auto parsed = parse_record(content.get());
  REQUIRE(parsed.has_value());
  CHECK(std::get<volume_header>(parsed->record) == header);
  CHECK(parsed->unknown_fields == 0);
}

TEST_CASE("the totals come back", "[archive]") {
  const guarded content(content_with(some_totals()));
  const auto parsed = parse_record(content.get());
  REQUIRE(parsed.has_value());
  CHECK(std::get<archive_totals>(parsed->record) == some_totals());
  CHECK(parsed->unknown_fields == 0);
}

TEST_CASE("a record of a type this version does not know is passed over", "[archive]") {
  const unsigned type = GENERATE(5u, 23u, 1000u);
  const guarded content(content_with_fields(type, {{1, from_hex("01")}}));
  const auto parsed = parse_record(content.get());
  REQUIRE(parsed.has_value());
  CHECK(std::holds_alternative<unknown_record>(parsed->record));
}

TEST_CASE("fields this version does not know are passed over and counted", "[archive]") {
  for (const auto& [type, known] : every_type()) {
    INFO("type " << type);
    fields all = known;
    all.emplace_back(9, from_hex("a1018201f6"));
    all.emplace_back(63, from_hex("6161"));
    all.emplace_back(64, from_hex("d81841ff"));
    all.emplace_back(UINT64_MAX, from_hex("20"));
    const guarded content(content_with_fields(type, all));
    const auto parsed = parse_record(content.get());
    REQUIRE(parsed.has_value());
    CHECK(parsed->unknown_fields == 4);
    CHECK_FALSE(std::holds_alternative<unknown_record>(parsed->record));
  }
}

TEST_CASE("a field given twice or out of order is refused", "[archive]") {
  for (const auto& [type, known] : every_type()) {
    for (std::size_t i = 0; i != known.size(); ++i) {
      INFO("type " << type << ", field " << known[i].first);
      fields twice = known;
      twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), known[i]);
      CHECK(error_of(content_with_fields(type, twice)) == errc::backup_damaged);
      if (i == 0) continue;
      fields exchanged = known;
      std::swap(exchanged[i], exchanged[i - 1]);
      CHECK(error_of(content_with_fields(type, exchanged)) == errc::backup_damaged);
    }
    fields unknown_twice = known;
    unknown_twice.emplace_back(100, from_hex("01"));
    unknown_twice.emplace_back(100, from_hex("01"));
    CHECK(error_of(content_with_fields(type, unknown_twice)) == errc::backup_damaged);
    fields zero_twice = known;
    zero_twice.insert(zero_twice.begin(), 2, {0, from_hex("01")});
    CHECK(error_of(content_with_fields(type, zero_twice)) == errc::backup_damaged);
  }
}

TEST_CASE("a record without a field it must have is refused", "[archive]") {
  for (const auto& [type, known] : every_type()) {
    CHECK(error_of(content_with_fields(type, known)) == error_code());
    for (std::size_t i = 0; i != known.size(); ++i) {
      INFO("type " << type << ", field " << known[i].first);
      fields without = known;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      CHECK(error_of(content_with_fields(type, without)) == errc::backup_damaged);
    }
    CHECK(error_of(content_with_fields(type, {})) == errc::backup_damaged);
  }
}

TEST_CASE("a field of the wrong kind is refused", "[archive]") {
  for (const auto& [type, known] : every_type()) {
    for (std::size_t i = 0; i != known.size(); ++i) {
      for (const char* wrong : {"6161", "80", "a0", "f6", "4f000102030405060708090a0b0c0d0e"}) {
        if (type == 1 && known[i].first >= 7 && wrong[0] == '4') continue;  // any bytes are metadata or a payload
        INFO("type " << type << ", field " << known[i].first << ", value " << wrong);
        fields all = known;
        all[i].second = from_hex(wrong);
        CHECK(error_of(content_with_fields(type, all)) == errc::backup_damaged);
      }
    }
  }
}

TEST_CASE("numbers too large for what they count are refused", "[archive]") {
  for (const std::size_t i : {2u, 3u}) {
    fields header = header_fields();
    header[i].second = from_hex("1b0000000100000000");
    CHECK(error_of(content_with_fields(0, header)) == errc::backup_damaged);
  }
  fields totals = totals_fields();
  totals[2].second = from_hex("1b0000000100000000");
  CHECK(error_of(content_with_fields(3, totals)) == errc::backup_damaged);
}

TEST_CASE("a header of a newer version says so", "[archive]") {
  volume_header header = some_header();
  header.version = GENERATE(format_version + 1, 1000u, UINT32_MAX);
  CHECK(error_of(content_with(header)) == errc::backup_version_unsupported);
}

TEST_CASE("a record cut anywhere, or with something behind it, is refused", "[archive]") {
  for (const bytes& content : every_content()) {
    for (std::size_t size = 0; size != content.size(); ++size)
      CHECK(error_of({content.begin(), content.begin() + static_cast<std::ptrdiff_t>(size)}) == errc::backup_damaged);
    bytes longer = content;
    longer.push_back(cbor::null_item);
    CHECK(error_of(longer) == errc::backup_damaged);
  }
}

TEST_CASE("a record with any bit flipped is another one or refused", "[archive]") {
  for (const bytes& content : every_content()) {
    REQUIRE(gives_again(*parse_record(content), content));
    guarded changed(content);
    for (std::size_t bit = 0; bit != 8 * content.size(); ++bit) {
      INFO("bit " << bit);
      changed.writable()[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      const auto parsed = parse_record(changed.get());
      if (parsed)
        CHECK_FALSE(gives_again(*parsed, content));
      else
        CHECK((parsed.error() == errc::backup_damaged || parsed.error() == errc::backup_version_unsupported));
      changed.writable()[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    }
  }
}

TEST_CASE("an entry of the index says what there is of a license", "[archive]") {
  kept_license kept;
  license_record item = kept.record();
  item.revision = std::uint64_t{1} << 56 | 3;
  bytes drawn(item.id.bytes.begin(), item.id.bytes.end());
  const bytes kind_and_revision = from_hex("010100000000000003");
  drawn.insert(drawn.end(), kind_and_revision.begin(), kind_and_revision.end());
  CHECK(same_bytes(encode(entry_of(item)), drawn));
  CHECK(decode_entry(drawn) == entry_of(item));
  CHECK(decode_entry(drawn)->revision == item.revision);

  const index_entry_bytes removal = encode(entry_of(removal_record{item.id}));
  CHECK(decode_entry(removal) == index_entry{item.id, true, 0});
}

TEST_CASE("an entry of the index of an unknown kind or size is none", "[archive]") {
  bytes entry(index_entry_size);
  for (unsigned kind = 0; kind != 256; ++kind) {
    entry[16] = static_cast<std::byte>(kind);
    CHECK(decode_entry(entry).has_value() == (kind == 1 || kind == 2));
  }
  entry[16] = std::byte{2};
  entry[24] = std::byte{1};  // a removal has no revision
  CHECK_FALSE(decode_entry(entry));
  CHECK_FALSE(decode_entry(crypto::byte_span(entry).first(24)));
}

TEST_CASE("removals and blocks of the index come back", "[archive]") {
  const removal_record removal{{filled<std::array<std::byte, 16>>(0x31)}};
  const bytes content = content_with(removal);
  CHECK(std::get<removal_record>(parse_record(content)->record) == removal);

  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{3}, index_block_entries}) {
    const bytes entries = counting(7, count * index_entry_size);
    const guarded block(content_with(index_block{entries}));
    CHECK(same_bytes(std::get<index_block>(parse_record(block.get())->record).entries, entries));
  }
  for (const std::size_t size : {1u, 24u, 26u, 74u})
    CHECK(error_of(content_with(index_block{bytes(size)})) == errc::backup_damaged);
}

TEST_CASE("entries of the index are in the order of their ids whatever they say", "[archive]") {
  for (const std::uint64_t revision :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x0102030405060708}, UINT64_MAX}) {
    const index_entry entry{{filled<std::array<std::byte, 16>>(0x31)}, false, revision};
    CHECK(decode_entry(encode(entry)) == entry);
    const index_entry later{{filled<std::array<std::byte, 16>>(0x32)}, true, 0};
    CHECK(std::ranges::lexicographical_compare(encode(entry), encode(later)));
  }
}

TEST_CASE("the largest block of the index fits in a page", "[archive]") {
  const bytes entries(index_block_entries * index_entry_size);
  CHECK(written(index_block{entries}).size() <= 65'536);
}

TEST_CASE("of a record of an unknown type nothing but the type is expected", "[archive]") {
  const char* content = GENERATE("8105", "8205a0", "830500f6",
                                 "8205"
                                 "63616263");
  INFO(content);
  const auto bytes = from_hex(content);
  const auto parsed = parse_record(bytes);
  REQUIRE(parsed.has_value());
  CHECK(std::holds_alternative<unknown_record>(parsed->record));
  for (const char* known : {"8100", "830000f6", "830100f6", "830200f6", "830300f6", "830400f6", "8104"}) {
    INFO(known);
    CHECK(error_of(from_hex(known)) == errc::backup_damaged);
  }
}
