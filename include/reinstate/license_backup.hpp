// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_BACKUP_HPP
#define REINSTATE_LICENSE_BACKUP_HPP

#include <reinstate/error.hpp>
#include <reinstate/status_callback.hpp>

#include <cstdint>
#include <memory>

namespace reinstate {

// Options of a backup. Bits: the documented values [C122], and one outside their range that the original lacks.
enum class backup_flags : std::uint32_t {
  none = 0,
  overwrite = 1,     // replace an existing backup; it stays until the new one has been verified
  update = 0x10000,  // add new, changed and removed licenses to the existing backup, as its next generation; not
                     // together with overwrite
};

// Result of a cancel call.
enum class cancel_result {
  accepted,         // the operation ends with errc::operation_canceled and leaves everything unchanged [O11]
  nothing_running,  // no operation is running, or it can no longer be undone [O10]
};

// Backs up the licenses of a store to the path in the property BackupPath. [docs/contract.md, "Backup"]
class license_backup {
 public:
  virtual ~license_backup() = default;

  // Starts a backup and returns. Events arrive at `callback`, the last of them `status::end` with the result.
  //
  // Preconditions: the property BackupPath is set.
  // Errors, returned without starting an operation or sending an event: invalid_argument for a null callback or an
  // unknown flag, property_not_set, busy, backup_exists. [C50, C54, C57, C68, O6, O7, O14]
  // Executor: without overwrite, reads the medium in the calling thread; then works on `work` and reports on `io`.
  virtual result<void> backup_licenses(backup_flags flags, std::shared_ptr<status_callback> callback) = 0;

  // Cancels the running backup. Never waits, and may be called from anywhere. [C61, C73, C74, C75]
  virtual cancel_result cancel_license_backup() = 0;
};

}  // namespace reinstate

#endif
