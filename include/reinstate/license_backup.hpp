// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_BACKUP_HPP
#define REINSTATE_LICENSE_BACKUP_HPP

#include <reinstate/error.hpp>
#include <reinstate/status_callback.hpp>

#include <cstdint>
#include <memory>

namespace reinstate {

// How to back up. Bits; values as documented [C122], and one outside their range that the original lacks.
enum class backup_flags : std::uint32_t {
  none = 0,
  overwrite = 1,     // replace a backup that is already there; it stays until the new one is proven good
  update = 0x10000,  // add to it what is new, changed or removed, as its next generation; not together with overwrite
};

// What a cancel call found.
enum class cancel_result {
  accepted,         // the operation ends with errc::operation_canceled and leaves everything as it was [O11]
  nothing_running,  // there is nothing to cancel, or it is past the point where canceling could undo it [O10]
};

// Backs up the licenses of a store to the path in the property BackupPath. [contract 1.2]
class license_backup {
 public:
  virtual ~license_backup() = default;

  // Starts a backup and returns; events arrive at `callback`, the last of them `status::end` with the result.
  //
  // Preconditions: the property BackupPath is set.
  // Errors: invalid_argument for a null callback or an unknown flag, property_not_set, busy, backup_exists: returned,
  // nothing is started and nothing is sent. [C50, C54, C57, C68, O6, O7, O14]
  // Executor: without overwrite looks at the medium in the calling thread; then works on `work` and reports on `io`.
  virtual result<void> backup_licenses(backup_flags flags, std::shared_ptr<status_callback> callback) = 0;

  // Cancels the backup that is running. Never waits, and may be called from anywhere. [C61, C73, C74, C75]
  virtual cancel_result cancel_license_backup() = 0;
};

}  // namespace reinstate

#endif
