// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_FLOOR_HPP
#define REINSTATE_BENCH_FLOOR_HPP

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

// The least that any backup of this kind has to do, and nothing else: no ids compared, no rights checked, no digest, no
// manifest, no format that anybody could read later. What a library takes beyond this is what it costs.
namespace bench {

// What a payload in the floor's database is sealed with: XChaCha20-Poly1305, as in a store of this library.
void seal_at_rest(std::span<const std::byte> id, std::span<const std::byte> payload, std::vector<std::byte>& sealed);

// Scans the database, opens each payload, seals all of it in chunks of 64 KiB with ChaCha20-Poly1305, writes, fsyncs.
// With two threads the first scans and opens, the second seals and writes.
void floor_backup(const std::filesystem::path& database, const std::filesystem::path& file, unsigned threads);

// Reads, opens the chunks, seals each payload again, inserts everything into a new database with pages of 16 KiB and a
// rollback journal, commits, fsyncs. With two threads the second inserts.
void floor_restore(const std::filesystem::path& file, const std::filesystem::path& database, unsigned threads);

}  // namespace bench

#endif
