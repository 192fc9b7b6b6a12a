// SPDX-License-Identifier: BSL-1.0
// Base64 and Bech32: one text for each value, and no other text.
#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "crypto/base64.hpp"
#include "crypto/bech32.hpp"
#include "crypto/x25519.hpp"
#include "format/age/age_identity.hpp"
#include "format/age/age_recipient.hpp"

#include <string>

using namespace reinstate;
using namespace reinstate::tests;
using crypto::base64_alphabet;
using crypto::base64_decode;
using crypto::base64_encode;
using crypto::bech32_decode;
using crypto::bech32_encode;

namespace {

// The example of the age specification: 32 bytes 0x42.
const std::string identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
const std::string recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

constexpr std::string_view symbols = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

struct refused_text {
  const char* why;
  std::string text;
};

}  // namespace

TEST_CASE("base64 gives the texts of RFC 4648, without padding", "[crypto]") {
  const auto& [plain, encoded] = GENERATE(table<const char*, const char*>({{"", ""},
                                                                           {"f", "Zg"},
                                                                           {"fo", "Zm8"},
                                                                           {"foo", "Zm9v"},
                                                                           {"foob", "Zm9vYg"},
                                                                           {"fooba", "Zm9vYmE"},
                                                                           {"foobar", "Zm9vYmFy"}}));
  CHECK(base64_encode(crypto::bytes_of(plain)) == encoded);
  const auto decoded = base64_decode(encoded);
  REQUIRE(decoded.has_value());
  CHECK(crypto::text_of(*decoded) == plain);
}

TEST_CASE("the alphabets of base64 differ in two characters", "[crypto]") {
  const bytes all_set = from_hex("fbefbeffffff");
  CHECK(base64_encode(all_set, base64_alphabet::standard) == "++++////");
  CHECK(base64_encode(all_set, base64_alphabet::url) == "----____");
  CHECK(base64_decode("++++////", base64_alphabet::standard) == all_set);
  CHECK(base64_decode("----____", base64_alphabet::url) == all_set);
  CHECK_FALSE(base64_decode("++++////", base64_alphabet::url));
  CHECK_FALSE(base64_decode("----____", base64_alphabet::standard));
}

TEST_CASE("base64 takes bytes of every value and length", "[crypto]") {
  const auto alphabet = GENERATE(base64_alphabet::standard, base64_alphabet::url);
  for (std::size_t size = 0; size != 260; ++size) {
    const guarded from(counting(static_cast<unsigned>(7 * size), size));
    const std::string text = base64_encode(from.get(), alphabet);
    const guarded exact(crypto::bytes_of(text));
    const auto decoded = base64_decode(crypto::text_of(exact.get()), alphabet);
    REQUIRE(decoded.has_value());
    REQUIRE(same_bytes(*decoded, from.get()));
  }
}

TEST_CASE("base64 refuses what a canonical encoder does not write", "[crypto]") {
  const refused_text cases[] = {
      {"padding", "Zg=="},
      {"padding", "Zm8="},
      {"half the padding", "Zg="},
      {"padding after whole groups", "Zm9v="},
      {"one character alone", "Z"},
      {"one character after a group", "Zm9vZ"},
      {"bits after the first byte that are not zero", "Zh"},
      {"bits after the second byte that are not zero", "Zm9"},
      {"all bits after the first byte", "Zv"},
      {"a line end", "Zm9v\n"},
      {"a line end inside", "Zm\n9v"},
      {"a carriage return", "Zm9v\r"},
      {"a space in front", " Zm9v"},
      {"a space inside", "Zm 9v"},
      {"a zero byte", std::string("Zm9v\0", 5)},
      {"a zero byte inside", std::string("Zm\0v", 4)},
      {"a foreign character", "Zm9!"},
      {"a byte beyond ASCII", "Zm9\xe9"},
      {"a byte that is a letter but for its top bit", "Zm9\xf6"},
  };
  for (const refused_text& c : cases) {
    INFO(c.why);
    CHECK_FALSE(base64_decode(c.text, base64_alphabet::standard));
    CHECK_FALSE(base64_decode(c.text, base64_alphabet::url));
  }
}

TEST_CASE("base64 takes the characters of its alphabet and no other byte", "[crypto]") {
  const auto alphabet = GENERATE(base64_alphabet::standard, base64_alphabet::url);
  const std::string characters = std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") +
                                 (alphabet == base64_alphabet::url ? "-_" : "+/");
  for (unsigned value = 0; value != 256; ++value) {
    const char c = static_cast<char>(value);
    INFO("byte " << value);
    const bool belongs = characters.find(c) != std::string::npos;
    for (const std::string& text : {std::string{c, 'A', 'A', 'A'}, std::string{'A', 'A', 'A', c}})
      CHECK(base64_decode(text, alphabet).has_value() == belongs);
  }
}

TEST_CASE("no two base64 texts mean the same bytes", "[crypto]") {
  // Every text of four and of two characters over a few that cover all trailing bits.
  const std::string_view characters = "AQgwBZaz09+/";
  for (const char a : characters)
    for (const char b : characters)
      for (const char c : characters) {
        for (const std::string& text : {std::string{a, b}, std::string{a, b, c}, std::string{a, b, c, a}}) {
          const auto decoded = base64_decode(text);
          if (decoded) CHECK(base64_encode(*decoded) == text);
        }
      }
}

TEST_CASE("the key pair of the age specification is written and read", "[crypto]") {
  const auto private_key = age::parse_identity(identity);
  REQUIRE(private_key.has_value());
  CHECK(*private_key == secret_bytes::copy_of(repeated(0x42, 32)));
  CHECK(crypto::text_of(age::identity_text(*private_key).expose()) == identity);
  const auto public_key = crypto::x25519_public_key(*private_key);
  CHECK(age::recipient_text(public_key) == recipient);
  CHECK(bech32_decode("age", recipient) == public_key);
}

TEST_CASE("an age identity is written in upper case only", "[crypto]") {
  std::string lower = identity;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  CHECK_FALSE(age::parse_identity(lower));
  CHECK_FALSE(age::parse_identity(recipient));
  CHECK_FALSE(age::parse_identity(""));
  CHECK_FALSE(age::parse_identity(identity + "\n"));
  CHECK_FALSE(age::parse_identity(" " + identity));
}

TEST_CASE("Bech32 reads keys of every kind back, in either case", "[crypto]") {
  for (unsigned first = 0; first < 256; first += 5) {
    crypto::byte_array<32> key{};
    std::ranges::copy(counting(first, 32), key.begin());
    const std::string text = bech32_encode("prefix", key);
    CHECK(bech32_decode("prefix", text) == key);
    CHECK(bech32_decode("prefix", upper(text)) == key);
  }
}

TEST_CASE("Bech32 refuses a text with any character changed", "[crypto]") {
  for (std::size_t i = 0; i != recipient.size(); ++i) {
    for (const char symbol : symbols) {
      if (symbol == recipient[i]) continue;
      std::string changed = recipient;
      changed[i] = symbol;
      INFO(changed);
      CHECK_FALSE(bech32_decode("age", changed));
    }
  }
}

TEST_CASE("Bech32 refuses two characters exchanged", "[crypto]") {
  for (std::size_t i = 4; i + 1 != recipient.size(); ++i) {
    std::string changed = recipient;
    std::swap(changed[i], changed[i + 1]);
    if (changed != recipient) CHECK_FALSE(bech32_decode("age", changed));
  }
}

TEST_CASE("Bech32 refuses mixed case wherever it is", "[crypto]") {
  for (std::size_t i = 0; i != recipient.size(); ++i) {
    std::string changed = recipient;
    changed[i] = upper(changed.substr(i, 1))[0];
    if (changed != recipient) CHECK_FALSE(bech32_decode("age", changed));
  }
}

TEST_CASE("Bech32 refuses another length, another prefix and foreign characters", "[crypto]") {
  const refused_text cases[] = {
      {"nothing", ""},
      {"the prefix alone", "age1"},
      {"another prefix", bech32_encode("agf", {})},
      {"a longer prefix", bech32_encode("agee", {})},
      {"a line end", recipient + "\n"},
      {"a space in front", " " + recipient},
      {"a character too many", recipient + "q"},
      {"a zero byte", recipient + std::string(1, '\0')},
      {"a character that is in no Bech32 text", "age1b" + recipient.substr(5)},
      {"a byte beyond ASCII", "age1\xfa" + recipient.substr(5)},
      // Both of 33 bytes' worth and with a checksum that is right: see BIP 173 for how a checksum is made.
      {"no separator", "age" + recipient.substr(4) + "q"},
  };
  for (const refused_text& c : cases) {
    INFO(c.why);
    CHECK_FALSE(bech32_decode("age", c.text));
  }
  for (std::size_t size = 0; size != recipient.size(); ++size) {
    const guarded cut(crypto::bytes_of(recipient).first(size));
    CHECK_FALSE(bech32_decode("age", crypto::text_of(cut.get())));
  }
}
