// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_ARCHIVE_ARCHIVE_MANIFEST_HPP
#define REINSTATE_FORMAT_ARCHIVE_ARCHIVE_MANIFEST_HPP

#include "crypto/hash.hpp"
#include "format/archive/archive_set.hpp"

#include <reinstate/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

// The file that commits a generation. [docs/format.md, "The manifest"]

namespace reinstate::archive {

// The size limit of a manifest that is read: 999 volumes take about 40 KiB.
inline constexpr std::size_t max_manifest_size = 256 * 1024;

// A volume or index. The digest of its age header ties its file key to the manifest, so that each chunk that opens with
// that key is genuine, and the last chunk is known to be the last.
struct listed_volume {
  std::uint64_t size = 0;
  crypto::digest header{};  // BLAKE2b-256 of the age header

  friend bool operator==(const listed_volume&, const listed_volume&) = default;
};

// The generation that another one builds on.
struct parent_generation {
  std::uint32_t generation = 0;
  crypto::digest manifest{};  // BLAKE2b-256 of the whole file

  friend bool operator==(const parent_generation&, const parent_generation&) = default;
};

struct manifest {
  std::uint32_t version = 1;
  set_id set{};
  std::uint32_t generation = 0;
  std::chrono::sys_seconds created{};
  x25519_public_key recipient{};           // the set's recovery key, public part
  std::uint32_t recovery_generation = 0;   // the first of the set: in the names of its key slots
  std::optional<crypto::digest> kept_for;  // of the public key of the age recipient, if the set was begun for one
  crypto::digest readme{};                 // BLAKE2b-256 of README.txt, by either of its names
  std::vector<listed_volume> volumes;
  std::uint64_t licenses = 0;               // in these volumes
  std::uint64_t payload_bytes = 0;          // in these volumes
  std::optional<parent_generation> parent;  // nullopt in a full generation
  listed_volume index;
  std::uint64_t removals = 0;         // in these volumes
  std::uint64_t licenses_in_all = 0;  // in the whole chain, less those that were replaced or removed

  friend bool operator==(const manifest&, const manifest&) = default;
};

// Returns the bytes of the file. Throws std::bad_alloc.
std::vector<std::byte> write_manifest(const manifest& manifest, const secret_bytes& authentication);

struct parsed_manifest {
  archive::manifest manifest;
  std::vector<std::byte> body;  // the bytes that `mac` covers
  crypto::digest mac{};         // the authentication code at the end of the file
  crypto::digest digest{};      // BLAKE2b-256 of the whole file: the next generation refers to this one by it
};

// Reads a manifest and checks its digest. A caller that has the key checks `is_authentic` then.
// Errors: manifest_damaged, backup_version_unsupported. Throws std::bad_alloc.
result<parsed_manifest> parse_manifest(byte_span file);

// Returns true if the manifest was written by a holder of the authentication key of its set.
[[nodiscard]] bool is_authentic(const parsed_manifest& manifest, const secret_bytes& authentication);

}  // namespace reinstate::archive

#endif
