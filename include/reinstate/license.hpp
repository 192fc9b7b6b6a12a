// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_HPP
#define REINSTATE_LICENSE_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate {

// A 16-byte identifier. Tag makes license ids and key ids different types.
template <class Tag>
struct identifier {
  std::array<std::byte, 16> bytes{};

  friend auto operator<=>(const identifier&, const identifier&) = default;
};

using license_id = identifier<struct license_id_tag>;  // unique among all licenses
using key_id = identifier<struct key_id_tag>;  // the content key that a license opens; several licenses may share one

// Converts an id to 32 lower-case hexadecimal digits, and back. Parsing accepts nothing else (errc::invalid_argument).
std::string to_string(const license_id& id);
std::string to_string(const key_id& id);
result<license_id> parse_license_id(std::string_view hex);
result<key_id> parse_key_id(std::string_view hex);

// The issuer's permission to back up a license. Denied unless the issuer or the importer grants it. [C107, C135]
enum class backup_right : std::uint8_t {
  denied = 0,
  granted = 1,
  managed = 2,  // only through the issuer's License Management Service
};

// The rights that the issuer grants. `document` is the issuer's own rights text, kept as issued and never interpreted
// here.
struct license_rights {
  backup_right backup = backup_right::denied;
  std::optional<std::chrono::sys_seconds> not_before;
  std::optional<std::chrono::sys_seconds> not_after;
  std::string document;
};

// The part of a license that playing changes. A restore never raises `uses_left` and never forgets an earlier
// `first_use`. [C131, C132, C137]
struct license_state {
  std::optional<std::uint64_t> uses_left;  // absent: unlimited
  std::optional<std::chrono::sys_seconds> first_use;

  friend bool operator==(const license_state&, const license_state&) = default;
};

// Returns the more restrictive value of each member: the fewer uses left, the earlier first use.
license_state furthest_state(const license_state& a, const license_state& b) noexcept;

// A license in full, as an importer makes it and a player reads it. Move-only, because the payload is secret.
struct license {
  license_id id;
  key_id key;
  std::uint64_t revision = 1;  // increases with every change, of state as well
  std::string format;          // "clearkey", "lcp", "keygen", "opaque"
  std::string issuer;
  std::string title;           // display name; UTF-8
  std::optional<key_id> root;  // of a leaf: the key id of the license that it requires
  license_rights rights;
  std::vector<std::byte> statement;  // the issuer's signed statement, see rights_statement.hpp; empty if there is none.
                                     // A managed license requires one
  license_state state;
  secret_bytes payload;  // the bytes as issued
};

// A license as stores and backups move it: as values the members they work with, the rest as bytes that they do not
// parse. Refers to memory it does not own; the function that returns a record says how long it is valid.
struct license_record {
  license_id id;
  key_id key;
  std::uint64_t revision = 1;
  backup_right backup = backup_right::denied;
  license_state state;
  std::span<const std::byte> metadata;  // format, issuer, title, rights and root, as `pack_metadata` wrote them
  std::span<const std::byte> payload;   // secret
};

// Returns the metadata bytes of a license: a CBOR map, see docs/format.md. Throws std::bad_alloc.
std::vector<std::byte> pack_metadata(const license& item);

// Returns a record that refers to `item` and to `metadata`, valid while both are unchanged.
license_record as_record(const license& item, std::span<const std::byte> metadata) noexcept;

// Returns a copy of the license in a record.
// Errors: license_damaged if the metadata cannot be read. Throws std::bad_alloc.
result<license> unpack(const license_record& record);

// Returns the title in a record's metadata; empty if there is none or the metadata cannot be read.
std::string title_of(const license_record& record);

// Returns the root named in a record's metadata, see `license::root`; nullopt if there is none or the metadata cannot
// be read. Never allocates.
std::optional<key_id> root_of(const license_record& record) noexcept;

// Returns the issuer's statement in a record's metadata, see `license::statement`; empty if there is none or the
// metadata cannot be read. Lifetime: refers to the bytes of the metadata. Never allocates.
std::span<const std::byte> statement_of(const license_record& record) noexcept;

}  // namespace reinstate

#endif
