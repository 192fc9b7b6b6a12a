// SPDX-License-Identifier: BSL-1.0
#include <reinstate/managed/revocation_list.hpp>

#include "format/cbor/cbor.hpp"
#include "managed/signed_document.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace reinstate {
namespace {

constexpr std::string_view kind = "reinstate revocation list v1";
constexpr std::uint64_t current_format = 1;

// The keys of the map. [docs/managed-licenses.md, "Revocation list"]
enum field : std::uint64_t { format = 1, issuer = 2, version = 3, issued = 4, licenses = 5, keys = 6, users = 7 };

constexpr std::uint64_t required = cbor::bit(format) | cbor::bit(issuer) | cbor::bit(version) | cbor::bit(issued);

bool is_listable_text(std::string_view text) noexcept {
  return !text.empty() && managed::is_short_text(text);
}

template <class T>
void sort_unique(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// Returns true if each value is greater than the one before it.
template <class T>
bool ascends(const std::vector<T>& values) {
  return std::ranges::adjacent_find(values, std::ranges::greater_equal()) == values.end();
}

// Writes ids one after the other into one byte string.
template <class Id>
void write_ids(cbor::writer<std::vector<std::byte>>& out, field name, const std::vector<Id>& ids,
               std::vector<std::byte>& bytes) {
  if (ids.empty()) return;
  out.unsigned_integer(name);
  out.bytes_head(ids.size() * sizeof(Id::bytes));
  const std::size_t at = bytes.size();
  bytes.resize(at + ids.size() * sizeof(Id::bytes));
  auto end = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  for (const Id& id : ids) end = std::ranges::copy(id.bytes, end).out;
}

template <class Id>
std::vector<Id> read_ids(cbor::reader& in) {
  const std::span<const std::byte> bytes = in.bytes();
  constexpr std::size_t size = sizeof(Id::bytes);
  if (bytes.size() % size != 0) in.fail();
  if (!in.ok()) return {};
  std::vector<Id> out(bytes.size() / size);
  for (std::size_t i = 0; i != out.size(); ++i) std::ranges::copy(bytes.subspan(i * size, size), out[i].bytes.begin());
  if (!ascends(out)) in.fail();
  return out;
}

std::string read_text(cbor::reader& in) {
  std::string text = managed::read_short_text(in);
  if (text.empty()) in.fail();
  return text;
}

std::vector<std::string> read_users(cbor::reader& in) {
  std::vector<std::string> out;
  for (std::uint64_t left = in.array(); left != 0 && in.ok(); --left) out.push_back(read_text(in));
  if (!ascends(out)) in.fail();
  return out;
}

// Returns false for a field of a later version.
bool read_field(cbor::reader& in, std::uint64_t name, revocation_list& out) {
  switch (name) {
    case format:
      if (in.unsigned_integer() != current_format) in.fail();
      return true;
    case issuer: out.issuer = read_text(in); return true;
    case version: out.version = in.unsigned_integer(); return true;
    case issued: out.issued = managed::read_instant(in); return true;
    case licenses: out.licenses = read_ids<license_id>(in); return true;
    case keys: out.keys = read_ids<key_id>(in); return true;
    case users: out.users = read_users(in); return true;
    default: return false;
  }
}

std::vector<std::byte> write_map(const revocation_list& list) {
  std::vector<std::byte> bytes;
  cbor::writer out(bytes);
  out.map(4u + !list.licenses.empty() + !list.keys.empty() + !list.users.empty());
  out.unsigned_integer(format);
  out.unsigned_integer(current_format);
  out.unsigned_integer(issuer);
  out.text(list.issuer);
  out.unsigned_integer(version);
  out.unsigned_integer(list.version);
  out.unsigned_integer(issued);
  out.integer(list.issued.time_since_epoch().count());
  write_ids(out, licenses, list.licenses, bytes);
  write_ids(out, keys, list.keys, bytes);
  if (list.users.empty()) return bytes;
  out.unsigned_integer(users);
  out.array(list.users.size());
  for (const std::string& user : list.users) out.text(user);
  return bytes;
}

}  // namespace

result<std::vector<std::byte>> sign_revocation_list(revocation_list list, const secret_bytes& issuer_seed) {
  if (!is_listable_text(list.issuer) || !std::ranges::all_of(list.users, is_listable_text) ||
      !managed::is_plausible(list.issued))
    return errc::invalid_argument;
  sort_unique(list.licenses);
  sort_unique(list.keys);
  sort_unique(list.users);
  return managed::sign_document(kind, write_map(list), issuer_seed);
}

result<signed_revocation_list> parse_revocation_list(std::span<const std::byte> list) {
  const auto document = managed::verify_document(kind, list);
  if (!document) return errc::revocation_list_invalid;
  signed_revocation_list out{{}, document->signer};
  cbor::reader in(document->map);
  const auto found = cbor::read_map(in, [&](std::uint64_t name) { return read_field(in, name, out.list); });
  if (!cbor::complete(in, found, required)) return errc::revocation_list_invalid;
  return out;
}

bool is_revoked(const revocation_list& list, const license_id& id, const key_id& key, std::string_view user) noexcept {
  return std::ranges::binary_search(list.licenses, id) || std::ranges::binary_search(list.keys, key) ||
         std::binary_search(list.users.begin(), list.users.end(), user, std::less<>());
}

}  // namespace reinstate
