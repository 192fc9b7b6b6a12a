// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_ARCHIVE_ARCHIVE_RECORD_HPP
#define REINSTATE_FORMAT_ARCHIVE_ARCHIVE_RECORD_HPP

#include "crypto/hash.hpp"
#include "crypto/secret_buffer.hpp"
#include "format/archive/archive_set.hpp"

#include <reinstate/license.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

// The records of a volume. [docs/format.md, "Records"]
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
  std::uint32_t volume = 0;              // from 1; 0 in the index
  std::optional<crypto::digest> parent;  // of the manifest of the generation this one builds on; nullopt in a full one
  crypto::digest machine{};              // BLAKE2b-256 of the public agreement key of the machine that wrote it
  std::chrono::sys_seconds created{};

  friend bool operator==(const volume_header&, const volume_header&) = default;
};

// Marks a license of an earlier generation as removed in this one.
struct removal_record {
  license_id id;

  friend bool operator==(const removal_record&, const removal_record&) = default;
};

// The last record of the last volume, and of the index.
struct archive_totals {
  std::uint64_t licenses = 0;
  std::uint64_t payload_bytes = 0;
  std::uint32_t volumes = 0;
  crypto::digest contents{};  // BLAKE2b-256 over the index entries of all records in the volumes, in order
  std::uint64_t removals = 0;

  friend bool operator==(const archive_totals&, const archive_totals&) = default;
};

// The entry of one license or removal in the index: 25 bytes, drawn in docs/format.md.
struct index_entry {
  license_id id;
  bool is_removal = false;
  std::uint64_t revision = 0;  // 0 for a removal

  friend bool operator==(const index_entry&, const index_entry&) = default;
};

inline constexpr std::size_t index_entry_size = 25;
using index_entry_bytes = byte_array<index_entry_size>;

index_entry entry_of(const license_record& license) noexcept;
index_entry entry_of(const removal_record& removal) noexcept;
index_entry_bytes encode(const index_entry& entry) noexcept;

// Returns nullopt for bytes that no writer makes.
std::optional<index_entry> decode_entry(byte_span bytes) noexcept;

// Some entries of the index, one after the other.
struct index_block {
  byte_span entries;
};

// The most entries that a writer puts into one block: they fit in a page with the record around them.
inline constexpr std::size_t index_block_entries = 2600;

// A record of a type this version does not know.
struct unknown_record {};

using record = std::variant<volume_header, license_record, removal_record, archive_totals, index_block, unknown_record>;

// Returns the number of bytes that a license takes in a page. Cheap: does not encode it.
std::size_t encoded_size(const license_record& license) noexcept;

// Append one record to a page. Throw std::bad_alloc.
void write_record(crypto::secret_buffer& page, const license_record& license);
void write_record(crypto::secret_buffer& page, const volume_header& header);
void write_record(crypto::secret_buffer& page, const removal_record& removal);
void write_record(crypto::secret_buffer& page, const archive_totals& totals);
void write_record(crypto::secret_buffer& page, const index_block& block);

struct parsed_record {
  archive::record record;
  std::uint64_t unknown_fields = 0;  // the number of fields that only a later version knows
};

// Reads the content of the byte string of a record. A license and an index block refer to `content`.
// Errors: backup_damaged for content that no writer makes; backup_version_unsupported for a header of a later version.
result<parsed_record> parse_record(byte_span content);

}  // namespace reinstate::archive

#endif
