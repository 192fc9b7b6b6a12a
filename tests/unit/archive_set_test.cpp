// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_set.hpp"

#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "crypto/hash.hpp"
#include "crypto/x25519.hpp"
#include "format/age/age_recipient.hpp"

#include <reinstate/backup_medium.hpp>

#include <algorithm>
#include <span>
#include <string>

using namespace reinstate;
using namespace reinstate::tests;
using namespace reinstate::archive;

namespace {

secret_bytes store_key() {
  return secret_bytes::copy_of(counting(5, 32));
}

// Keys that are the same each time.
set_keys known_keys() {
  set_keys keys;
  std::ranges::copy(counting(0x10, 16), keys.id.begin());
  keys.recovery = secret_bytes::copy_of(repeated(0x42, 32));
  keys.authentication = secret_bytes::copy_of(counting(0xc0, 32));
  return keys;
}

bool same(const set_keys& a, const set_keys& b) {
  return a.id == b.id && a.recovery == b.recovery && a.authentication == b.authentication;
}

result<set_keys> parse(std::string_view text) {
  return parse_recovery(secret_bytes::locked_copy_of(text));
}

std::string recovery_text(const set_keys& keys) {
  return std::string(crypto::text_of(write_recovery(keys).expose()));
}

constexpr auto by_passphrase = recovery_key_storage::passphrase;

}  // namespace

TEST_CASE("the files of a backup set have fixed names", "[archive]") {
  CHECK(manifest_name(1) == "000001/manifest");
  CHECK(manifest_name(max_generation) == "999999/manifest");
  CHECK(volume_name(1, 1) == "000001/licenses-001.age");
  CHECK(volume_name(max_generation, max_volume) == "999999/licenses-999.age");
  CHECK(recovery_prefix(42) == "recovery-000042");
}

TEST_CASE("a name tells the generation it belongs to", "[archive]") {
  const std::uint32_t generation = GENERATE(1u, 9u, 10u, 123'456u, max_generation);
  CHECK(generation_of(manifest_name(generation)) == generation);
  CHECK(generation_of(format_recovery_name({generation, slot_kind::code, {}})) == generation);
  CHECK(generation_of(format_recovery_name({generation, slot_kind::readable, {}})) == generation);
  for (const std::uint32_t volume : {1u, 10u, max_volume})
    CHECK(generation_of(volume_name(generation, volume)) == generation);
}

TEST_CASE("other names belong to no generation", "[archive]") {
  const std::string name = GENERATE(values<std::string>({
      "",
      "README.txt",
      "manifest",
      "/manifest",
      "000001",
      "000001/",
      "00001/manifest",
      "0000001/manifest",
      "1/manifest",
      "-00001/manifest",
      "+00001/manifest",
      " 00001/manifest",
      "00000a/manifest",
      "0x0001/manifest",
      "000001/Manifest",
      "000001/manifest.tmp",
      "000001/manifest/",
      "000001//manifest",
      "000001/000002/manifest",
      "./000001/manifest",
      "000001\\manifest",
      "000001/licenses-1.age",
      "000001/licenses-01.age",
      "000001/licenses-0001.age",
      "000001/licenses-00a.age",
      "000001/licenses-.age",
      "000001/licenses-001.AGE",
      "000001/licenses-001.age.tmp",
      "000001/licenses-001",
      "00001/licenses-001.age",
      "licenses-001.age",
      "recovery-",
      "recovery-000001",
      "recovery-000001.age",
      "recovery-000001-.age",
      "recovery-000001-code.age",
      "recovery-000001-code-.age",
      "recovery-000001--01234567.age",
      "recovery-000001-codes-01234567.age",
      "recovery-000001-Code-01234567.age",
      "recovery-000001-code-0123456.age",
      "recovery-000001-code-012345678.age",
      "recovery-000001-code-0123456g.age",
      "recovery-000001-code-0123456A.age",
      "recovery-000001-code-01234567.txt",
      "recovery-000001-code-01234567.age.tmp",
      "recovery-000001-code-01234567",
      "recovery-000001-code_01234567.age",
      "recovery-000001_code-01234567.age",
      "recovery-000001-readable-01234567.age",
      "recovery-000000-code-01234567.age",
      "recovery-00001-code-01234567.age",
      "recovery-0000001-code-01234567.age",
      "recovery-00000a-code-01234567.age",
      "Recovery-000001-code-01234567.age",
      "recovery 000001-code-01234567.age",
      "000001/recovery-000001-code-01234567.age",
      "\xd9\xa0\xd9\xa0\xd9\xa0/manifest",
  }));
  INFO(name);
  const guarded exact(crypto::bytes_of(name));
  CHECK_FALSE(generation_of(crypto::text_of(exact.get())));
}

TEST_CASE("the name of a slot tells its set and its kind and how its content begins", "[archive]") {
  const crypto::byte_array<4> tag{std::byte{0x01}, std::byte{0x2f}, std::byte{0xa0}, std::byte{0xff}};
  const auto [kind, name] = GENERATE(table<slot_kind, std::string>({
      {slot_kind::passphrase, "recovery-000042-passphrase-012fa0ff.age"},
      {slot_kind::code, "recovery-000042-code-012fa0ff.age"},
      {slot_kind::recipient, "recovery-000042-recipient-012fa0ff.age"},
      {slot_kind::key_file, "recovery-000042-keyfile-012fa0ff.age"},
      {slot_kind::keyring, "recovery-000042-keyring-012fa0ff.age"},
      {slot_kind::machine, "recovery-000042-machine-012fa0ff.age"},
      {slot_kind::readable, "recovery-000042-readable-012fa0ff.txt"},
  }));
  CHECK(format_recovery_name({42, kind, tag}) == name);
  CHECK((parse_recovery_name(name) == recovery_name{42, kind, tag}));
  CHECK(is_medium_name(name));
}

TEST_CASE("the tag of a slot is the beginning of the digest of its content", "[archive]") {
  const auto content = counting(1, 100);
  const crypto::digest whole = crypto::hash(content);
  CHECK(std::ranges::equal(recovery_tag(content), std::span(whole).first(4)));
}

TEST_CASE("new sets have ids and keys of their own", "[archive]") {
  const set_keys a = make_set_keys(store_key(), by_passphrase), b = make_set_keys(store_key(), by_passphrase);
  CHECK(a.id != b.id);
  CHECK_FALSE(a.recovery == b.recovery);
  CHECK_FALSE(a.authentication == b.authentication);
  CHECK(a.recipient() == crypto::x25519_public_key(a.recovery));
}

TEST_CASE("the machine a set began on derives its authentication key again", "[archive]") {
  const set_keys keys = make_set_keys(store_key(), by_passphrase);
  CHECK(authentication_key(store_key(), keys.id, by_passphrase) == keys.authentication);
  CHECK(keys.authentication.size() == 32);
  CHECK_FALSE(authentication_key(secret_bytes::copy_of(counting(6, 32)), keys.id, by_passphrase) ==
              keys.authentication);
  set_id other = keys.id;
  other[15] ^= std::byte{1};
  CHECK_FALSE(authentication_key(store_key(), other, by_passphrase) == keys.authentication);
}

TEST_CASE("the keys of a set come back from the recovery text", "[archive]") {
  const set_keys keys = GENERATE(0, 1, 2) == 0 ? known_keys() : make_set_keys(store_key(), by_passphrase);
  const auto back = parse_recovery(write_recovery(keys));
  REQUIRE(back.has_value());
  CHECK(same(*back, keys));
}

TEST_CASE("the recovery text is an age identity file with comments", "[archive]") {
  CHECK(recovery_text(known_keys()) ==
        "# reinstate recovery key\n"
        "# set: EBESExQVFhcYGRobHB0eHw\n"
        "# authentication: wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t8\n"
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n");
}

TEST_CASE("a recovery text cut anywhere is damaged", "[archive]") {
  const std::string text = recovery_text(known_keys());
  for (std::size_t size = 0; size != text.size(); ++size) {
    const auto parsed = parse(std::string_view(text).substr(0, size));
    REQUIRE(parsed.has_error());
    CHECK(parsed.error() == errc::key_slot_damaged);
  }
}

TEST_CASE("a recovery text with any bit flipped is damaged or gives other keys", "[archive]") {
  std::string text = recovery_text(known_keys());
  for (std::size_t bit = 0; bit != 8 * text.size(); ++bit) {
    INFO("bit " << bit);
    const char original = text[bit / 8];
    text[bit / 8] = static_cast<char>(static_cast<unsigned char>(original) ^ (1u << bit % 8));
    const auto parsed = parse(text);
    if (parsed)
      CHECK_FALSE(same(*parsed, known_keys()));
    else
      CHECK(parsed.error() == errc::key_slot_damaged);
    text[bit / 8] = original;
  }
}

TEST_CASE("a recovery text that is not as it was written is damaged", "[archive]") {
  const std::string good = recovery_text(known_keys());
  const std::string heading = "# reinstate recovery key\n", set = "# set: EBESExQVFhcYGRobHB0eHw\n",
                    authentication = "# authentication: wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t8\n";
  const std::string identity = good.substr(heading.size() + set.size() + authentication.size());
  REQUIRE(heading + set + authentication + identity == good);
  const std::string text = GENERATE_COPY(values<std::string>({
      set + authentication + identity,
      heading + authentication + identity,
      heading + set + identity,
      heading + set + authentication,
      heading + authentication + set + identity,
      "\n" + good,
      "# reinstate recovery key 2\n" + set + authentication + identity,
      heading + "# set: EBESExQVFhcYGRobHB0e\n" + authentication + identity,
      heading + "# set: EBESExQVFhcYGRobHB0eHw==\n" + authentication + identity,
      heading + "# set: \n" + authentication + identity,
      heading + set + "# authentication: EBESExQVFhcYGRobHB0eHw\n" + identity,
      heading + set + authentication + "\n" + identity,
      heading + set + authentication + age::recipient_text(known_keys().recipient()) + "\n",
  }));
  INFO(text);
  const auto parsed = parse(text);
  REQUIRE(parsed.has_error());
  CHECK(parsed.error() == errc::key_slot_damaged);
}

TEST_CASE("README.txt is text that any editor shows", "[archive]") {
  const std::string_view text = readme_text();
  CHECK(text.ends_with("\r\n"));
  for (std::size_t i = 0; i != text.size(); ++i) {
    const char c = text[i];
    CHECK(((c >= ' ' && c < '\x7f') || c == '\r' || c == '\n'));
    if (c == '\n') CHECK((i != 0 && text[i - 1] == '\r'));
    if (c == '\r') CHECK((i + 1 != text.size() && text[i + 1] == '\n'));
  }
  CHECK(text.find(volume_name(1, 1)) != std::string_view::npos);
  const std::size_t at = text.find("recovery-000001-passphrase-01234567.age");
  REQUIRE(at != std::string_view::npos);
  CHECK(parse_recovery_name(text.substr(at, 39)));
}
