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

// Tries the slots of a set, one way after the other, until one gives the keys of this very set, which its manifest is
// authenticated with. A slot that is damaged, planted or too costly does not keep another one from opening; if none
// opens, `finish` returns the reason that the user can do most about.
//
// Lifetime: slots and manifest must outlive the unlocker.
class set_unlocker {
 public:
  set_unlocker(const std::vector<slot_file>& slots, const archive::parsed_manifest& manifest,
               unsigned max_work_factor) noexcept
      : slots_(slots), manifest_(manifest), max_work_factor_(max_work_factor) {}

  // Tries the readable slots, whose keys are not encrypted. Anyone who can write to the medium can make one.
  void try_readable();

  // Tries the slot of the machine that began the set.
  void try_machine(const age::identity& machine);

  // Tries the slots that fit the form of the text: an age identity, a recovery code, or a passphrase.
  void try_secret(const secret_bytes& text);

  // The same with the answer of a source, which is asked only if a slot is whole. Errors: as ask.
  result<void> try_source(const passphrase_source& source);

  bool is_open() const noexcept { return keys_.has_value(); }

  struct opened {
    archive::set_keys keys;
    const slot_file* slot = nullptr;  // that gave the keys
  };

  // Returns the keys; call it once, at the end.
  // Errors: wrong_passphrase, recovery_code_mistyped, no_key_for_backup, key_slot_damaged, key_slot_missing,
  // recovery_key_exposed, work_factor_too_high, out_of_memory, backup_mixed, backup_not_authentic, and those of the
  // medium and of the machine.
  result<opened> finish();

 private:
  // Why a slot does not open. A later reason takes precedence over an earlier one: it leaves open whether the secret
  // was right, or shows that it was.
  enum class reason { none, wrong_key, too_costly, no_memory, unusable, of_another_set, forged, mistyped };

  template <class Condition>
  bool any(Condition condition) const;
  void try_identity(const slot_file& slot, const age::identity& identity, errc wrong_key);
  void try_scrypt(slot_kind kind, const secret_bytes& text, errc wrong_key);
  void try_identities(const std::vector<secret_bytes>& identities);
  void try_text(const slot_file& slot, const secret_bytes& text);
  void note(reason cause, failure error);

  const std::vector<slot_file>& slots_;
  const archive::parsed_manifest& manifest_;
  unsigned max_work_factor_;
  std::size_t scrypt_tries_ = 0;
  std::optional<archive::set_keys> keys_;
  const slot_file* opened_by_ = nullptr;
  reason reason_ = reason::none;
  failure error_;
};

}  // namespace reinstate::engine

#endif
