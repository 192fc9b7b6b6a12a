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

// A 16-byte identifier. Tag keeps a license id from being taken for a key id.
template <class Tag>
struct identifier {
  std::array<std::byte, 16> bytes{};

  friend auto operator<=>(const identifier&, const identifier&) = default;
};

using license_id = identifier<struct license_id_tag>;  // unique among all licenses
using key_id = identifier<struct key_id_tag>;  // the content key a license opens; several licenses may share one

// 32 lower-case hexadecimal digits, and back; nothing else is accepted (errc::invalid_argument).
std::string to_string(const license_id& id);
std::string to_string(const key_id& id);
result<license_id> parse_license_id(std::string_view hex);
result<key_id> parse_key_id(std::string_view hex);

// Whether the issuer lets a license be backed up. Not granted unless somebody grants it. [C107, C135]
enum class backup_right : std::uint8_t {
  denied = 0,
  granted = 1,
  managed = 2,  // only under the issuer's License Management Service
};

// What the issuer allows. `document` is the issuer's own rights text, kept as issued and never interpreted here.
struct license_rights {
  backup_right backup = backup_right::denied;
  std::optional<std::chrono::sys_seconds> not_before;
  std::optional<std::chrono::sys_seconds> not_after;
  std::string document;
};

// What playing changes. A restore never raises `uses_left` and never forgets an earlier `first_use`. [C131, C132, C137]
struct license_state {
  std::optional<std::uint64_t> uses_left;  // absent: unlimited
  std::optional<std::chrono::sys_seconds> first_use;

  friend bool operator==(const license_state&, const license_state&) = default;
};

// The state that is further along in each respect: fewer uses left, earlier first use.
license_state furthest_state(const license_state& a, const license_state& b) noexcept;

// One license, as people make and read it. Move-only, because the payload is secret.
struct license {
  license_id id;
  key_id key;
  std::uint64_t revision = 1;  // grows with every change, of state as well
  std::string format;          // "clearkey", "lcp", "keygen", "opaque"
  std::string issuer;
  std::string title;           // what a person calls it; UTF-8
  std::optional<key_id> root;  // a leaf: the key id of the license this one works only beside
  license_rights rights;
  std::vector<std::byte> statement;  // what the issuer signed about it, see rights_statement.hpp; empty: nothing. A
                                     // managed license needs one
  license_state state;
  secret_bytes payload;  // the bytes as issued
};

// One license, as stores and backups move it: what they must know as values, the rest as bytes that nobody parses on
// the way. Refers to memory that somebody else keeps: valid for as long as that somebody says.
struct license_record {
  license_id id;
  key_id key;
  std::uint64_t revision = 1;
  backup_right backup = backup_right::denied;
  license_state state;
  std::span<const std::byte> metadata;  // format, issuer, title, rights and root, as `pack_metadata` wrote them
  std::span<const std::byte> payload;   // secret
};

// The metadata bytes of a license: a CBOR map, see docs/format.md. Throws std::bad_alloc.
std::vector<std::byte> pack_metadata(const license& from);

// A record that refers to `from` and to `metadata`, and is valid while both are unchanged.
license_record as_record(const license& from, std::span<const std::byte> metadata) noexcept;

// The license in a record, copied.
// Errors: license_damaged where the metadata cannot be read. Throws std::bad_alloc.
result<license> unpack(const license_record& record);

// The title in a record's metadata; empty where there is none or the metadata cannot be read.
std::string title_of(const license_record& record);

// The root named in a record's metadata, see `license::root`; nothing where there is none or the metadata cannot be
// read. Never allocates.
std::optional<key_id> root_of(const license_record& record) noexcept;

// The issuer's statement in a record's metadata, see `license::statement`; empty where there is none or the metadata
// cannot be read. Refers to the metadata's bytes. Never allocates.
std::span<const std::byte> statement_of(const license_record& record) noexcept;

}  // namespace reinstate

#endif
