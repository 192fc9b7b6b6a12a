// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_RESTORE_HPP
#define REINSTATE_LICENSE_RESTORE_HPP

#include <reinstate/error.hpp>
#include <reinstate/license_backup.hpp>
#include <reinstate/status_callback.hpp>

#include <cstdint>
#include <memory>

namespace reinstate {

// Options of a restore. Bits; the documented values. [C122]
enum class restore_flags : std::uint32_t {
  none = 0,
  individualize = 2,  // the user permits creating an identity for this machine if it has none [C111, C112]
};

// Restores licenses to a store from the path in the property RestorePath. [docs/contract.md, "Restore"]
class license_restore {
 public:
  virtual ~license_restore() = default;

  // Starts a restore and returns. Events arrive at `callback`, the last of them `status::end` with the result. Atomic:
  // the store is unchanged or holds every license that was granted, whatever happens in between. [C106]
  //
  // Preconditions: the property RestorePath is set.
  // Errors, returned without starting an operation or sending an event: invalid_argument for a null callback or an
  // unknown flag, property_not_set, busy. [C68, C83, C88, O14]
  // Executor: works on `work` and reports on `io`.
  virtual result<void> restore_licenses(restore_flags flags, std::shared_ptr<status_callback> callback) = 0;

  // Cancels the running restore. Never waits, and may be called from anywhere.
  virtual cancel_result cancel_license_restore() = 0;
};

}  // namespace reinstate

#endif
