// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "crypto/bech32.hpp"
#include "crypto/bytes.hpp"

#include <reinstate/recovery/recovery_code.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace reinstate;
using crypto::bech32_alphabet;

namespace {

// Made with the checksum of BIP 173 in another language: a code that was printed once must open its backup for ever.
const std::vector<std::string> codes = {
    "qqqq-qqqq-qqqq-qqqq-qqqq-qqqq-qqn2-8802",
    "llll-llll-llll-llll-llll-llll-ll8c-2ac4",
    "qpzr-y9x8-gf2t-vdw0-s3jn-54kh-cehs-qmtc",
    "r23c-lxd5-mzfs-h79v-n6pg-0kay-tjur-pe95",
};

std::string text_of(const secret_bytes& secret) {
  return std::string(crypto::text_of(secret.expose()));
}

std::string without_dashes(std::string code) {
  std::erase(code, '-');
  return code;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return text;
}

bool is_mistyped(const std::string& typed) {
  const auto parsed = parse_recovery_code(typed);
  return parsed.has_error() && parsed.error() == errc::recovery_code_mistyped;
}

// A character of the alphabet other than `c`.
char another(char c, std::mt19937& random) {
  const auto step = 1 + random() % 31;
  return bech32_alphabet[(bech32_alphabet.find(c) + step) % 32];
}

}  // namespace

TEST_CASE("codes printed once are taken as they are", "[crypto]") {
  for (const std::string& code : codes) {
    INFO(code);
    const auto parsed = parse_recovery_code(code);
    REQUIRE(parsed.has_value());
    CHECK(text_of(*parsed) == code);
    CHECK(looks_like_recovery_code(code));
    CHECK_FALSE(mistyped_group(code));
  }
}

TEST_CASE("a new recovery code is eight groups of four and is taken back", "[crypto]") {
  std::set<std::string> all;
  std::vector<std::set<char>> seen(32);
  for (int i = 0; i != 1000; ++i) {
    const std::string code = text_of(make_recovery_code());
    REQUIRE(code.size() == 39);
    for (std::size_t at = 0; at != code.size(); ++at)
      REQUIRE((at % 5 == 4 ? code[at] == '-' : bech32_alphabet.find(code[at]) != std::string_view::npos));
    const auto parsed = parse_recovery_code(code);
    REQUIRE(parsed.has_value());
    REQUIRE(text_of(*parsed) == code);
    const std::string characters = without_dashes(code);
    for (std::size_t at = 0; at != 32; ++at) seen[at].insert(characters[at]);
    all.insert(code);
  }
  CHECK(all.size() == 1000);
  // Each place takes every character: one is missed by chance once in a hundred billion runs.
  for (const auto& at_one_place : seen) CHECK(at_one_place.size() == 32);
}

TEST_CASE("a recovery code is taken however it is typed", "[crypto]") {
  const std::string& code = codes[3];
  const std::string plain = without_dashes(code);
  std::string spaced = code;
  std::ranges::replace(spaced, '-', ' ');
  const std::string ways[] = {
      upper(code),
      plain,
      upper(plain),
      spaced,
      "R23c-lxd5 mzfs-h79v n6pg-0kay tjur-pe95",
      "  " + code + " \r\n",
      "r23c - lxd5 - mzfs - h79v\nn6pg - 0kay - tjur - pe95\n",
      "--r-2-3-c--l-x-d5mzfsh79vn6pg0kaytjurpe95--",
  };
  for (const std::string& typed : ways) {
    INFO(typed);
    const auto parsed = parse_recovery_code(typed);
    REQUIRE(parsed.has_value());
    CHECK(text_of(*parsed) == code);
    CHECK(looks_like_recovery_code(typed));
    CHECK_FALSE(mistyped_group(typed));
  }
}

TEST_CASE("nothing but letters digits and separators is taken in a recovery code", "[crypto]") {
  const std::string& code = codes[3];
  for (unsigned value = 0; value != 256; ++value) {
    const char c = static_cast<char>(value);
    if (std::string_view("- \r\n").find(c) != std::string_view::npos) continue;
    INFO("byte " << value);
    for (const std::size_t at : {std::size_t{0}, std::size_t{7}, code.size()}) {
      std::string longer = code;
      longer.insert(at, 1, c);
      REQUIRE(is_mistyped(longer));
      REQUIRE_FALSE(looks_like_recovery_code(longer));
      REQUIRE_FALSE(mistyped_group(longer));
    }
  }
  for (const std::string nothing : {"", "-", " \r\n", "----- ---"}) {
    CHECK(is_mistyped(nothing));
    CHECK_FALSE(looks_like_recovery_code(nothing));
    CHECK_FALSE(mistyped_group(nothing));
  }
}

TEST_CASE("every single wrong character of a recovery code is found and its group named", "[crypto]") {
  // One code stands for all: whether an error is found depends on the error alone, since the checksum is linear.
  const std::string& code = codes[3];
  for (std::size_t at = 0; at != code.size(); ++at) {
    if (code[at] == '-') continue;
    for (unsigned value = 0; value != 256; ++value) {
      std::string typed = code;
      typed[at] = static_cast<char>(value);
      if (upper(typed) == upper(code) || std::string_view("- \r\n").find(typed[at]) != std::string_view::npos) continue;
      INFO(typed);
      REQUIRE(is_mistyped(typed));
      REQUIRE(mistyped_group(typed) == at / 5 + 1);
    }
  }
}

TEST_CASE("a code with a character that no code has is mistyped and does not look like one", "[crypto]") {
  for (const char* typed : {"r23c-lxd5-mzfs-h79v-n6pg-okay-tjur-pe95", "r23c-1xd5-mzfs-h79v-n6pg-0kay-tjur-pe95"}) {
    CHECK(is_mistyped(typed));
    CHECK(mistyped_group(typed) == (typed[5] == '1' ? 2u : 6u));
    CHECK_FALSE(looks_like_recovery_code(typed));
  }
}

TEST_CASE("every swap of neighbors in a recovery code is found", "[crypto]") {
  for (const std::string& code : codes) {
    const std::string plain = without_dashes(code);
    for (std::size_t at = 0; at + 1 != plain.size(); ++at) {
      if (plain[at] == plain[at + 1]) continue;
      std::string typed = plain;
      std::swap(typed[at], typed[at + 1]);
      INFO(typed);
      REQUIRE(is_mistyped(typed));
      REQUIRE(looks_like_recovery_code(typed));
      REQUIRE_FALSE(mistyped_group(typed));  // two are wrong
    }
  }
}

TEST_CASE("every missing and every doubled character of a recovery code is found", "[crypto]") {
  for (const std::string& code : codes) {
    for (std::size_t at = 0; at != code.size(); ++at) {
      if (code[at] == '-') continue;
      std::string shorter = code, longer = code;
      shorter.erase(at, 1);
      longer.insert(at, 1, code[at]);
      for (const std::string& typed : {shorter, longer}) {
        INFO(typed);
        REQUIRE(is_mistyped(typed));
        REQUIRE_FALSE(looks_like_recovery_code(typed));
        REQUIRE_FALSE(mistyped_group(typed));
      }
    }
  }
}

TEST_CASE("two to four wrong characters of a recovery code are found", "[crypto]") {
  const std::size_t wrong = GENERATE(2u, 3u, 4u);
  std::mt19937 random(20 + static_cast<unsigned>(wrong));
  std::vector<std::size_t> places(32);
  for (std::size_t i = 0; i != places.size(); ++i) places[i] = i;
  for (int round = 0; round != 20000; ++round) {
    const std::string plain = without_dashes(codes[random() % codes.size()]);
    std::shuffle(places.begin(), places.end(), random);
    std::string typed = plain;
    for (std::size_t i = 0; i != wrong; ++i) typed[places[i]] = another(plain[places[i]], random);
    INFO(typed);
    REQUIRE(is_mistyped(typed));
    // Three and a fourth that a search tries could be another code: only up to three is it certain that none is named.
    if (wrong < 4 && round % 100 == 0) REQUIRE_FALSE(mistyped_group(typed));
  }
}

TEST_CASE("a recovery code with the checksum of other Bech32 is refused", "[crypto]") {
  for (const char* prefix : {"", "age", "reinstate", "reinstate-recovery1"}) {
    std::string typed(26, 'q');
    crypto::bech32_checksum sum(prefix);
    for (int i = 0; i != 26; ++i) sum.add(0);
    crypto::byte_array<crypto::bech32_checksum_size> tail;
    sum.finish(tail);
    for (const std::byte s : tail) typed += bech32_alphabet[std::to_integer<std::size_t>(s)];
    INFO(typed);
    CHECK(is_mistyped(typed));
  }
}

TEST_CASE("a passphrase does not look like a recovery code", "[crypto]") {
  const std::string text = GENERATE(as<std::string>(), "correct horse battery staple", "", "x", "hunter2",
                                    "this has thirty-two letters or so", "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGF",
                                    "0123456789abcdef0123456789abcdef", "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc");
  CHECK_FALSE(looks_like_recovery_code(text));
  CHECK_FALSE(mistyped_group(text));
  CHECK(is_mistyped(text));
}
