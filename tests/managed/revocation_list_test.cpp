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

constexpr std::string_view kind = "reinstate revocation list v1";

const fixed_keys& keys() {
  static const fixed_keys all;
  return all;
}

using map_writer = cbor::writer<bytes>;
using fields = std::map<std::uint64_t, std::function<void(map_writer&)>>;

fields required_fields() {
  return {{1, [](map_writer& to) { to.unsigned_integer(1); }},
          {2, [](map_writer& to) { to.text("Example Films"); }},
          {3, [](map_writer& to) { to.unsigned_integer(7); }},
          {4, [](map_writer& to) { to.unsigned_integer(7); }}};
}

error_code error_of(const fields& all) {
  bytes map;
  map_writer to(map);
  to.map(all.size());
  for (const auto& [key, write] : all) {
    to.unsigned_integer(key);
    write(to);
  }
  const auto read = parse_revocation_list(managed::sign_document(kind, map, keys().issuer).value());
  return read ? error_code() : read.error();
}

error_code error_with(std::uint64_t key, std::function<void(map_writer&)> write) {
  fields all = required_fields();
  all[key] = std::move(write);
  return error_of(all);
}

bytes ids(std::initializer_list<unsigned> firsts) {
  bytes out;
  for (const unsigned first : firsts)
    for (const std::byte b : counting<16>(first)) out.push_back(b);
  return out;
}

}  // namespace

TEST_CASE("a revocation list is read as it was signed", "[managed]") {
  revocation_list what = keys().revocations();
  const int variant = GENERATE(0, 1, 2);
  if (variant == 1) what = {"A", UINT64_MAX, {}, {}, {}, {}};
  if (variant == 2)
    for (unsigned i = 0; i != 5'000; ++i)
      what.keys.push_back({{std::byte{0xff}, static_cast<std::byte>(i >> 8), static_cast<std::byte>(i & 0xff)}});
  const auto read = parse_revocation_list(sign_revocation_list(what, keys().issuer).value());
  REQUIRE(read.has_value());
  CHECK(read->list == what);
  CHECK(read->signer == issuer_public_key(keys().issuer).value());
}

TEST_CASE("what is revoked is sorted when it is signed and none of it twice", "[managed]") {
  revocation_list mixed = keys().revocations();
  std::ranges::reverse(mixed.licenses);
  mixed.licenses.push_back(mixed.licenses.front());
  mixed.users = {"user-9", "user-8", "user-9"};
  CHECK(sign_revocation_list(mixed, keys().issuer).value() == keys().list());
}

TEST_CASE("no other list than the signed one is read", "[managed]") {
  CHECK(accepted_variants(keys().list(), [](const bytes& changed) {
          const auto read = parse_revocation_list(changed);
          return !read && read.error() == errc::revocation_list_invalid;
        }) == 0);
}

TEST_CASE("a list that could not be read again is not signed", "[managed]") {
  revocation_list what = keys().revocations();
  SECTION("no issuer") {
    what.issuer.clear();
  }
  SECTION("long issuer") {
    what.issuer = std::string(256, 'x');
  }
  SECTION("empty user") {
    what.users.push_back("");
  }
  SECTION("user that is no text") {
    what.users.push_back("\xff");
  }
  SECTION("before 1970") {
    what.issued = std::chrono::sys_seconds{std::chrono::seconds{-1}};
  }
  CHECK(sign_revocation_list(what, keys().issuer).error() == errc::invalid_argument);
}

TEST_CASE("a signed list must have every required field and may have later ones", "[managed]") {
  CHECK(!error_of(required_fields()));
  for (const auto& [key, write] : required_fields()) {
    fields fewer = required_fields();
    fewer.erase(key);
    CHECK(error_of(fewer) == errc::revocation_list_invalid);
  }
  CHECK(!error_with(8, [](auto& to) { to.array(1), to.text("later"); }));
}

TEST_CASE("a signed list with a field of another form is refused", "[managed]") {
  const auto refused = [](std::uint64_t key, auto write) {
    return error_with(key, write) == errc::revocation_list_invalid;
  };
  CHECK(refused(1, [](auto& to) { to.unsigned_integer(2); }));
  CHECK(refused(2, [](auto& to) { to.text(""); }));
  CHECK(refused(3, [](auto& to) { to.integer(-1); }));
  CHECK(refused(4, [](auto& to) { to.integer(-1); }));
  for (const std::uint64_t key : {5u, 6u}) {
    CHECK(!refused(key, [](auto& to) { to.bytes(ids({1, 2})); }));
    CHECK(refused(key, [](auto& to) { to.bytes(ids({2, 1})); }));
    CHECK(refused(key, [](auto& to) { to.bytes(ids({1, 1})); }));
    CHECK(refused(key, [](auto& to) { to.bytes(counting<17>(1)); }));
  }
  CHECK(!refused(7, [](auto& to) { to.array(2), to.text("a"), to.text("b"); }));
  CHECK(refused(7, [](auto& to) { to.array(2), to.text("b"), to.text("a"); }));
  CHECK(refused(7, [](auto& to) { to.array(2), to.text("a"), to.text("a"); }));
  CHECK(refused(7, [](auto& to) { to.array(1), to.text(""); }));
  CHECK(refused(7, [](auto& to) { to.array(UINT64_MAX), to.text("a"); }));
}

TEST_CASE("a license is revoked by its id or its key or its user", "[managed]") {
  const revocation_list list = keys().revocations();
  const license_id free{counting<16>(0x60)};
  const key_id free_key{counting<16>(0x60)};
  CHECK(!is_revoked(list, free, free_key, ""));
  CHECK(!is_revoked(list, free, free_key, "user"));
  for (const license_id& id : list.licenses) CHECK(is_revoked(list, id, free_key, ""));
  CHECK(is_revoked(list, free, list.keys.front(), ""));
  CHECK(is_revoked(list, free, free_key, "user-8"));
  CHECK(is_revoked(list, free, free_key, "user-9"));
  CHECK(!is_revoked({}, list.licenses.front(), list.keys.front(), "user-8"));
}
