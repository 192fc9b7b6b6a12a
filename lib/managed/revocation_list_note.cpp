// SPDX-License-Identifier: BSL-1.0
#include "core/hex.hpp"

#include <reinstate/managed/revocation_list.hpp>

#include <string>

namespace reinstate {
namespace {

std::string note_name_of(const ed25519_public_key& issuer) {
  return "revocations/" + hex_of(issuer);
}

}  // namespace

result<void> store_revocation_list(note_store& notes, std::span<const std::byte> list) {
  const auto received = parse_revocation_list(list);
  if (!received) return received.error();
  const auto replace =
      [&](const std::optional<note_store::document>& old_note) -> result<std::optional<note_store::document>> {
    // A damaged note is replaced.
    const auto kept =
        old_note ? parse_revocation_list(*old_note) : result<signed_revocation_list>(errc::revocation_list_invalid);
    if (kept && kept->signer == received->signer && kept->list.version >= received->list.version)
      return std::optional<note_store::document>();
    return std::optional(note_store::document(list.begin(), list.end()));
  };
  return notes.update(note_name_of(received->signer), replace);
}

result<std::optional<revocation_list>> find_revocation_list(note_store& notes, const ed25519_public_key& issuer) {
  const auto note = notes.read(note_name_of(issuer));
  if (!note) return note.error();
  if (!*note) return std::optional<revocation_list>();
  auto kept = parse_revocation_list(**note);
  if (!kept) return kept.error();
  if (kept->signer != issuer) return errc::revocation_list_invalid;
  return std::optional(std::move(kept->list));
}

}  // namespace reinstate
