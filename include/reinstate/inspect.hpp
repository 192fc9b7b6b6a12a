// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_INSPECT_HPP
#define REINSTATE_INSPECT_HPP

#include <reinstate/backup_medium.hpp>
#include <reinstate/error.hpp>
#include <reinstate/recovery/key_slots.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reinstate {

// A backup's description of itself, readable without any key. None of it is proven until a restore or a verification
// has checked the authentication code, which takes this machine's identity or the passphrase.
struct backup_description {
  std::array<std::byte, 16> set_id{};
  std::uint32_t generation = 0;
  std::uint32_t format_version = 0;
  std::chrono::sys_seconds created{};
  std::uint64_t licenses = 0;       // restored by a full restore
  std::uint64_t payload_bytes = 0;  // in the files of this generation
  std::uint32_t builds_on = 0;      // the generation it adds to; 0 for a full backup
  std::vector<key_slot> key_slots;  // the ways to open it on another machine
  std::vector<medium_entry> volumes;
};

// Describes the newest backup on a medium that is whole.
// Errors: no_backup, manifest_damaged, backup_mixed, backup_version_unsupported, volume_missing, backup_truncated,
// backup_damaged (a volume's size is wrong), and those of the medium.
result<backup_description> inspect_backup(backup_medium& medium);

// A generation that has a manifest, and whether it and the generations it builds on are whole.
struct generation_summary {
  std::uint32_t generation = 0;
  error_code error;                // as above, and generation_missing; success if it is whole
  backup_description description;  // as far as its manifest is readable
};

// Lists the generations on a medium, newest first. Errors: no_backup, and those of the medium.
result<std::vector<generation_summary>> list_generations(backup_medium& medium);

}  // namespace reinstate

#endif
