// SPDX-License-Identifier: BSL-1.0
#include "core/hex.hpp"

#include <reinstate/managed/revocation_list.hpp>

#include <string>

namespace reinstate {
namespace {

std::string note_of(const ed25519_public_key& issuer) {
  return "revocations/" + hex_of(issuer);
}

}  // namespace

result<void> store_revocation_list(note_store& notes, std::span<const std::byte> list) {
  const auto given = parse_revocation_list(list);
  if (!given) return given.error();
  const auto renew =
      [&](const std::optional<note_store::document>& before) -> result<std::optional<note_store::document>> {
    // A damaged note is no reason to go without the list that is here.
    const auto kept =
        before ? parse_revocation_list(*before) : result<signed_revocation_list>(errc::revocation_list_invalid);
    if (kept && kept->signer == given->signer && kept->list.version >= given->list.version)
      return std::optional<note_store::document>();
    return std::optional(note_store::document(list.begin(), list.end()));
  };
  return notes.update(note_of(given->signer), renew);
}

result<std::optional<revocation_list>> find_revocation_list(note_store& notes, const ed25519_public_key& issuer) {
  const auto note = notes.read(note_of(issuer));
  if (!note) return note.error();
  if (!*note) return std::optional<revocation_list>();
  auto kept = parse_revocation_list(**note);
  if (!kept) return kept.error();
  if (kept->signer != issuer) return errc::revocation_list_invalid;
  return std::optional(std::move(kept->list));
}

}  // namespace reinstate
