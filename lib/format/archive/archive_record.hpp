// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ARCHIVE_RECORD_HPP
#define REINSTATE_ARCHIVE_RECORD_HPP

#include "archive_set.hpp"
#include "hash.hpp"
#include "secret_buffer.hpp"

#include <reinstate/license.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

// The records inside a license file. [docs/format.md, "Records"]
//
//   record   = #6.24(bytes .cbor [type, fields])
//   fields   = map with unsigned keys; a reader passes over keys it does not know, and counts them

namespace reinstate::archive {

inline constexpr std::uint32_t format_version = 1;

// The first record of every volume.
struct volume_header {
  std::uint32_t version = format_version;
  set_id set{};
  std::uint32_t generation = 0;
  std::uint32_t volume = 0;              // from 1
  std::optional<crypto::digest> parent;  // of the manifest of the generation this one builds on; none for a full one
  crypto::digest machine{};              // BLAKE2b-256 of the public agreement key of the machine that wrote it
  std::chrono::sys_seconds created{};

  friend bool operator==(const volume_header&, const volume_header&) = default;
};

// The last record of the last volume.
struct archive_totals {
  std::uint64_t licenses = 0;
  std::uint64_t payload_bytes = 0;
  std::uint32_t volumes = 0;
  crypto::digest contents{};  // BLAKE2b-256 over id and revision (8 bytes, big-endian) of every license, in order

  friend bool operator==(const archive_totals&, const archive_totals&) = default;
};

// A record of a type this version does not know.
struct unknown_record {};

using record = std::variant<volume_header, license_record, archive_totals, unknown_record>;

// Bytes a license takes in a page. Cheap: nothing is encoded.
std::size_t encoded_size(const license_record& item) noexcept;

// Append one record to a page. Throw std::bad_alloc.
void write_record(crypto::secret_buffer& out, const license_record& item);
void write_record(crypto::secret_buffer& out, const volume_header& header);
void write_record(crypto::secret_buffer& out, const archive_totals& totals);

struct parsed_record {
  record what;
  std::uint64_t unknown_fields = 0;
};

// Reads what is inside the tag and byte string of a record. A license refers to `content`.
// Errors: backup_damaged for what no writer makes; backup_version_unsupported for a header of a later version.
result<parsed_record> parse_record(byte_span content);

// Feeds one license to the digest in archive_totals.
void add_to_contents(crypto::hasher& contents, const license_record& item) noexcept;

}  // namespace reinstate::archive

#endif
