// SPDX-License-Identifier: BSL-1.0
#include <reinstate/managed/rights_statement.hpp>

#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"
#include "format/cbor/cbor.hpp"
#include "managed/signed_document.hpp"

namespace reinstate {
namespace {

constexpr std::string_view kind = "reinstate rights statement v1";
constexpr std::uint64_t current_version = 1;

// The keys of the map. [docs/managed-licenses.md, "Rights statement"]
enum field : std::uint64_t {
  version = 1,
  id = 2,
  key = 3,
  issuer = 4,
  user = 5,
  backup = 6,
  machines = 7,
  not_before = 8,
  not_after = 9,
  uses = 10,
  payload_digest = 11,
};

constexpr std::uint64_t required = cbor::bit(version) | cbor::bit(id) | cbor::bit(key) | cbor::bit(issuer) |
                                   cbor::bit(backup) | cbor::bit(machines) | cbor::bit(payload_digest);

std::uint64_t read_up_to(cbor::reader& in, std::uint64_t max) {
  const std::uint64_t value = in.unsigned_integer();
  if (value > max) in.fail();
  return value;
}

// Returns false for a field of a later version.
bool read_field(cbor::reader& in, std::uint64_t name, rights_statement& out) {
  switch (name) {
    case version:
      if (in.unsigned_integer() != current_version) in.fail();
      return true;
    case id: in.fixed(out.id.bytes); return true;
    case key: in.fixed(out.key.bytes); return true;
    case issuer: out.issuer = managed::read_short_text(in); return true;
    case user: out.user = managed::read_short_text(in); return true;
    case backup: out.backup = static_cast<backup_right>(read_up_to(in, 2)); return true;
    case machines: out.machines = static_cast<std::uint32_t>(read_up_to(in, UINT32_MAX)); return true;
    case not_before: out.not_before = managed::read_instant(in); return true;
    case not_after: out.not_after = managed::read_instant(in); return true;
    case uses: out.uses = in.unsigned_integer(); return true;
    case payload_digest: in.fixed(out.payload_digest); return true;
    default: return false;
  }
}

std::vector<std::byte> write_map(const rights_statement& statement) {
  std::vector<std::byte> bytes;
  cbor::writer out(bytes);
  const auto number = [&](field name, std::uint64_t value) {
    out.unsigned_integer(name);
    out.unsigned_integer(value);
  };
  const auto data = [&](field name, std::span<const std::byte> value) {
    out.unsigned_integer(name);
    out.bytes(value);
  };
  const auto text = [&](field name, std::string_view value) {
    out.unsigned_integer(name);
    out.text(value);
  };
  const auto instant = [&](field name, const std::optional<std::chrono::sys_seconds>& value) {
    if (value) number(name, static_cast<std::uint64_t>(value->time_since_epoch().count()));
  };

  out.map(7u + !statement.user.empty() + statement.not_before.has_value() + statement.not_after.has_value() +
          statement.uses.has_value());
  number(version, current_version);
  data(id, statement.id.bytes);
  data(key, statement.key.bytes);
  text(issuer, statement.issuer);
  if (!statement.user.empty()) text(user, statement.user);
  number(backup, static_cast<std::uint64_t>(statement.backup));
  number(machines, statement.machines);
  instant(not_before, statement.not_before);
  instant(not_after, statement.not_after);
  if (statement.uses) number(uses, *statement.uses);
  data(payload_digest, statement.payload_digest);
  return bytes;
}

bool is_valid(const rights_statement& statement) {
  const auto plausible = [](const auto& instant) { return !instant || managed::is_plausible(*instant); };
  return managed::is_short_text(statement.issuer) && managed::is_short_text(statement.user) &&
         statement.backup <= backup_right::managed && plausible(statement.not_before) && plausible(statement.not_after);
}

}  // namespace

result<std::vector<std::byte>> sign_statement(const rights_statement& statement, const secret_bytes& issuer_seed) {
  if (!is_valid(statement)) return errc::invalid_argument;
  return managed::sign_document(kind, write_map(statement), issuer_seed);
}

result<signed_statement> parse_statement(std::span<const std::byte> statement) {
  const auto document = managed::verify_document(kind, statement);
  if (!document) return errc::license_not_authentic;
  signed_statement out{{}, document->signer};
  cbor::reader in(document->map);
  const auto found = cbor::read_map(in, [&](std::uint64_t name) { return read_field(in, name, out.statement); });
  if (!cbor::complete(in, found, required)) return errc::license_not_authentic;
  return out;
}

std::array<std::byte, 32> digest_of_payload(std::span<const std::byte> payload) noexcept {
  return crypto::hash(payload);
}

result<ed25519_public_key> issuer_public_key(const secret_bytes& issuer_seed) {
  if (issuer_seed.size() != crypto::ed25519_seed_size) return errc::invalid_argument;
  return crypto::ed25519_public_key(issuer_seed);
}

}  // namespace reinstate
