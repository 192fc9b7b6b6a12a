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

// What the operations of a restorer can be asked beyond the documented flags.

namespace reinstate {

struct backup_options {
  backup_flags flags = backup_flags::none;

  // Only these licenses are looked at: an update leaves the others as they are in the backup, and a full backup of some
  // never removes an older one.
  license_selection selection = {};

  keep_policy keep = {};                            // with backup_flags::update: which generations stay
  std::shared_ptr<const operation_plan> plan = {};  // do exactly this, made with the same options
};

struct restore_options {
  restore_flags flags = restore_flags::none;
  license_selection selection = {};
  std::uint32_t generation = 0;  // 0: the newest that is whole

  // Take what is whole out of a damaged backup. Ends with errc::backup_salvaged where something is damaged, even if
  // that cost no license; the report names the damage, and the licenses lost as far as they are known. A license of
  // which only an earlier state is left comes back only if that gives it no use back.
  bool salvage = false;

  // Also put in place of a license that the store has in the same or a newer revision, but can no longer open.
  bool repair = false;

  // This machine is the one that made the backup, with a new system on it: of managed licenses it asks for its own old
  // place instead of another one. Takes the passphrase or another recovery key of the backup. [C100]
  bool take_over_machine_slot = false;

  std::shared_ptr<const operation_plan> plan = {};  // do exactly this, made with the same options
};

struct verify_options {
  std::uint32_t generation = 0;        // 0: the newest
  bool continue_after_damage = false;  // go on behind the first damage, and report everything that a salvage would lose
};

// A look at a store's health: what its backup at RestorePath does not have as the store has it.
struct health_options {
  bool open_payloads = false;  // also finds licenses that the store can no longer open; takes longer
};

// A plan of what `options` would do.
template <class Options>
struct plan_for {
  Options options;
};

using operation_request = std::variant<backup_options, restore_options, verify_options, health_options,
                                       plan_for<backup_options>, plan_for<restore_options>>;

}  // namespace reinstate

#endif
