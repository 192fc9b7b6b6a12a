// SPDX-License-Identifier: BSL-1.0
// AES-256-GCM against published vectors, on memory that ends where a forbidden page begins.
#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "crypto/aead.hpp"

#include <string>

using namespace reinstate;
using namespace reinstate::tests;
using crypto::aead_tag_size;

namespace {

struct aes_vector {
  const char* name;
  const char* key;
  const char* nonce;
  const char* plaintext;
  const char* sealed;
};

// Without associated data: those of "The Galois/Counter Mode of Operation" by McGrew and Viega, appendix B.
const aes_vector vectors[] = {
    {"test case 13", "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {"test case 14", "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"test case 15", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
     "b16aedf5aa0de657ba637b391aafd255",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
     "c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c"},
};

bool is_missing_here() {
  if (crypto::aes256gcm_is_available()) return false;
  WARN("Left out: this processor has no instructions for AES.");
  return true;
}

// Whether opening fails and leaves nothing but zeros where the plaintext would have been.
bool is_refused_and_wiped(crypto::byte_span key, const crypto::byte_array<12>& nonce, crypto::byte_span sealed) {
  guarded out(sealed.size() - aead_tag_size);
  std::ranges::fill(out.writable(), std::byte{0x5a});
  return !crypto::aes256gcm_open(key, nonce, sealed, out.writable()) &&
         std::ranges::all_of(out.get(), [](std::byte b) { return b == std::byte{}; });
}

void flip(crypto::writable_bytes in, std::size_t bit) {
  in[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
}

}  // namespace

TEST_CASE("AES-256-GCM opens the published messages", "[crypto]") {
  if (is_missing_here()) return;
  for (const aes_vector& v : vectors) {
    INFO(v.name);
    const guarded key(from_hex(v.key)), sealed(from_hex(v.sealed));
    guarded opened(sealed.get().size() - aead_tag_size);
    REQUIRE(crypto::aes256gcm_open(key.get(), array_from_hex<12>(v.nonce), sealed.get(), opened.writable()));
    CHECK(to_hex(opened.get()) == v.plaintext);
  }
}

TEST_CASE("AES-256-GCM refuses every changed bit of message, key and nonce, and wipes", "[crypto]") {
  if (is_missing_here()) return;
  for (const aes_vector& v : vectors) {
    INFO(v.name);
    guarded key(from_hex(v.key)), sealed(from_hex(v.sealed));
    auto nonce = array_from_hex<12>(v.nonce);
    for (const crypto::writable_bytes input : {sealed.writable(), key.writable(), crypto::writable_bytes(nonce)}) {
      for (std::size_t bit = 0; bit != 8 * input.size(); ++bit) {
        flip(input, bit);
        REQUIRE(is_refused_and_wiped(key.get(), nonce, sealed.get()));
        flip(input, bit);
      }
    }
  }
}

TEST_CASE("AES-256-GCM refuses a message cut anywhere, and wipes", "[crypto]") {
  if (is_missing_here()) return;
  for (const aes_vector& v : vectors) {
    INFO(v.name);
    const guarded key(from_hex(v.key));
    const auto nonce = array_from_hex<12>(v.nonce);
    const bytes sealed = from_hex(v.sealed);
    for (std::size_t size = aead_tag_size; size != sealed.size(); ++size) {
      const guarded cut(crypto::byte_span(sealed).first(size));
      REQUIRE(is_refused_and_wiped(key.get(), nonce, cut.get()));
    }
    // Too short to hold a tag at all.
    for (std::size_t size = 0; size != aead_tag_size; ++size) {
      const guarded cut(crypto::byte_span(sealed).first(size));
      REQUIRE_FALSE(crypto::aes256gcm_open(key.get(), nonce, cut.get(), {}));
    }
  }
}
