// SPDX-License-Identifier: BSL-1.0
#include "service/desk/page_ticket.hpp"

#include "crypto/base64.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "managed/fields.hpp"

#include <vector>

namespace reinstate::service {
namespace {

using crypto::byte_array;
using crypto::byte_span;

constexpr byte_array<1> version{std::byte{1}};
constexpr std::string_view label = "reinstate page ticket v1";
constexpr std::size_t body_size = 41;
constexpr std::size_t ticket_size = body_size + 32;
constexpr std::size_t text_size = (ticket_size * 8 + 5) / 6;

byte_array<32> mac_of(const secret_bytes& key, byte_span body) {
  const byte_span name = crypto::bytes_of(label);
  std::vector<std::byte> message(name.begin(), name.end());
  message.insert(message.end(), body.begin(), body.end());
  return crypto::hmac_sha256(key, message);
}

}  // namespace

std::string make_page_ticket(const secret_bytes& key, const x25519_public_key& owner, std::chrono::sys_seconds expiry) {
  const auto body = managed::concatenated<body_size>(version, owner, managed::bytes_of(expiry));
  const auto ticket = managed::concatenated<ticket_size>(body, mac_of(key, body));
  return crypto::base64_encode(ticket, crypto::base64_alphabet::url);
}

result<x25519_public_key> read_page_ticket(const secret_bytes& key, std::string_view ticket,
                                           std::chrono::sys_seconds now) {
  if (ticket.size() != text_size) return errc::ownership_not_proven;
  const auto bytes = crypto::base64_decode(ticket, crypto::base64_alphabet::url);
  if (!bytes || bytes->size() != ticket_size) return errc::ownership_not_proven;
  managed::field_reader fields(*bytes);
  const auto found_version = fields.take<1>();
  const auto owner = fields.take<32>();
  const auto expiry = fields.take_instant();
  const auto mac = fields.take<32>();
  // Checks the MAC first: without it, no field can be trusted.
  if (!crypto::equal(mac, mac_of(key, byte_span(*bytes).first(body_size)))) return errc::ownership_not_proven;
  if (found_version != version || now >= expiry) return errc::ownership_not_proven;
  return owner;
}

}  // namespace reinstate::service
