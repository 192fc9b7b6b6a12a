// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLAN_HPP
#define REINSTATE_PLAN_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reinstate {

// The planned action for a license in a backup or a restore.
enum class planned_action : std::uint8_t {
  take,       // add it: it is new to the backup (backup) or to the store (restore)
  renew,      // its newer revision replaces an older one
  replace,    // it replaces a damaged license, or a higher revision that the store no longer has
  keep,       // no action: it is already there; only counted
  remove,     // backup: the store no longer has it, so the generation will not have it; earlier generations still do
  leave_out,  // left out, see `reason`
};

// A license and the action planned for it.
struct planned_license {
  license_id id;
  key_id key;         // zeros for `remove`, of which only the id is known
  std::string title;  // empty for `remove`
  planned_action action = planned_action::take;
  error_code reason;           // reason for `leave_out`
  std::uint64_t revision = 0;  // the revision that would be taken
};

// The actions of an operation, planned without carrying out any of them. Show the plan to the user and pass it to the
// operation, which carries out exactly this plan, or fails with errc::plan_outdated and reports what has changed.
struct operation_plan {
  std::uint32_t generation = 0;  // the generation to write, or to read from; for an update without changes, the newest
  std::uint32_t builds_on = 0;   // backup: the generation it adds to; 0 for a full backup

  bool writes_nothing = false;  // backup: an update that finds no change

  std::uint64_t taken = 0, renewed = 0, replaced = 0, kept = 0, removed = 0, left_out = 0;
  std::uint64_t payload_bytes = 0;  // of the licenses taken, renewed and replaced

  // Consequences that the user should confirm.
  bool needs_individualization = false;  // this machine gets an identity
  bool begins_new_set = false;           // backup: requires a new passphrase, or another way to open it
  std::uint64_t machine_slots = 0;       // machine slots claimed from the issuers' services; 0 if none is contacted

  std::vector<std::uint32_t> generations_removed;  // backup: removed by the keep policy or by overwriting

  // Every license except those kept, in ascending order of license id; at most `operation_limits::outcomes`.
  std::vector<planned_license> licenses;

  std::array<std::byte, 32> digest{};  // of every decision, including those not listed
};

}  // namespace reinstate

#endif
