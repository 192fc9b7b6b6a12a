// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_OPERATION_OPTIONS_HPP
#define REINSTATE_OPERATION_OPTIONS_HPP

#include <reinstate/keep_policy.hpp>
#include <reinstate/license_backup.hpp>
#include <reinstate/license_restore.hpp>
#include <reinstate/plan.hpp>
#include <reinstate/selection.hpp>

#include <cstdint>
#include <memory>
#include <variant>

// Options of a restorer's operations that go beyond the documented flags.

namespace reinstate {

// Options of a backup.
struct backup_options {
  backup_flags flags = backup_flags::none;

  // The licenses to back up. An update leaves the others as they are in the backup; a full backup of a selection never
  // removes an older one.
  license_selection selection = {};

  keep_policy keep = {};                            // with backup_flags::update: the generations to keep
  std::shared_ptr<const operation_plan> plan = {};  // carry out exactly this plan, made with the same options
};

// Options of a restore.
struct restore_options {
  restore_flags flags = restore_flags::none;
  license_selection selection = {};
  std::uint32_t generation = 0;  // 0 for the newest that is whole

  // Restore what is whole of a damaged backup. Ends with errc::backup_salvaged if anything is damaged, even if no
  // license is lost; the report names the damage, and the licenses lost as far as they are known. A license of which
  // only an earlier state is left is restored only if that gives back no use.
  bool salvage = false;

  // Also replace a license that the store has in the same or a newer revision, but can no longer open.
  bool repair = false;

  // This machine is the one that made the backup, with a reinstalled system: it takes over its own old machine slot of
  // managed licenses instead of claiming another. Requires the passphrase or another recovery key of the backup. [C100]
  bool take_over_machine_slot = false;

  std::shared_ptr<const operation_plan> plan = {};  // carry out exactly this plan, made with the same options
};

// Options of a verification.
struct verify_options {
  std::uint32_t generation = 0;  // 0 for the newest
  bool continue_after_damage =
      false;  // continue after the first damage, and report everything that a salvage would lose
};

// Options of a health check, which finds the licenses whose state in the store is not in the backup at RestorePath.
struct health_options {
  bool open_payloads = false;  // also find licenses that the store can no longer open; takes longer
};

// A request for a plan of an operation with `options`.
template <class Options>
struct plan_for {
  Options options;
};

// Any request that a restorer accepts.
using operation_request = std::variant<backup_options, restore_options, verify_options, health_options,
                                       plan_for<backup_options>, plan_for<restore_options>>;

}  // namespace reinstate

#endif
