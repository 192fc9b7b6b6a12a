// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "fixed_keys.hpp"
#include "format/cbor/cbor.hpp"
#include "managed/signed_document.hpp"

#include <functional>
#include <map>
#include <string>

using namespace reinstate;
using namespace reinstate::test;

namespace {

constexpr std::string_view kind = "reinstate rights statement v1";
constexpr std::chrono::sys_seconds last_instant{std::chrono::seconds{253'402'300'799}};

const fixed_keys& keys() {
  static const fixed_keys all;
  return all;
}

error_code refusal(const rights_statement& what) {
  const auto made = sign_statement(what, keys().issuer);
  return made ? error_code() : made.error();
}

// What reading gives for a map that an issuer signed, whatever is in it.
error_code error_of_map(const bytes& map) {
  const auto read = parse_statement(managed::sign_document(kind, map, keys().issuer).value());
  return read ? error_code() : read.error();
}

// The map of a statement without the key and the signature behind it.
bytes map_of(const rights_statement& what) {
  bytes out = sign_statement(what, keys().issuer).value();
  out.resize(out.size() - 96);
  return out;
}

// A statement field by field, each as it should be or not.
using map_writer = cbor::writer<bytes>;
using fields = std::map<std::uint64_t, std::function<void(map_writer&)>>;

fields required_fields() {
  fields out;
  for (const std::uint64_t key : {1u, 6u, 7u}) out[key] = [](map_writer& to) { to.unsigned_integer(1); };
  for (const std::uint64_t key : {2u, 3u}) out[key] = [](map_writer& to) { to.bytes(counting<16>(1)); };
  out[4] = [](map_writer& to) { to.text("Example Films"); };
  out[11] = [](map_writer& to) { to.bytes(counting<32>(1)); };
  return out;
}

error_code error_of(const fields& all) {
  bytes map;
  map_writer to(map);
  to.map(all.size());
  for (const auto& [key, write] : all) {
    to.unsigned_integer(key);
    write(to);
  }
  return error_of_map(map);
}

error_code error_with(std::uint64_t key, std::function<void(map_writer&)> write) {
  fields all = required_fields();
  all[key] = std::move(write);
  return error_of(all);
}

}  // namespace

TEST_CASE("a statement is read as it was signed", "[managed]") {
  rights_statement what = keys().rights();
  const int variant = GENERATE(range(0, 6));
  if (variant == 1) what = rights_statement{};
  if (variant == 2) what.user = std::string(255, 'u');
  if (variant == 3) what.issuer = "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x8e\xac \xf4\x8f\xbf\xbf \xed\x9f\xbf \xee\x80\x80";
  if (variant == 4) what.uses = UINT64_MAX, what.machines = UINT32_MAX;
  if (variant == 5) what.not_before = std::chrono::sys_seconds{}, what.not_after = last_instant;
  const auto read = parse_statement(sign_statement(what, keys().issuer).value());
  REQUIRE(read.has_value());
  CHECK(read->statement == what);
  CHECK(read->signer == issuer_public_key(keys().issuer).value());
}

TEST_CASE("the same statement is signed with the same bytes", "[managed]") {
  CHECK(keys().statement() == keys().statement());
}

TEST_CASE("no other statement than the signed one is read", "[managed]") {
  CHECK(accepted_variants(keys().statement(), [](const bytes& changed) {
          const auto read = parse_statement(changed);
          return !read && read.error() == errc::license_not_authentic;
        }) == 0);
}

TEST_CASE("a statement with the key of somebody else in it is refused", "[managed]") {
  bytes forged = keys().statement();
  const auto other = issuer_public_key(secret(0x01)).value();
  std::copy(other.begin(), other.end(), forged.end() - 96);
  CHECK(parse_statement(forged).error() == errc::license_not_authentic);
}

TEST_CASE("a signed list is no statement and a statement no list", "[managed]") {
  CHECK(parse_statement(keys().list()).error() == errc::license_not_authentic);
  CHECK(parse_revocation_list(keys().statement()).error() == errc::revocation_list_invalid);
}

TEST_CASE("a statement that could not be read again is not signed", "[managed]") {
  rights_statement what = keys().rights();
  SECTION("long issuer") {
    what.issuer = std::string(256, 'x');
  }
  SECTION("long user") {
    what.user = std::string(256, 'x');
  }
  SECTION("lone byte") {
    what.issuer = "a\x80";
  }
  SECTION("cut character") {
    what.user = "\xe2\x82";
  }
  SECTION("overlong") {
    what.user = "\xc0\xaf";
  }
  SECTION("overlong of three") {
    what.user = "\xe0\x9f\xbf";
  }
  SECTION("overlong of four") {
    what.user = "\xf0\x8f\xbf\xbf";
  }
  SECTION("surrogate") {
    what.user = "\xed\xa0\x80";
  }
  SECTION("beyond Unicode") {
    what.user = "\xf4\x90\x80\x80";
  }
  SECTION("no beginning") {
    what.user = "\xf8\x88\x80\x80\x80";
  }
  SECTION("before 1970") {
    what.not_before = std::chrono::sys_seconds{std::chrono::seconds{-1}};
  }
  SECTION("after 9999") {
    what.not_after = last_instant + std::chrono::seconds{1};
  }
  SECTION("no such right") {
    what.backup = static_cast<backup_right>(3);
  }
  CHECK(refusal(what) == errc::invalid_argument);
}

TEST_CASE("a key of another size signs nothing", "[managed]") {
  const std::size_t size = GENERATE(0u, 31u, 33u, 64u);
  CHECK(sign_statement(keys().rights(), secret_bytes(size)).error() == errc::invalid_argument);
  CHECK(sign_revocation_list(keys().revocations(), secret_bytes(size)).error() == errc::invalid_argument);
  CHECK(issuer_public_key(secret_bytes(size)).error() == errc::invalid_argument);
}

TEST_CASE("a signed map must have every required field", "[managed]") {
  CHECK(!error_of(required_fields()));
  for (const auto& [key, write] : required_fields()) {
    fields fewer = required_fields();
    fewer.erase(key);
    CHECK(error_of(fewer) == errc::license_not_authentic);
  }
}

TEST_CASE("a signed map may have fields of later versions", "[managed]") {
  CHECK(!error_with(0, [](auto& to) { to.unsigned_integer(0); }));
  CHECK(!error_with(12, [](auto& to) { to.text("later"); }));
  CHECK(!error_with(1000, [](auto& to) { to.map(1), to.text("a"), to.array(0); }));
}

TEST_CASE("a signed map with a field of another form is refused", "[managed]") {
  const auto refused = [](std::uint64_t key, auto write) {
    return error_with(key, write) == errc::license_not_authentic;
  };
  CHECK(refused(1, [](auto& to) { to.unsigned_integer(2); }));
  CHECK(refused(2, [](auto& to) { to.bytes(counting<15>(1)); }));
  CHECK(refused(3, [](auto& to) { to.bytes(counting<17>(1)); }));
  CHECK(refused(4, [](auto& to) { to.bytes(counting<17>(1)); }));
  CHECK(refused(4, [](auto& to) { to.text(std::string(256, 'x')); }));
  CHECK(refused(5, [](auto& to) { to.text("\xff"); }));
  CHECK(refused(6, [](auto& to) { to.unsigned_integer(3); }));
  CHECK(refused(7, [](auto& to) { to.unsigned_integer(std::uint64_t{1} << 32); }));
  CHECK(refused(7, [](auto& to) { to.integer(-1); }));
  CHECK(refused(8, [](auto& to) { to.integer(-1); }));
  CHECK(refused(9, [](auto& to) { to.integer(253'402'300'800); }));
  CHECK(refused(10, [](auto& to) { to.text("3"); }));
  CHECK(refused(11, [](auto& to) { to.bytes(counting<31>(1)); }));
}

TEST_CASE("a signed map that is not in the strict form is refused", "[managed]") {
  bytes map = map_of(keys().rights());
  REQUIRE(!error_of_map(map));
  REQUIRE(map[0] == std::byte{0xaa});  // ten fields
  SECTION("something behind it") {
    map.push_back({});
  }
  SECTION("a field less than said") {
    map[0] = std::byte{0xab};
  }
  SECTION("a field more than said") {
    map[0] = std::byte{0xa9};
  }
  SECTION("a field twice") {
    map[3] = map[1];
  }
  SECTION("nothing") {
    map.clear();
  }
  CHECK(error_of_map(map) == errc::license_not_authentic);
}

TEST_CASE("the digest of a payload is BLAKE2b-256", "[managed]") {
  // The digest of nothing, as RFC 7693's function with an output of 32 bytes gives it.
  constexpr unsigned char start[] = {0x0e, 0x57, 0x51, 0xc0, 0x26, 0xe5, 0x43, 0xb2};
  const auto digest = digest_of_payload({});
  CHECK(std::equal(std::begin(start), std::end(start), digest.begin(),
                   [](unsigned char a, std::byte b) { return std::byte{a} == b; }));
}
