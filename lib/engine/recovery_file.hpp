// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RECOVERY_FILE_HPP
#define REINSTATE_ENGINE_RECOVERY_FILE_HPP

#include "archive_manifest.hpp"
#include "archive_set.hpp"
#include "secret_buffer.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/backup_restorer.hpp>

#include <string>

// The file that opens a backup set on a machine other than its own. `where` receives the name of the file an error is
// about. [docs/format.md, "The recovery file"]

namespace reinstate::engine {

struct recovery_file {
  std::string name;
  recovery_key_storage kept = recovery_key_storage::passphrase;
  crypto::secret_buffer bytes;

  archive::listed_file listed() const { return {bytes.size(), crypto::hash(bytes)}; }
};

// The recovery file of a generation. Where both names are there, the one the manifest describes.
// Errors: recovery_file_missing, recovery_file_damaged, and those of the medium.
result<recovery_file> find_recovery_file(backup_medium& medium, const archive::manifest& manifest, std::string& where);

// The recovery file of a new set, as the configuration wants its key kept.
// Errors: passphrase_required, passphrase_empty, out_of_memory, and those of the passphrase source.
result<recovery_file> make_recovery_file(const archive::set_keys& keys, std::uint32_t generation,
                                         const backup_restorer_config& config);

// The keys in the recovery file, with whatever has to be asked for.
// Errors: as find_recovery_file; passphrase_required, passphrase_empty, wrong_passphrase, no_key_for_backup,
// work_factor_too_high, recovery_key_exposed, backup_mixed, out_of_memory, and those of the passphrase source.
result<archive::set_keys> open_recovery_file(backup_medium& medium, const archive::manifest& manifest,
                                             const backup_restorer_config& config, std::string& where);

}  // namespace reinstate::engine

#endif
