// SPDX-License-Identifier: BSL-1.0
// Both AEADs against published vectors, on memory that ends where a forbidden page begins.
#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "crypto/aead.hpp"

#include <sodium.h>

#include <string>

using namespace reinstate;
using namespace reinstate::tests;
using crypto::aead_tag_size;

namespace {

constexpr std::string_view sunscreen =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be "
    "it.";

struct aead_vector {
  const char* name;
  const char* key;
  const char* nonce;
  const char* context;
  bytes plaintext;
  const char* sealed;
};

// Without associated data, as age uses it. The first four are of Project Wycheproof.
const aead_vector short_nonce_vectors[] = {
    {"Wycheproof 2", "80ba3192c803ce965ea371d5ff073cf0f43b6a2ab576b208426e11409c09b9b0", "4da5bf8dfd5852c1ea12379d", "",
     bytes(), "76acb342cf3166a5b63c0c0ea1383c8d"},
    {"Wycheproof 4", "cc56b680552eb75008f5484b4cb803fa5063ebd6eab91f6ab6aef4916a766273", "99e23ec48985bccdeeab60f1", "",
     from_hex("2a"), "3acac27dec0968801e9f6eded69d807522"},
    {"Wycheproof 32", "67119627bd988eda906219e08c0d0d779a07d208ce8a4fe0709af755eeec6dcb", "68ab7fdbf61901dad461d23c",
     "", from_hex("51f8c1f731ea14acdb210a6d973e07"), "0b29638e1fbdd6df53970be22100422a9134087d67a46e79178d0a93f5e1d2"},
    {"Wycheproof 60", "5a7f850a1d9aafa77d59ae1b731965e8aaec6352280fc76a7b5e23ef3610cfe4", "4946a0d6adea93b82d4332e5",
     "", from_hex("3c161d791f624fb0388e808f0f69ed790dbe4cbd089ebac46627bcf01d"),
     "402302b56140c4dcc39774732c55883de124ce4bf0a0261cfa1569e2cfe830bfe933a96786cff2dd72b82c4bd5"},
};

const aead_vector long_nonce_vectors[] = {
    {"draft-irtf-cfrg-xchacha A.3.1", "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
     "404142434445464748494a4b4c4d4e4f5051525354555657", "50515253c0c1c2c3c4c5c6c7",
     bytes(crypto::bytes_of(sunscreen).begin(), crypto::bytes_of(sunscreen).end()),
     "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
     "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
     "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"},
    {"Wycheproof 2", "ab1562faea9f47af3ae1c3d6d030e3af230255dff3df583ced6fbbcbf9d606a9",
     "6a5e0c4617e07091b605a4de2c02dde117de2ebd53b23497", "", bytes(), "e2697ea6877aba39d9555a00e14db041"},
    {"Wycheproof 3", "d821dce9b890ea37ae1c89e7cb6aeae9371b8179add0d08f5494718322ae0071",
     "3ec3f7c45e687d75a895bf5e71809e7cdac32158bb48ec0d", "8780fb400f94c55d", bytes(),
     "966c22d655b9e56326024f028cf887ad"},
};

// One of the two, with its arguments bound to guarded memory.
struct short_nonce {
  guarded key, context;
  crypto::byte_array<12> nonce;

  explicit short_nonce(const aead_vector& v)
      : key(from_hex(v.key)), context(std::size_t{0}), nonce(array_from_hex<12>(v.nonce)) {}

  void seal(crypto::byte_span plaintext, crypto::writable_bytes sealed) const {
    crypto::chacha20poly1305_seal(key.get(), nonce, plaintext, sealed);
  }
  bool open(crypto::byte_span sealed, crypto::writable_bytes plaintext) const {
    return crypto::chacha20poly1305_open(key.get(), nonce, sealed, plaintext);
  }
};

struct long_nonce {
  guarded key, context;
  crypto::byte_array<24> nonce;

  explicit long_nonce(const aead_vector& v)
      : key(from_hex(v.key)), context(from_hex(v.context)), nonce(array_from_hex<24>(v.nonce)) {}

  void seal(crypto::byte_span plaintext, crypto::writable_bytes sealed) const {
    crypto::xchacha20poly1305_seal(key.get(), nonce, context.get(), plaintext, sealed);
  }
  bool open(crypto::byte_span sealed, crypto::writable_bytes plaintext) const {
    return crypto::xchacha20poly1305_open(key.get(), nonce, context.get(), sealed, plaintext);
  }
};

template <class Aead>
void check_vector(const aead_vector& v) {
  INFO(v.name);
  const Aead aead(v);
  const guarded plaintext(v.plaintext);
  guarded sealed(v.plaintext.size() + aead_tag_size), opened(v.plaintext.size());
  aead.seal(plaintext.get(), sealed.writable());
  CHECK(to_hex(sealed.get()) == v.sealed);
  REQUIRE(aead.open(sealed.get(), opened.writable()));
  CHECK(same_bytes(opened.get(), v.plaintext));
}

// Whether opening fails and leaves nothing but zeros where the plaintext would have been.
template <class Aead>
bool is_refused_and_wiped(const Aead& aead, crypto::byte_span sealed) {
  guarded out(sealed.size() - aead_tag_size);
  std::ranges::fill(out.writable(), std::byte{0x5a});
  return !aead.open(sealed, out.writable()) &&
         std::ranges::all_of(out.get(), [](std::byte b) { return b == std::byte{}; });
}

void flip(crypto::writable_bytes in, std::size_t bit) {
  in[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
}

template <class Aead>
void check_tampering(const aead_vector& v) {
  INFO(v.name);
  Aead aead(v);
  guarded sealed(from_hex(v.sealed));
  for (std::size_t bit = 0; bit != 8 * sealed.get().size(); ++bit) {
    flip(sealed.writable(), bit);
    REQUIRE(is_refused_and_wiped(aead, sealed.get()));
    flip(sealed.writable(), bit);
  }
  for (const crypto::writable_bytes input :
       {aead.key.writable(), crypto::writable_bytes(aead.nonce), aead.context.writable()}) {
    for (std::size_t bit = 0; bit != 8 * input.size(); ++bit) {
      flip(input, bit);
      REQUIRE(is_refused_and_wiped(aead, sealed.get()));
      flip(input, bit);
    }
  }
  guarded opened(v.plaintext.size());
  CHECK(aead.open(sealed.get(), opened.writable()));
}

template <class Aead>
void check_cuts(const aead_vector& v) {
  INFO(v.name);
  const Aead aead(v);
  const bytes sealed = from_hex(v.sealed);
  for (std::size_t size = aead_tag_size; size != sealed.size(); ++size) {
    const guarded cut(crypto::byte_span(sealed).first(size));
    REQUIRE(is_refused_and_wiped(aead, cut.get()));
  }
  // Too short to hold a tag at all.
  for (std::size_t size = 0; size != aead_tag_size; ++size) {
    const guarded cut(crypto::byte_span(sealed).first(size));
    REQUIRE_FALSE(aead.open(cut.get(), {}));
  }
}

}  // namespace

TEST_CASE("ChaCha20-Poly1305 gives the published results", "[crypto]") {
  for (const aead_vector& v : short_nonce_vectors) check_vector<short_nonce>(v);
}

TEST_CASE("XChaCha20-Poly1305 gives the published results", "[crypto]") {
  for (const aead_vector& v : long_nonce_vectors) check_vector<long_nonce>(v);
}

TEST_CASE("ChaCha20-Poly1305 gives the ciphertext of RFC 8439 and a tag made with its one-time key", "[crypto]") {
  // The example has associated data, which age has not: the tag is made anew, from the one-time key the RFC prints.
  const bytes key = counting(0x80, 32);
  const auto nonce = array_from_hex<12>("070000004041424344454647");
  const std::string ciphertext =
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
      "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
      "3ff4def08e4b7a9de576d26586cec64b6116";
  guarded sealed(sunscreen.size() + aead_tag_size);
  crypto::chacha20poly1305_seal(key, nonce, crypto::bytes_of(sunscreen), sealed.writable());
  CHECK(to_hex(sealed.get().first(sunscreen.size())) == ciphertext);

  bytes covered = from_hex(ciphertext);
  covered.resize(128);                // padded to 16 bytes
  covered.resize(136);                // length of the associated data
  covered.push_back(std::byte{114});  // length of the ciphertext, little-endian
  covered.resize(144);
  const bytes one_time_key = from_hex("7bac2b252db447af09b67a55a4e955840ae1d6731075d9eb2a9375783ed553ff");
  bytes tag(aead_tag_size);
  crypto_onetimeauth(crypto::raw(crypto::writable_bytes(tag)), crypto::raw(crypto::byte_span(covered)), covered.size(),
                     crypto::raw(crypto::byte_span(one_time_key)));
  CHECK(to_hex(sealed.get().subspan(sunscreen.size())) == to_hex(tag));
}

TEST_CASE("ChaCha20-Poly1305 refuses every changed bit of message, key and nonce, and wipes", "[crypto]") {
  for (const aead_vector& v : short_nonce_vectors) check_tampering<short_nonce>(v);
}

TEST_CASE("XChaCha20-Poly1305 refuses every changed bit of message, key, nonce and context, and wipes", "[crypto]") {
  for (const aead_vector& v : long_nonce_vectors) check_tampering<long_nonce>(v);
}

TEST_CASE("ChaCha20-Poly1305 refuses a message cut anywhere, and wipes", "[crypto]") {
  for (const aead_vector& v : short_nonce_vectors) check_cuts<short_nonce>(v);
}

TEST_CASE("XChaCha20-Poly1305 refuses a message cut anywhere, and wipes", "[crypto]") {
  for (const aead_vector& v : long_nonce_vectors) check_cuts<long_nonce>(v);
}

TEST_CASE("messages of every length around the block sizes come back", "[crypto]") {
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 63u, 64u, 65u, 255u, 256u, 257u, 511u, 512u, 513u, 65536u}) {
    INFO(size << " bytes");
    const short_nonce brief(short_nonce_vectors[0]);
    const long_nonce lengthy(long_nonce_vectors[0]);
    const guarded plaintext(counting(3, size));
    guarded sealed(size + aead_tag_size), opened(size);
    brief.seal(plaintext.get(), sealed.writable());
    REQUIRE(brief.open(sealed.get(), opened.writable()));
    CHECK(same_bytes(opened.get(), plaintext.get()));
    lengthy.seal(plaintext.get(), sealed.writable());
    REQUIRE(lengthy.open(sealed.get(), opened.writable()));
    CHECK(same_bytes(opened.get(), plaintext.get()));
  }
}
