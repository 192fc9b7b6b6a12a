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

// What a backup or a restore would do with a license.
enum class planned : std::uint8_t {
  take,       // it is new to the backup (backup) or to the store (restore)
  renew,      // its newer revision takes the place of an older one
  replace,    // it takes the place of one that is damaged, or of a higher revision that the store has no longer
  keep,       // nothing: it is there already; only counted
  remove,     // backup: the store no longer has it, so the generation no longer does; earlier generations still do
  leave_out,  // see `reason`
};

struct planned_license {
  license_id id;
  key_id key;         // zeros for `remove`: only the id is known
  std::string title;  // empty for `remove`
  planned what = planned::take;
  error_code reason;           // of `leave_out`
  std::uint64_t revision = 0;  // that would be taken
};

// What an operation would do, made without doing any of it. Show it, and run exactly that: an operation given a plan
// does what it says, or fails with errc::plan_outdated and names what has changed.
struct operation_plan {
  std::uint32_t generation = 0;  // that would be written, or read from; of an update without a change, the newest
  std::uint32_t builds_on = 0;   // backup: the generation it adds to; 0: it holds everything itself

  bool writes_nothing = false;  // backup: an update that finds no change

  std::uint64_t taken = 0, renewed = 0, replaced = 0, kept = 0, removed = 0, left_out = 0;
  std::uint64_t payload_bytes = 0;  // of what would be taken, renewed and replaced

  // What the user would be asked, or has to agree to.
  bool needs_individualization = false;  // this machine would get its identity
  bool begins_new_set = false;           // backup: a new passphrase, or other way to open it, is needed
  std::uint64_t machine_slots = 0;       // of the issuers' services that would be used; 0 where none is contacted

  std::vector<std::uint32_t> generations_removed;  // backup: that the keep policy, or overwriting, would remove

  // Everything but what is kept, in order of license id; at most `operation_limits::outcomes`.
  std::vector<planned_license> licenses;

  std::array<std::byte, 32> digest{};  // of every decision, those not listed included
};

}  // namespace reinstate

#endif
