// SPDX-License-Identifier: BSL-1.0
#include "service/protocol/http_signature.hpp"

#include "crypto/base64.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/random.hpp"
#include "service/protocol/signature_base.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace reinstate::service {
namespace {

using crypto::byte_array;
using crypto::byte_span;
using std::chrono::sys_seconds;

constexpr std::string_view fixed_parameters = R"(;alg="ed25519";tag="reinstate")";
constexpr std::size_t nonce_size = 16;

template <std::size_t N>
std::optional<byte_array<N>> exactly(const std::optional<std::vector<std::byte>>& bytes) {
  if (!bytes || bytes->size() != N) return std::nullopt;
  byte_array<N> out{};
  std::ranges::copy(*bytes, out.begin());
  return out;
}

// Encodes a binary value of a structured field (RFC 8941, 3.3.5): base64 with padding, between colons.
std::string binary_value(byte_span bytes) {
  std::string text = crypto::base64_encode(bytes);
  text.append((4 - text.size() % 4) % 4, '=');
  return ":" + text + ":";
}

std::string base64url(byte_span bytes) {
  return crypto::base64_encode(bytes, crypto::base64_alphabet::url);
}

std::string content_digest(std::string_view body) {
  byte_array<crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(crypto::raw(crypto::writable_bytes(digest)), crypto::raw(crypto::bytes_of(body)), body.size());
  return "sha-256=" + binary_value(digest);
}

// Consumes a text piece by piece.
class cursor {
 public:
  explicit cursor(std::string_view text) noexcept : rest_(text) {}

  bool skip(std::string_view expected) noexcept {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  std::string_view until(char end) noexcept {
    const auto piece = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(piece.size());
    return piece;
  }

  bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// Reads a Signature field that has this label and no other.
std::optional<ed25519_signature> read_signature(std::string_view field, std::string_view label) {
  cursor input(field);
  if (!input.skip(label) || !input.skip("=:")) return std::nullopt;
  const std::string_view text = input.until('=');  // 64 bytes take 86 characters and two of padding
  if (!input.skip("==:") || !input.at_end()) return std::nullopt;
  return exactly<64>(crypto::base64_decode(text));
}

// The parameters of a signature that vary.
struct parameters {
  sys_seconds created{};
  std::optional<std::string> nonce;  // only of a request
  ed25519_public_key key{};
};

std::string to_text(const parameters& values) {
  std::string text = ";created=" + std::to_string(values.created.time_since_epoch().count());
  if (values.nonce) text.append(";nonce=\"").append(*values.nonce).append("\"");
  return text.append(";keyid=\"").append(base64url(values.key)).append("\"").append(fixed_parameters);
}

// Reads the parameters that follow the list of components. Accepts only the one form that `to_text` writes.
std::optional<parameters> read_parameters(std::string_view text, bool has_nonce) {
  parameters out;
  cursor input(text);
  if (!input.skip(";created=")) return std::nullopt;
  const std::string_view digits = input.until(';');
  std::int64_t created = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), created);
  if (failed != std::errc() || end != digits.data() + digits.size() || digits.size() > 15) return std::nullopt;
  out.created = sys_seconds(std::chrono::seconds(created));
  if (has_nonce) {
    if (!input.skip(";nonce=\"")) return std::nullopt;
    out.nonce = input.until('"');
    if (!exactly<nonce_size>(crypto::base64_decode(*out.nonce, crypto::base64_alphabet::url)) || !input.skip("\""))
      return std::nullopt;
  }
  if (!input.skip(";keyid=\"")) return std::nullopt;
  const auto key = exactly<32>(crypto::base64_decode(input.until('"'), crypto::base64_alphabet::url));
  if (!key) return std::nullopt;
  out.key = *key;
  return to_text(out) == text ? std::optional(out) : std::nullopt;
}

// Reads the parameters of a Signature-Input field that has this label and covers exactly `covered`.
std::optional<parameters> read_input(std::string_view field, std::string_view label,
                                     std::span<const covered_component> covered, bool has_nonce) {
  cursor input(field);
  if (!input.skip(label) || !input.skip("=") || !input.skip(signature_parameters(covered, {}))) return std::nullopt;
  return read_parameters(field.substr(field.find(')') + 1), has_nonce);
}

// Returns true if the text is visible ASCII: no space or line end can pass for something else in the signature base.
bool is_visible_ascii(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_visible_ascii(const signed_request& request) noexcept {
  return is_visible_ascii(request.method) && is_visible_ascii(request.authority) && is_visible_ascii(request.path);
}

std::array<covered_component, 4> covered_by_request(const signed_request& request, std::string_view digest) noexcept {
  return {{{R"("@method")", request.method},
           {R"("@authority")", request.authority},
           {R"("@path")", request.path},
           {R"("content-digest")", digest}}};
}

// `request_signature` is the binary value without its label.
std::array<covered_component, 3> covered_by_answer(std::string_view status, std::string_view digest,
                                                   std::string_view request_signature) noexcept {
  return {{{R"("@status")", status},
           {R"("content-digest")", digest},
           {R"("signature";req;key="machine")", request_signature}}};
}

std::string_view machine_signature(std::string_view field) noexcept {
  constexpr std::string_view label = "machine=";
  return field.starts_with(label) ? field.substr(label.size()) : std::string_view();
}

}  // namespace

result<signature_fields> sign_request(machine_identity& machine, const signed_request& request, sys_seconds now) {
  if (!is_visible_ascii(request)) return errc::invalid_argument;
  const auto self = machine.public_identity();
  if (!self) return self.error();
  signature_fields fields{content_digest(request.body), {}, {}};
  const std::string varying = to_text({now, base64url(crypto::random_array<nonce_size>()), self->signing});
  const auto covered = covered_by_request(request, fields.content_digest);
  const auto signature = machine.sign(crypto::bytes_of(signature_base(covered, varying)));
  if (!signature) return signature.error();
  fields.signature_input = "machine=" + signature_parameters(covered, varying);
  fields.signature = "machine=" + binary_value(*signature);
  return fields;
}

result<checked_request> check_request(const signed_request& request, const signature_fields& fields) {
  if (!is_visible_ascii(request) || fields.content_digest != content_digest(request.body))
    return errc::request_not_authentic;
  const auto covered = covered_by_request(request, fields.content_digest);
  const auto input = read_input(fields.signature_input, "machine", covered, true);
  const auto signature = read_signature(fields.signature, "machine");
  if (!input || !signature ||
      !crypto::ed25519_verify(input->key, crypto::bytes_of(signature_base(covered, to_text(*input))), *signature))
    return errc::request_not_authentic;
  return checked_request{input->key, input->created, *input->nonce};
}

signature_fields sign_answer(const service_keys& keys, unsigned status, std::string_view body,
                             std::string_view request_signature, sys_seconds now) {
  signature_fields fields{content_digest(body), {}, {}};
  const std::string status_text = std::to_string(status);
  const std::string varying = to_text({now, std::nullopt, keys.public_key().signing});
  const auto covered = covered_by_answer(status_text, fields.content_digest, machine_signature(request_signature));
  fields.signature_input = "service=" + signature_parameters(covered, varying);
  fields.signature = "service=" + binary_value(crypto::ed25519_sign(
                                      keys.signing_seed(), crypto::bytes_of(signature_base(covered, varying))));
  return fields;
}

result<void> check_answer(const ed25519_public_key& service, unsigned status, std::string_view body,
                          std::string_view request_signature, const signature_fields& fields) {
  if (!read_signature(request_signature, "machine") || fields.content_digest != content_digest(body))
    return errc::service_not_authentic;
  const std::string status_text = std::to_string(status);
  const auto covered = covered_by_answer(status_text, fields.content_digest, machine_signature(request_signature));
  const auto input = read_input(fields.signature_input, "service", covered, false);
  const auto signature = read_signature(fields.signature, "service");
  if (!input || input->key != service || !signature ||
      !crypto::ed25519_verify(service, crypto::bytes_of(signature_base(covered, to_text(*input))), *signature))
    return errc::service_not_authentic;
  return {};
}

}  // namespace reinstate::service
