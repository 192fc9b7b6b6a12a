// SPDX-License-Identifier: BSL-1.0
#include "format/cbor/cbor.hpp"

#include "bytes_for_tests.hpp"
#include "catch.hpp"

#include <cstdint>
#include <limits>
#include <string>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

template <class Write>
bytes written(Write write) {
  bytes out;
  cbor::writer to(out);
  write(to);
  return out;
}

struct whole {
  guarded input;
  cbor::reader in;

  explicit whole(const bytes& from) : input(from), in(input.get()) {}
  explicit whole(std::string_view hex) : whole(from_hex(hex)) {}
};

bool skips(const bytes& from) {
  whole w(from);
  w.in.skip();
  return w.in.ok() && w.in.at_end();
}

bytes repeated_hex(std::string_view hex, std::size_t times) {
  const bytes once = from_hex(hex);
  bytes out;
  for (std::size_t i = 0; i != times; ++i) out.insert(out.end(), once.begin(), once.end());
  return out;
}

bytes operator+(bytes a, const bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Every kind of item our formats have, one after the other.
bytes one_of_each() {
  return written([](auto& to) {
    to.array(7);
    to.unsigned_integer(1000);
    to.integer(-1'000'000);
    to.bytes(counting(0, 300));
    to.text("text");
    to.map(1);
    to.unsigned_integer(1);
    to.tag(24);
    to.bytes(counting(0, 3));
    to.integer(std::numeric_limits<std::int64_t>::max());
    to.text("");
  });
}

bool reads_one_of_each(cbor::reader& in) {
  const bool values = in.array() == 7 && in.unsigned_integer() == 1000 && in.integer() == -1'000'000 &&
                      in.bytes().size() == 300 && in.text() == "text" && in.map() == 1 && in.unsigned_integer() == 1 &&
                      in.tag() == 24 && in.bytes().size() == 3 &&
                      in.integer() == std::numeric_limits<std::int64_t>::max() && in.text().empty();
  return values && in.ok();
}

}  // namespace

TEST_CASE("CBOR integers are written and read as RFC 8949 shows them", "[cbor]") {
  const auto& [value, hex] = GENERATE(table<std::int64_t, const char*>({{0, "00"},
                                                                        {1, "01"},
                                                                        {10, "0a"},
                                                                        {23, "17"},
                                                                        {24, "1818"},
                                                                        {25, "1819"},
                                                                        {100, "1864"},
                                                                        {255, "18ff"},
                                                                        {256, "190100"},
                                                                        {1000, "1903e8"},
                                                                        {65535, "19ffff"},
                                                                        {65536, "1a00010000"},
                                                                        {1000000, "1a000f4240"},
                                                                        {4294967295, "1affffffff"},
                                                                        {4294967296, "1b0000000100000000"},
                                                                        {1000000000000, "1b000000e8d4a51000"},
                                                                        {INT64_MAX, "1b7fffffffffffffff"},
                                                                        {-1, "20"},
                                                                        {-10, "29"},
                                                                        {-24, "37"},
                                                                        {-25, "3818"},
                                                                        {-100, "3863"},
                                                                        {-1000, "3903e7"},
                                                                        {INT64_MIN, "3b7fffffffffffffff"}}));
  const std::int64_t number = value;
  CHECK(to_hex(written([&](auto& to) { to.integer(number); })) == hex);
  whole w(hex);
  CHECK(w.in.integer() == number);
  CHECK((w.in.ok() && w.in.at_end()));
}

TEST_CASE("CBOR unsigned integers go up to 64 bits", "[cbor]") {
  const auto value = GENERATE(std::uint64_t{0}, std::uint64_t{23}, std::uint64_t{24}, std::uint64_t{255},
                              std::uint64_t{256}, std::uint64_t{65535}, std::uint64_t{65536}, std::uint64_t{UINT32_MAX},
                              std::uint64_t{UINT32_MAX} + 1, std::uint64_t{INT64_MAX} + 1, UINT64_MAX);
  const bytes item = written([&](auto& to) { to.unsigned_integer(value); });
  CHECK(item.size() == cbor::head_size(value));
  whole w(item);
  CHECK(w.in.unsigned_integer() == value);
  CHECK((w.in.ok() && w.in.at_end()));
}

TEST_CASE("a CBOR integer that does not fit is refused", "[cbor]") {
  const char* hex = GENERATE("1b8000000000000000", "1bffffffffffffffff", "3b8000000000000000", "3bffffffffffffffff");
  whole w(hex);
  CHECK(w.in.integer() == 0);
  CHECK_FALSE(w.in.ok());
}

TEST_CASE("a negative CBOR integer is no unsigned one", "[cbor]") {
  whole w("20");
  CHECK(w.in.unsigned_integer() == 0);
  CHECK_FALSE(w.in.ok());
}

TEST_CASE("CBOR strings of every size of length come back", "[cbor]") {
  const std::size_t size = GENERATE(0u, 1u, 23u, 24u, 255u, 256u, 65535u, 65536u);
  const bytes content = counting(5, size);
  const bytes item = written([&](auto& to) {
    to.bytes(content);
    to.text(crypto::text_of(content));
  });
  CHECK(item.size() == 2 * (cbor::head_size(size) + size));
  whole w(item);
  CHECK(same_bytes(w.in.bytes(), content));
  CHECK(same_bytes(crypto::bytes_of(w.in.text()), content));
  CHECK((w.in.ok() && w.in.at_end()));
}

TEST_CASE("the head of a CBOR string alone says how long it is", "[cbor]") {
  const std::size_t size = GENERATE(0u, 23u, 24u, 256u, 65536u);
  const bytes item = written([&](auto& to) { to.bytes_head(size); });
  whole w(item);
  const auto [head, content] = w.in.bytes_head();
  CHECK(head == item.size());
  CHECK(content == size);
  CHECK((w.in.ok() && w.in.at_end()));
}

TEST_CASE("a CBOR byte string of another size than the one asked for is refused", "[cbor]") {
  const std::size_t size = GENERATE(0u, 15u, 17u);
  whole w(written([&](auto& to) { to.bytes(counting(1, size)); }));
  std::array<std::byte, 16> into{};
  w.in.fixed(into);
  CHECK_FALSE(w.in.ok());
  CHECK(same_bytes(into, bytes(16)));
}

TEST_CASE("a CBOR head that is not in its shortest form is refused", "[cbor]") {
  const std::string rest =
      GENERATE("17", "00", "0000", "00ff", "00000000", "0000ffff", "0000000000000000", "00000000ffffffff");
  const unsigned code = rest.size() == 2 ? 24 : rest.size() == 4 ? 25 : rest.size() == 8 ? 26 : 27;
  for (unsigned major = 0; major != 7; ++major) {
    const bytes item = repeated(major << 5 | code, 1) + from_hex(rest);
    INFO(to_hex(item));
    // Enough behind it for any string or array it may claim to begin.
    CHECK_FALSE(skips(item + bytes(70000)));
    whole w(item);
    w.in.skip();
    CHECK_FALSE(w.in.ok());
  }
}

TEST_CASE("CBOR of indefinite length and with reserved codes is refused", "[cbor]") {
  for (unsigned major = 0; major != 8; ++major) {
    for (unsigned code = 28; code != 32; ++code) {
      const bytes item = repeated(major << 5 | code, 1) + from_hex("00ff");
      INFO(to_hex(item));
      whole w(item);
      w.in.skip();
      CHECK_FALSE(w.in.ok());
    }
  }
}

TEST_CASE("a CBOR item of one kind is not taken for another", "[cbor]") {
  const char* const items[] = {"01", "20", "4101", "6161", "80", "a0", "c101", "f6"};
  for (std::size_t i = 0; i != std::size(items); ++i) {
    INFO(items[i]);
    const auto refuses = [&](std::size_t kind, auto read) {
      whole w(items[i]);
      read(w.in);
      CHECK(w.in.ok() == (kind == i));
    };
    refuses(0, [](cbor::reader& in) { (void)in.unsigned_integer(); });
    refuses(2, [](cbor::reader& in) { (void)in.bytes(); });
    refuses(3, [](cbor::reader& in) { (void)in.text(); });
    refuses(4, [](cbor::reader& in) { (void)in.array(); });
    refuses(5, [](cbor::reader& in) { (void)in.map(); });
    refuses(6, [](cbor::reader& in) { (void)in.tag(); });
  }
}

TEST_CASE("CBOR that ends too early is refused wherever it ends", "[cbor]") {
  const bytes complete = one_of_each();
  {
    whole w(complete);
    CHECK(reads_one_of_each(w.in));
    CHECK(w.in.at_end());
    CHECK(skips(complete));
  }
  for (std::size_t size = 0; size != complete.size(); ++size) {
    const bytes cut(complete.begin(), complete.begin() + static_cast<std::ptrdiff_t>(size));
    whole w(cut);
    CHECK_FALSE(reads_one_of_each(w.in));
    CHECK_FALSE(skips(cut));
  }
}

TEST_CASE("a CBOR reader that has failed gives nothing more", "[cbor]") {
  whole w(from_hex("f5") + one_of_each());
  CHECK(w.in.unsigned_integer() == 0);
  REQUIRE_FALSE(w.in.ok());
  CHECK(w.in.array() == 0);
  CHECK(w.in.map() == 0);
  CHECK(w.in.tag() == 0);
  CHECK(w.in.integer() == 0);
  CHECK(w.in.bytes().empty());
  CHECK(w.in.text().empty());
  CHECK(w.in.bytes_head().size == 0);
  w.in.skip();
  CHECK_FALSE(w.in.ok());
  CHECK(w.in.rest().empty());
}

TEST_CASE("a CBOR reader can be told that what it read makes no sense", "[cbor]") {
  whole w("0102");
  CHECK(w.in.unsigned_integer() == 1);
  w.in.fail();
  CHECK_FALSE(w.in.ok());
  CHECK(w.in.unsigned_integer() == 0);
}

TEST_CASE("CBOR lengths beyond the input are refused, however large", "[cbor]") {
  const std::string length =
      GENERATE("5bffffffffffffffff", "7bffffffffffffffff", "5b8000000000000000", "7b7fffffffffffffff", "5affffffff",
               "590100", "4a", "9bffffffffffffffff", "9b8000000000000001", "bbffffffffffffffff", "bb8000000000000000",
               "bb8000000000000001", "bb7fffffffffffffff", "9affffffff", "8a", "a5");
  INFO(length);
  CHECK_FALSE(skips(from_hex(length) + bytes(9)));
  // Inside others, whose own items are still to come.
  CHECK_FALSE(skips(from_hex("9818") + from_hex(length) + bytes(40)));
}

TEST_CASE("CBOR strings that exactly reach the end are read, and one byte more is not", "[cbor]") {
  whole exact("4401020304"), over("45010203");
  CHECK(exact.in.bytes().size() == 4);
  CHECK((exact.in.ok() && exact.in.at_end()));
  CHECK(over.in.bytes().empty());
  CHECK_FALSE(over.in.ok());
}

TEST_CASE("deeply nested CBOR is passed over without recursion", "[cbor]") {
  constexpr std::size_t depth = 1'000'000;
  const char* level = GENERATE("81", "c1", "a100", "8201");
  INFO(level);
  CHECK(skips(repeated_hex(level, depth) + from_hex("00")));
  CHECK_FALSE(skips(repeated_hex(level, depth)));
}

TEST_CASE("one CBOR item is passed over and the next is not", "[cbor]") {
  const char* item = GENERATE("00", "3903e7", "43010203", "63616263", "83010203", "8301820203820405", "a201020304",
                              "a26161016162820203", "d818420102", "f6", "f4", "f90000", "fa47c35000",
                              "fb3ff199999999999a", "80", "a0", "40", "60");
  INFO(item);
  whole w(from_hex(item) + from_hex("182a"));
  w.in.skip();
  CHECK(w.in.ok());
  CHECK(w.in.unsigned_integer() == 42);
  CHECK((w.in.ok() && w.in.at_end()));
}

TEST_CASE("any bytes may be passed over without harm", "[cbor]") {
  // All pairs of bytes, with a little behind them.
  guarded input(counting(0, 8));
  for (unsigned pair = 0; pair != 65536; ++pair) {
    input.writable()[0] = static_cast<std::byte>(pair >> 8);
    input.writable()[1] = static_cast<std::byte>(pair & 0xff);
    cbor::reader in(input.get());
    in.skip();
    if (!in.ok()) REQUIRE(in.rest().empty());
  }
}

TEST_CASE("the keys of a map ascend, up to the largest there is", "[cbor]") {
  // The third key is 2^64 - 1, behind which there is nothing to come.
  const auto read = [](std::string_view hex) {
    const auto input = from_hex(hex);
    cbor::reader in(input);
    const cbor::map_fields found =
        cbor::read_map(in, [&](std::uint64_t key) { return key == 1 && in.unsigned_integer() == 7; });
    return cbor::complete(in, found, cbor::bit(1));
  };
  CHECK(
      read("a1"
           "0107"));
  CHECK(
      read("a2"
           "0107"
           "1bffffffffffffffff"
           "00"));
  CHECK_FALSE(
      read("a3"
           "0107"
           "1bffffffffffffffff"
           "00"
           "0200"));
  CHECK_FALSE(
      read("a2"
           "0107"
           "0107"));
  CHECK_FALSE(
      read("a2"
           "0200"
           "0107"));
  CHECK_FALSE(
      read("a1"
           "0200"));
}
