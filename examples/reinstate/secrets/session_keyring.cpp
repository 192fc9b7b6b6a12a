// SPDX-License-Identifier: BSL-1.0
#include "secrets/session_keyring.hpp"

#ifdef REINSTATE_TOOL_KEYRING

#include "output/text.hpp"

#include <reinstate/inspect.hpp>
#include <reinstate/recovery/keyring.hpp>

namespace tool {
namespace {

reinstate::result<reinstate::keyring_entry> entry_of(reinstate::backup_medium& medium) {
  const auto backup = reinstate::inspect_backup(medium);
  if (!backup) return backup.error();
  return reinstate::keyring_entry{hex_of(backup->set_id)};
}

}  // namespace

reinstate::result<std::optional<reinstate::secret_bytes>> find_in_keyring(reinstate::backup_medium& medium) {
  const auto entry = entry_of(medium);
  if (!entry) return entry.error();
  return reinstate::keyring_find(*entry);
}

reinstate::result<void> put_into_keyring(reinstate::backup_medium& medium, const reinstate::secret_bytes& secret) {
  const auto entry = entry_of(medium);
  if (!entry) return entry.error();
  return reinstate::keyring_store(*entry, secret);
}

reinstate::result<void> erase_from_keyring(reinstate::backup_medium& medium) {
  const auto entry = entry_of(medium);
  if (!entry) return entry.error();
  return reinstate::keyring_erase(*entry);
}

}  // namespace tool

#else

namespace tool {

using reinstate::errc;

reinstate::result<std::optional<reinstate::secret_bytes>> find_in_keyring(reinstate::backup_medium&) {
  return errc::keyring_unavailable;
}

reinstate::result<void> put_into_keyring(reinstate::backup_medium&, const reinstate::secret_bytes&) {
  return errc::keyring_unavailable;
}

reinstate::result<void> erase_from_keyring(reinstate::backup_medium&) {
  return errc::keyring_unavailable;
}

}  // namespace tool

#endif
