// SPDX-License-Identifier: BSL-1.0
// Hashes, key derivation, agreement and signatures against the vectors of their specifications.
#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "crypto/scrypt.hpp"
#include "crypto/x25519.hpp"

#include <string>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

secret_bytes secret(crypto::byte_span from) {
  return secret_bytes::locked_copy_of(from);
}
secret_bytes secret_from_hex(std::string_view hex) {
  return secret(from_hex(hex));
}
bytes text(std::string_view from) {
  const auto span = crypto::bytes_of(from);
  return {span.begin(), span.end()};
}

struct hmac_vector {
  const char* name;
  bytes key, message;
  const char* code;
};

struct hkdf_vector {
  const char* name;
  bytes key_material, salt, info;
  const char* first_block;
};

struct signature_vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

const signature_vector signatures[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

}  // namespace

TEST_CASE("HMAC-SHA-256 gives the codes of RFC 4231", "[crypto]") {
  const hmac_vector vectors[] = {
      {"1", repeated(0x0b, 20), text("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"2", text("Jefe"), text("what do ya want for nothing?"),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {"3", repeated(0xaa, 20), repeated(0xdd, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"4", counting(1, 25), repeated(0xcd, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {"6", repeated(0xaa, 131), text("Test Using Larger Than Block-Size Key - Hash Key First"),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {"7", repeated(0xaa, 131),
       text("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
            "hashed before being used by the HMAC algorithm."),
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const hmac_vector& v : vectors) {
    INFO("test case " << v.name);
    const guarded message(v.message);
    CHECK(to_hex(crypto::hmac_sha256(secret(v.key), message.get())) == v.code);
  }
}

TEST_CASE("HKDF-SHA-256 gives the first 32 bytes of the outputs of RFC 5869", "[crypto]") {
  const hkdf_vector vectors[] = {
      {"A.1", repeated(0x0b, 22), counting(0, 13), counting(0xf0, 10),
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"},
      {"A.2", counting(0, 80), counting(0x60, 80), counting(0xb0, 80),
       "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"},
      {"A.3, without salt and info",
       repeated(0x0b, 22),
       {},
       {},
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"},
  };
  for (const hkdf_vector& v : vectors) {
    INFO("test case " << v.name);
    const guarded key_material(v.key_material), salt(v.salt), info(v.info);
    const secret_bytes key = crypto::hkdf_sha256(key_material.get(), salt.get(), crypto::text_of(info.get()));
    CHECK(to_hex(key.expose()) == v.first_block);
  }
}

TEST_CASE("scrypt gives the first 32 bytes of the output of RFC 7914", "[crypto]") {
  const auto key =
      crypto::scrypt(secret_bytes::locked_copy_of("pleaseletmein"), crypto::bytes_of("SodiumChloride"), 14);
  REQUIRE(key.has_value());
  CHECK(to_hex(key->expose()) == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

TEST_CASE("scrypt takes an empty passphrase and an empty salt", "[crypto]") {
  const auto key = crypto::scrypt(secret_bytes(), {}, 4);
  REQUIRE(key.has_value());
  CHECK(to_hex(key->expose()) == "e2b1883717d879f495cb7d86aa1eb8697e724978e8fc819881b007fbba2cf86b");
}

TEST_CASE("BLAKE2b-256 gives the digests of the reference implementation", "[crypto]") {
  CHECK(to_hex(crypto::hash({})) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  CHECK(to_hex(crypto::hash(crypto::bytes_of("abc"))) ==
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(to_hex(crypto::keyed_hash(secret(counting(0, 32)), crypto::bytes_of("abc"))) ==
        "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

TEST_CASE("a hash does not depend on the pieces it is fed in", "[crypto]") {
  const bytes message = counting(0, 300);
  const secret_bytes key = secret(counting(7, 32));
  for (std::size_t split = 0; split <= message.size(); split += 13) {
    crypto::hasher plain, keyed(key);
    for (crypto::hasher* hasher : {&plain, &keyed}) {
      hasher->update(crypto::byte_span(message).first(split));
      hasher->update(crypto::byte_span(message).subspan(split));
    }
    CHECK(plain.finish() == crypto::hash(message));
    CHECK(keyed.finish() == crypto::keyed_hash(key, message));
  }
}

TEST_CASE("a number begins with its highest byte", "[crypto]") {
  CHECK(crypto::big_endian(0) == array_from_hex<8>("0000000000000000"));
  CHECK(crypto::big_endian(0x0123456789abcdef) == array_from_hex<8>("0123456789abcdef"));
  CHECK(crypto::big_endian(~std::uint64_t{0}) == array_from_hex<8>("ffffffffffffffff"));
}

TEST_CASE("digests are equal where every byte is", "[crypto]") {
  const crypto::digest digest = crypto::hash({});
  CHECK(crypto::equal(digest, digest));
  for (std::size_t i = 0; i != digest.size(); ++i) {
    crypto::digest other = digest;
    other[i] ^= std::byte{0x10};
    CHECK_FALSE(crypto::equal(digest, other));
  }
}

TEST_CASE("X25519 gives the results of RFC 7748", "[crypto]") {
  const auto shared = [](std::string_view scalar, std::string_view point) {
    const auto agreed = crypto::x25519_agree(secret_from_hex(scalar), array_from_hex<32>(point));
    REQUIRE(agreed.has_value());
    return to_hex(agreed->expose());
  };
  CHECK(shared("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
               "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c") ==
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  CHECK(shared("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
               "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493") ==
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");

  const char* alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
  const char* bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
  const auto alice_public = to_hex(crypto::x25519_public_key(secret_from_hex(alice)));
  const auto bob_public = to_hex(crypto::x25519_public_key(secret_from_hex(bob)));
  CHECK(alice_public == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  CHECK(bob_public == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  CHECK(shared(alice, bob_public) == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  CHECK(shared(bob, alice_public) == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST_CASE("X25519 gives the results of RFC 7748 after many rounds", "[crypto]") {
  bytes scalar(32), point(32);
  scalar[0] = point[0] = std::byte{9};
  for (int round = 1; round <= 1000; ++round) {
    crypto::byte_array<32> peer{};
    std::ranges::copy(point, peer.begin());
    const auto agreed = crypto::x25519_agree(secret(scalar), peer);
    REQUIRE(agreed.has_value());
    point = scalar;
    scalar.assign(agreed->expose().begin(), agreed->expose().end());
    if (round == 1) CHECK(to_hex(scalar) == "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
  }
  CHECK(to_hex(scalar) == "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST_CASE("X25519 refuses points of low order, which would make the secret known to all", "[crypto]") {
  const char* point = GENERATE("0000000000000000000000000000000000000000000000000000000000000000",
                               "0100000000000000000000000000000000000000000000000000000000000000",
                               "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                               "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                               "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                               "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                               "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
  INFO(point);
  const auto agreed = crypto::x25519_agree(secret(counting(1, 32)), array_from_hex<32>(point));
  REQUIRE(agreed.has_error());
  CHECK(agreed.error() == errc::invalid_argument);
}

TEST_CASE("Ed25519 gives the keys and signatures of RFC 8032", "[crypto]") {
  for (const signature_vector& v : signatures) {
    INFO(v.seed);
    const guarded message(from_hex(v.message));
    const secret_bytes seed = secret_from_hex(v.seed);
    const auto signature = crypto::ed25519_sign(seed, message.get());
    CHECK(to_hex(crypto::ed25519_public_key(seed)) == v.public_key);
    CHECK(to_hex(signature) == v.signature);
    CHECK(crypto::ed25519_verify(array_from_hex<32>(v.public_key), message.get(), signature));
  }
}

TEST_CASE("Ed25519 refuses a signature, key or message with any bit changed", "[crypto]") {
  const signature_vector& v = signatures[2];
  const auto flipped_is_refused = [&](auto& of, const auto& verify) {
    for (std::size_t bit = 0; bit != 8 * of.size(); ++bit) {
      of[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      CHECK_FALSE(verify());
      of[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    }
  };
  auto key = array_from_hex<32>(v.public_key);
  auto signature = array_from_hex<64>(v.signature);
  bytes message = from_hex(v.message);
  const auto verify = [&] { return crypto::ed25519_verify(key, message, signature); };
  CHECK(verify());
  flipped_is_refused(key, verify);
  flipped_is_refused(signature, verify);
  flipped_is_refused(message, verify);
  CHECK(verify());
}

TEST_CASE("random bytes differ from one call to the next", "[crypto]") {
  CHECK(crypto::random_array<32>() != crypto::random_array<32>());
  CHECK_FALSE(crypto::random_secret(32) == crypto::random_secret(32));
  CHECK(crypto::random_secret(5).size() == 5);
}
