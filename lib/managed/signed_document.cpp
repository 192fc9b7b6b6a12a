// SPDX-License-Identifier: BSL-1.0
#include "managed/signed_document.hpp"

#include "crypto/ed25519.hpp"

#include <algorithm>
#include <cstdint>

namespace reinstate::managed {
namespace {

using crypto::byte_span;

constexpr std::size_t key_size = 32, signature_size = 64;

std::vector<std::byte> joined(std::string_view kind, byte_span signed_part) {
  std::vector<std::byte> out(kind.size() + signed_part.size());
  std::ranges::copy(signed_part, std::ranges::copy(crypto::bytes_of(kind), out.begin()).out);
  return out;
}

void append(std::vector<std::byte>& out, byte_span bytes) {
  const std::size_t at = out.size();
  out.resize(at + bytes.size());
  std::ranges::copy(bytes, out.begin() + static_cast<std::ptrdiff_t>(at));
}

// The number of bytes that follow the first one of a UTF-8 character, and the bits of the first one.
struct character_start {
  unsigned following = 0;
  std::uint32_t bits = 0;
};
// Returns nullopt if the byte begins no character.
std::optional<character_start> start_of(unsigned char first) noexcept {
  if (first < 0x80) return character_start{0, first};
  if (first < 0xc2) return std::nullopt;  // inside a character, or a start that is longer than needed
  if (first < 0xe0) return character_start{1, first & 0x1fu};
  if (first < 0xf0) return character_start{2, first & 0x0fu};
  if (first < 0xf5) return character_start{3, first & 0x07u};
  return std::nullopt;
}

// Removes one character from the front of a text. Returns false if the text does not begin with one.
bool take_character(std::string_view& text) noexcept {
  const auto start = start_of(static_cast<unsigned char>(text.front()));
  if (!start || text.size() <= start->following) return false;
  std::uint32_t code = start->bits;
  for (unsigned i = 1; i <= start->following; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return false;
    code = code << 6 | (byte & 0x3fu);
  }
  text.remove_prefix(start->following + 1);
  const bool is_overlong = (start->following == 2 && code < 0x800) || (start->following == 3 && code < 0x10000);
  return !is_overlong && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

}  // namespace

result<std::vector<std::byte>> sign_document(std::string_view kind, std::vector<std::byte> document,
                                             const secret_bytes& issuer_seed) {
  if (issuer_seed.size() != crypto::ed25519_seed_size) return errc::invalid_argument;
  append(document, crypto::ed25519_public_key(issuer_seed));
  append(document, crypto::ed25519_sign(issuer_seed, joined(kind, document)));
  return document;
}

std::optional<verified_document> verify_document(std::string_view kind, byte_span document) {
  if (document.size() < key_size + signature_size) return std::nullopt;
  const byte_span signed_part = document.first(document.size() - signature_size);
  verified_document out{signed_part.first(signed_part.size() - key_size), {}};
  std::ranges::copy(signed_part.last<key_size>(), out.signer.begin());
  crypto::byte_array<signature_size> signature{};
  std::ranges::copy(document.last<signature_size>(), signature.begin());
  if (!crypto::ed25519_verify(out.signer, joined(kind, signed_part), signature)) return std::nullopt;
  return out;
}

bool is_short_text(std::string_view text) noexcept {
  if (text.size() > 255) return false;
  while (!text.empty())
    if (!take_character(text)) return false;
  return true;
}

std::string read_short_text(cbor::reader& in) {
  const std::string_view text = in.text();
  if (!is_short_text(text)) in.fail();
  return in.ok() ? std::string(text) : std::string();
}

std::chrono::sys_seconds read_instant(cbor::reader& in) noexcept {
  const std::chrono::sys_seconds instant{std::chrono::seconds{in.integer()}};
  if (!is_plausible(instant)) in.fail();
  return instant;
}

}  // namespace reinstate::managed
