// SPDX-License-Identifier: BSL-1.0
#include <reinstate/import/keygen.hpp>

#include "crypto/aead.hpp"
#include "crypto/base64.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"
#include "crypto/secret_buffer.hpp"
#include "import/keygen_document.hpp"

#include <sodium.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

namespace reinstate {
namespace {

using crypto::byte_span;
using crypto::bytes_of;
using crypto::text_of;
using keygen::certificate;
using keygen::document;
using keygen::resource;

constexpr std::string_view license_id_domain = "reinstate keygen license id 1";
constexpr std::string_view key_id_domain = "reinstate keygen key id 1";

// A kind of file: its frame, the signed prefix before the data, and the resource that was checked out.
struct file_kind {
  std::string_view begin;
  std::string_view end;
  std::string_view signed_prefix;
  std::string_view type;
  bool is_for_machine;
};

constexpr file_kind kinds[] = {
    {"-----BEGIN LICENSE FILE-----", "-----END LICENSE FILE-----", "license/", "licenses", false},
    {"-----BEGIN MACHINE FILE-----", "-----END MACHINE FILE-----", "machine/", "machines", true},
};

constexpr std::string_view encoded_algorithm = "base64+ed25519";
constexpr std::string_view encrypted_algorithm = "aes-256-gcm+ed25519";

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Returns the kind of a file and removes the frame from its text. Returns null for other texts.
const file_kind* take_frame(std::string_view& text) noexcept {
  text = trimmed(text);
  for (const file_kind& kind : kinds) {
    if (text.size() < kind.begin.size() + kind.end.size() || !text.starts_with(kind.begin) || !text.ends_with(kind.end))
      continue;
    text.remove_prefix(kind.begin.size());
    text.remove_suffix(kind.end.size());
    return &kind;
  }
  return nullptr;
}

// Decodes Base64 with padding.
result<secret_bytes> decode(std::string_view text) {
  if (text.size() % 4 != 0) return errc::import_malformed;
  for (int i = 0; i != 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  auto bytes = crypto::base64_decode(text);
  if (!bytes) return errc::import_malformed;
  secret_bytes out = secret_bytes::copy_of(*bytes);
  sodium_memzero(bytes->data(), bytes->size());
  return out;
}

// Decodes Base64 with padding, in lines of any length.
result<secret_bytes> decode_lines(std::string_view text) {
  crypto::secret_buffer joined;
  joined.reserve(text.size());
  for (const std::byte b : bytes_of(text))
    if (b != std::byte{'\n'} && b != std::byte{'\r'}) joined.push_back(b);
  return decode(text_of(joined));
}

template <std::size_t N>
std::optional<crypto::byte_array<N>> decode_array(std::string_view text) {
  const auto bytes = decode(text);
  if (!bytes || bytes->size() != N) return std::nullopt;
  crypto::byte_array<N> out{};
  std::ranges::copy(bytes->expose(), out.begin());
  return out;
}

// Verifies the signature, which covers the prefix and `enc` in its encoded form.
result<void> verify(const certificate& certificate, const file_kind& kind, const keygen_import_options& options) {
  const auto signature = decode_array<64>(certificate.sig);
  if (!signature) return errc::import_malformed;
  crypto::secret_buffer message;
  for (const byte_span part : {bytes_of(kind.signed_prefix), certificate.enc.expose()})
    message.insert(message.end(), part.begin(), part.end());
  if (!crypto::ed25519_verify(options.public_key, message, *signature)) return errc::import_signature_invalid;
  return {};
}

// Returns SHA-256 of the license key; for a machine file, of the license key and the fingerprint.
secret_bytes encryption_key(const file_kind& kind, const keygen_import_options& options) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  const byte_span license_key = options.license_key.expose();
  crypto_hash_sha256_update(&state, crypto::raw(license_key), license_key.size());
  const byte_span fingerprint = bytes_of(options.fingerprint);
  if (kind.is_for_machine) crypto_hash_sha256_update(&state, crypto::raw(fingerprint), fingerprint.size());
  secret_bytes key = secret_bytes::locked(crypto::aead_key_size);
  crypto_hash_sha256_final(&state, crypto::raw(key.expose_writable()));
  sodium_memzero(&state, sizeof state);
  return key;
}

// Decrypts `enc`: ciphertext, nonce and tag, each in Base64, separated by dots.
result<secret_bytes> decrypt(std::string_view enc, const file_kind& kind, const keygen_import_options& options) {
  const std::size_t first_dot = enc.find('.'), last_dot = enc.rfind('.');
  if (first_dot == last_dot) return errc::import_malformed;  // one dot, or none
  const auto ciphertext = decode(enc.substr(0, first_dot));
  const auto nonce = decode_array<12>(enc.substr(first_dot + 1, last_dot - first_dot - 1));
  const auto tag = decode_array<crypto::aead_tag_size>(enc.substr(last_dot + 1));
  if (!ciphertext || !nonce || !tag) return errc::import_malformed;
  if (!crypto::aes256gcm_is_available()) return errc::import_algorithm_unknown;
  if (options.license_key.empty()) return errc::import_key_wrong;

  std::vector<std::byte> sealed(ciphertext->expose().begin(), ciphertext->expose().end());
  sealed.insert(sealed.end(), tag->begin(), tag->end());
  secret_bytes plaintext(ciphertext->size());
  const secret_bytes key = encryption_key(kind, options);
  if (!crypto::aes256gcm_open(key.expose(), *nonce, sealed, plaintext.expose_writable())) return errc::import_key_wrong;
  return plaintext;
}

// Returns the signed JSON of a file. Verifies its signature.
result<secret_bytes> open(std::string_view text, const file_kind& kind, const keygen_import_options& options) {
  const auto json = decode_lines(text);
  if (!json) return json.error();
  const auto certificate = keygen::read_certificate(text_of(json->expose()));
  if (!certificate) return certificate.error();
  const bool is_encrypted = certificate->alg == encrypted_algorithm;
  if (!is_encrypted && certificate->alg != encoded_algorithm) return errc::import_algorithm_unknown;
  if (const auto verified = verify(*certificate, kind, options); !verified) return verified.error();
  const std::string_view enc = text_of(certificate->enc.expose());
  return is_encrypted ? decrypt(enc, kind, options) : decode(enc);
}

// Returns an id for the texts and the public key that signed them, so that another account cannot issue a license that
// replaces this one.
template <class Id>
Id make_id(std::string_view domain, const keygen_import_options& options,
           std::initializer_list<std::string_view> texts) noexcept {
  crypto::hasher hasher;
  hasher.update(bytes_of(domain));
  hasher.update(options.public_key);
  for (const std::string_view text : texts) hasher.update(crypto::hash(bytes_of(text)));  // tells "a", "b" from "ab"
  const crypto::digest digest = hasher.finish();
  Id id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

// Returns the license of a document; only its id for a machine file that does not include it.
result<resource> take_license(document& document, const file_kind& kind) {
  if (document.data.type != kind.type || document.data.id.empty()) return errc::import_malformed;
  if (!kind.is_for_machine) return document.data;
  if (document.data.license.empty()) return errc::import_malformed;
  const auto included = std::ranges::find(document.licenses, document.data.license, &resource::id);
  if (included != document.licenses.end()) return std::move(*included);
  resource unknown;
  unknown.id = document.data.license;
  return unknown;
}

keygen::instant earlier(const keygen::instant& a, const keygen::instant& b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

license make_license(const document& document, resource license_data, const file_kind& kind,
                     const keygen_import_options& options) {
  license out;
  out.id = make_id<license_id>(
      license_id_domain, options,
      {license_data.id, kind.is_for_machine ? std::string_view(document.data.id) : std::string_view()});
  out.key = make_id<key_id>(key_id_domain, options, {license_data.id});
  out.format = "keygen";
  out.issuer = document.data.account;
  out.title = options.title.empty() ? license_data.name : options.title;
  out.rights.backup = options.backup;
  out.rights.not_before = document.issued ? document.issued : license_data.created;
  out.rights.not_after = earlier(document.expiry, license_data.expiry);
  out.rights.document = std::move(license_data.attributes);
  const std::uint64_t used = license_data.uses.value_or(0);
  if (license_data.max_uses) out.state.uses_left = *license_data.max_uses - std::min(*license_data.max_uses, used);
  return out;
}

}  // namespace

result<license> import_keygen(std::string_view file, const keygen_import_options& options) {
  if (options.public_key == decltype(options.public_key){}) return errc::invalid_argument;
  if (file.size() > options.max_bytes) return errc::import_too_large;
  std::string_view text = file;
  const file_kind* const kind = take_frame(text);
  if (kind == nullptr) return errc::import_malformed;
  const auto json = open(text, *kind, options);
  if (!json) return json.error();
  auto document = keygen::read_document(text_of(json->expose()));
  if (!document) return document.error();
  auto license_data = take_license(*document, *kind);
  if (!license_data) return license_data.error();
  license out = make_license(*document, std::move(*license_data), *kind, options);
  out.payload = secret_bytes::copy_of(bytes_of(file));
  return out;
}

}  // namespace reinstate
