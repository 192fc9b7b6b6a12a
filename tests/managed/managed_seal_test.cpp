// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "fixed_keys.hpp"
#include "managed/key_wrap.hpp"

using namespace reinstate;
using namespace reinstate::test;

namespace {

using crypto::secret_buffer;

bytes copy_of(byte_span from) {
  return {from.begin(), from.end()};
}

bytes sealed_payload(fixed_keys& keys) {
  secret_buffer out;
  keys.sealer().seal(keys.rights().id, keys.statement(), keys.payload, out);
  return copy_of(out);
}

// What the service makes of a sealed payload, with the parts of its key as they are or not.
secret_bytes key_for(const fixed_keys& keys, const license_id& id, byte_span sealed, byte_span statement) {
  return managed::license_key(keys.seal_secret(), id, managed::certificate_of(sealed).value(), statement);
}

bool opens(const secret_bytes& key, byte_span sealed) {
  secret_buffer out(5);
  const auto opened = managed::open_payload(key, sealed, out);
  if (!opened) CHECK((opened.error() == errc::license_not_authentic && out.empty()));
  return opened.has_value();
}

}  // namespace

TEST_CASE("a sealed payload of any size opens with the key of its license", "[managed]") {
  fixed_keys keys;
  const std::size_t size = GENERATE(0u, 1u, 16u, 65'535u, 65'536u, 1'048'576u);
  bytes payload(size);
  for (std::size_t i = 0; i != size; ++i) payload[i] = static_cast<std::byte>((i * 31) >> 3 & 0xff);
  secret_buffer sealed(3), opened(7);
  keys.sealer().seal(keys.rights().id, keys.statement(), payload, sealed);
  REQUIRE(sealed.size() == size + managed::seal_overhead);
  REQUIRE(managed::open_payload(key_for(keys, keys.rights().id, sealed, keys.statement()), sealed, opened));
  CHECK(std::ranges::equal(opened, payload));
}

TEST_CASE("each backup is sealed with keys of its own", "[managed]") {
  fixed_keys keys;
  const auto make = [&] {
    return managed::payload_sealer::make(keys.origin, keys.service_keys.agreement, keys.owner(), keys.now).value();
  };
  const auto one = make(), other = make();
  CHECK(one.certificate() != other.certificate());
  secret_buffer from_one, from_other;
  one.seal({}, {}, keys.payload, from_one);
  other.seal({}, {}, keys.payload, from_other);
  CHECK(!std::ranges::equal(byte_span(from_one).last(23), byte_span(from_other).last(23)));
  const auto shared =
      crypto::x25519_agree(keys.service, managed::read_certificate(one.certificate())->ephemeral).value();
  CHECK(opens(managed::license_key(shared, {}, one.certificate(), {}), from_one));
  CHECK(!opens(managed::license_key(shared, {}, one.certificate(), {}), from_other));
}

TEST_CASE("a certificate says whose backup it is", "[managed]") {
  fixed_keys keys;
  const auto sealer = keys.sealer();
  const auto read = managed::read_certificate(sealer.certificate());
  REQUIRE(read.has_value());
  CHECK(read->ephemeral == crypto::x25519_public_key(keys.ephemeral));
  CHECK(read->service == keys.service_keys.agreement);
  CHECK(read->origin == keys.origin.id());
  CHECK(read->owner == keys.owner());
  CHECK(read->created == keys.now);
}

TEST_CASE("no other certificate than the signed one is read", "[managed]") {
  fixed_keys keys;
  CHECK(accepted_variants(copy_of(keys.sealer().certificate()), [](const bytes& changed) {
          const auto read = managed::read_certificate(changed);
          return !read && read.error() == errc::license_not_authentic;
        }) == 0);
}

TEST_CASE("a certificate is signed as a certificate and as nothing else", "[managed]") {
  fixed_keys keys;
  bytes certificate = copy_of(keys.sealer().certificate());
  const auto plain = keys.origin.sign(byte_span(certificate).first(137)).value();
  std::ranges::copy(plain, certificate.begin() + 137);
  CHECK(managed::read_certificate(certificate).error() == errc::license_not_authentic);
}

TEST_CASE("nothing is sealed to a service whose key everybody can guess", "[managed]") {
  fixed_keys keys;
  CHECK(managed::payload_sealer::make(keys.origin, {}, keys.owner(), keys.now).error() == errc::invalid_argument);
}

TEST_CASE("nothing is sealed by a machine that cannot sign or does not know the time", "[managed]") {
  fixed_keys keys;
  const x25519_public_key& service = keys.service_keys.agreement;
  for (const std::int64_t seconds : {std::int64_t{-1}, std::int64_t{253'402'300'800}, INT64_MAX, INT64_MIN}) {
    const std::chrono::sys_seconds when{std::chrono::seconds{seconds}};
    CHECK(managed::payload_sealer::make(keys.origin, service, keys.owner(), when).error() == errc::invalid_argument);
  }
  struct nobody final : machine_identity {
    result<machine_public_identity> public_identity() override { return errc::needs_individualization; }
    result<ed25519_signature> sign(std::span<const std::byte>) override { return errc::needs_individualization; }
    result<secret_bytes> agree(const x25519_public_key&) override { return errc::needs_individualization; }
    result<secret_bytes> store_key() override { return errc::needs_individualization; }
    result<void> individualize() override { return {}; }
  } machine;
  CHECK(managed::payload_sealer::make(machine, service, keys.owner(), keys.now).error() ==
        errc::needs_individualization);
}

TEST_CASE("no other sealed payload than the sealed one opens", "[managed]") {
  fixed_keys keys;
  const bytes sealed = sealed_payload(keys);
  const bytes statement = keys.statement();
  const license_id id = keys.rights().id;
  REQUIRE(opens(key_for(keys, id, sealed, statement), sealed));
  // The service derives the key from the certificate it was shown, which is the one in front.
  CHECK(accepted_variants(sealed, [&](const bytes& changed) {
          const auto certificate = managed::certificate_of(changed);
          if (!certificate) return !opens(key_for(keys, id, sealed, statement), changed);
          return !opens(managed::license_key(keys.seal_secret(), id, *certificate, statement), changed);
        }) == 0);
}

TEST_CASE("a license opens with the key of its own id and statement and service only", "[managed]") {
  fixed_keys keys;
  const bytes sealed = sealed_payload(keys);
  const license_id id = keys.rights().id;
  rights_statement other = keys.rights();
  other.uses = 4;
  license_id other_id = id;
  other_id.bytes[15] ^= std::byte{1};
  const auto other_service = crypto::x25519_agree(secret(0x21), crypto::x25519_public_key(keys.ephemeral)).value();
  CHECK(opens(key_for(keys, id, sealed, keys.statement()), sealed));
  CHECK(!opens(key_for(keys, other_id, sealed, keys.statement()), sealed));
  CHECK(!opens(key_for(keys, id, sealed, sign_statement(other, keys.issuer).value()), sealed));
  CHECK(!opens(key_for(keys, id, sealed, {}), sealed));
  CHECK(!opens(managed::license_key(other_service, id, keys.sealer().certificate(), keys.statement()), sealed));
  CHECK(!opens(secret_bytes(32), sealed));
  CHECK(!opens(secret_bytes(31), sealed));
}

TEST_CASE("what is too short has no certificate", "[managed]") {
  CHECK(managed::certificate_of(bytes(managed::seal_overhead - 1)).error() == errc::license_not_authentic);
  CHECK(managed::certificate_of(bytes(managed::seal_overhead)).value().size() == managed::certificate_size);
}

// --- the key on its way to a machine ---

namespace {

struct wrapping {
  fixed_keys keys;
  secret_bytes shared = keys.asking.agree(keys.service_keys.agreement).value();
  managed::request_id request = counting<16>(0x70);
  license_id id = keys.rights().id;
  managed::certificate_bytes certificate = keys.sealer().certificate();
  bytes statement = keys.statement();
  secret_bytes key = managed::license_key(keys.seal_secret(), id, certificate, statement);

  // As the service does it, which has the other private key.
  managed::wrapped_key wrapped() const {
    const auto with = crypto::x25519_agree(keys.service, crypto::x25519_public_key(secret(0x60))).value();
    return managed::wrap_key(with, request, id, certificate, statement, key);
  }
  result<secret_bytes> unwrapped(const managed::wrapped_key& what) const {
    return managed::unwrap_key(shared, request, id, certificate, statement, what);
  }
};

}  // namespace

TEST_CASE("a wrapped key is unwrapped by the machine it was wrapped for", "[managed]") {
  const wrapping all;
  CHECK(all.unwrapped(all.wrapped()).value() == all.key);
}

TEST_CASE("a wrapped key is of no use anywhere else", "[managed]") {
  wrapping all;
  const auto wrapped = all.wrapped();
  SECTION("on another machine") {
    all.shared = all.keys.origin.agree(all.keys.service_keys.agreement).value();
  }
  SECTION("from another service") {
    all.shared = all.keys.asking.agree(crypto::x25519_public_key(secret(0x21))).value();
  }
  SECTION("in another request") {
    all.request[15] ^= std::byte{1};
  }
  SECTION("for another license") {
    all.id.bytes[0] ^= std::byte{1};
  }
  SECTION("of another backup") {
    all.certificate[200] ^= std::byte{1};
  }
  SECTION("under another statement") {
    all.statement[0] ^= std::byte{1};
  }
  CHECK(all.unwrapped(wrapped).error() == errc::service_not_authentic);
}

TEST_CASE("a wrapped key with a bit changed is refused", "[managed]") {
  const wrapping all;
  for (std::size_t bit = 0; bit != 8 * managed::wrapped_key_size; ++bit) {
    auto changed = all.wrapped();
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    CHECK(all.unwrapped(changed).error() == errc::service_not_authentic);
  }
}

TEST_CASE("two statements of one license in one request get wrapping keys of their own", "[managed]") {
  wrapping all;
  const auto one = all.wrapped();
  all.statement.back() ^= std::byte{1};
  const auto other = all.wrapped();
  // The same plaintext under the same key would be the same ciphertext.
  CHECK(!std::equal(one.begin(), one.begin() + 32, other.begin()));
}
