// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_SET_UNLOCKER_HPP
#define REINSTATE_ENGINE_SET_SET_UNLOCKER_HPP

#include "engine/set/key_slot_files.hpp"
#include "format/age/age_identity.hpp"
#include "format/archive/archive_manifest.hpp"

#include <optional>
#include <string>
#include <vector>

namespace reinstate::engine {

// Tries the slots of a set, one way after the other, until one gives the keys of the set: those that are of this very
// set and that its manifest is signed with. One slot that is damaged, planted or too costly does not stand in the way
// of another; only where none opens, `finish` tells the reason that a person can do most about.
//
// Lifetime: slots and manifest must outlive it.
class set_unlocker {
 public:
  set_unlocker(const std::vector<slot_file>& slots, const archive::parsed_manifest& manifest,
               unsigned max_work_factor) noexcept
      : slots_(slots), manifest_(manifest), max_work_factor_(max_work_factor) {}

  // Takes a key that lies in the open. Whoever could write to the medium could have made it.
  void try_readable();

  // On the slot of the machine that began the set.
  void try_machine(const age::identity& machine);

  // On the slots that fit the form of the text: an age identity, a recovery code, or a passphrase.
  void try_secret(const secret_bytes& text);

  // The same with what a source answers, which is asked only where a slot is whole.
  // Errors: as ask.
  result<void> try_source(const passphrase_source& source);

  bool is_open() const noexcept { return keys_.has_value(); }

  struct opened {
    archive::set_keys keys;
    const slot_file* by = nullptr;
  };

  // Once, at the end.
  // Errors: wrong_passphrase, recovery_code_mistyped, no_key_for_backup, key_slot_damaged, key_slot_missing,
  // recovery_key_exposed, work_factor_too_high, out_of_memory, backup_mixed, backup_not_authentic, and those of the
  // medium and of the machine.
  result<opened> finish();

 private:
  // Why a slot does not open; what is further down is told rather than what stands before it, since it leaves open
  // whether the secret was the right one, or says that it was.
  enum class reason { none, wrong_key, too_costly, no_memory, unusable, of_another_set, forged, mistyped };

  template <class Condition>
  bool any(Condition condition) const;
  void try_holder(const slot_file& slot, const age::identity& who, errc wrong_key);
  void try_scrypt(slot_kind kind, const secret_bytes& text, errc wrong_key);
  void try_identities(const std::vector<secret_bytes>& identities);
  void try_text(const slot_file& slot, const secret_bytes& text);
  void note(reason why, failure error);

  const std::vector<slot_file>& slots_;
  const archive::parsed_manifest& manifest_;
  unsigned max_work_factor_;
  std::size_t scrypt_tries_ = 0;
  std::optional<archive::set_keys> keys_;
  const slot_file* opened_by_ = nullptr;
  reason why_ = reason::none;
  failure error_;
};

}  // namespace reinstate::engine

#endif
