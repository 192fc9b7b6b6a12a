// SPDX-License-Identifier: BSL-1.0
#include "engine/set/newest_set.hpp"
#include "engine/set/set_unlocker.hpp"

#include <reinstate/managed/owner_proof.hpp>

#include <utility>

namespace reinstate {

result<backup_owner> open_backup_owner(backup_medium& medium, const set_credentials& opener) {
  const auto set = engine::find_newest_set(medium);
  if (!set) return set.error().code;
  engine::set_unlocker unlocker(set->slots, set->newest, opener.max_scrypt_work_factor);
  if (const auto tried = unlocker.try_source(opener.ask_secret); !tried) return tried.error().code;
  auto opened = unlocker.finish();
  if (!opened) return opened.error().code;
  return backup_owner(std::move(opened->keys.recovery));
}

}  // namespace reinstate
