// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BACKUP_RESTORER_HPP
#define REINSTATE_BACKUP_RESTORER_HPP

#include <reinstate/backup_medium.hpp>
#include <reinstate/backup_restore_props.hpp>
#include <reinstate/license_backup.hpp>
#include <reinstate/license_restore.hpp>
#include <reinstate/license_store.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/managed/rights_statement.hpp>
#include <reinstate/operation_options.hpp>
#include <reinstate/recovery/recovery_key.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace reinstate {

// Limits of one restorer's operations. The defaults suit most programs.
struct operation_limits {
  // Size at which a backup starts its next volume, in bytes: 256 KiB to 4 GiB. Below 1 GiB every file stays readable on
  // FAT. There is rarely a reason to change it.
  std::uint64_t volume_bytes = 1'000'000'000;

  // Largest license that is written or read, in bytes as encoded (metadata, payload, and less than 100 bytes): 1 KiB to
  // 1 GiB. Raise it if your licenses are larger.
  std::size_t license_bytes = 16 * 1024 * 1024;

  // Scrypt work factor of the passphrase of a new set: log2 of scrypt's N, from 1 to max_scrypt_work_factor. 16
  // takes 64 MiB and about a quarter of a second, once per set; each step doubles memory and time.
  unsigned scrypt_work_factor = 16;

  // Largest work factor accepted when reading, up to 30; each step doubles memory and time. 20 takes 1 GiB.
  unsigned max_scrypt_work_factor = 20;

  // Largest number of outcomes that a report lists one by one.
  std::size_t outcomes = 100'000;
};

// Configuration of a restorer. The restorer shares ownership of the store and the identity; the caller need not keep
// them alive.
struct backup_restorer_config {
  std::shared_ptr<license_store> store;        // required
  std::shared_ptr<machine_identity> identity;  // required
  medium_factory medium;                       // required
  passphrase_source passphrase;                // if absent, an operation that needs one fails with
                                               // errc::passphrase_required

  // How the recovery key of a new set is stored. A backup whose recovery key is readable is restored only if this is
  // `readable` too: anyone with write access to its medium could have forged it.
  recovery_key_storage recovery_key = recovery_key_storage::passphrase;
  std::string recipient;  // "age1...", required with recovery_key_storage::recipient

  // Begin a new set, with a new recovery key and passphrase, even if this machine could continue its own; what opens
  // the old set does not open the new one. Set it when the user enters a passphrase, so that the backup opens with that
  // passphrase.
  bool begin_new_set = false;

  // With recovery_key_storage::passphrase, begin a new set only if `passphrase` does not open the existing one. The
  // source is then asked before each backup, with passphrase_purpose::open, and the backup always opens with its
  // answer. Setting the property Passphrase has the same effect.
  bool begin_new_set_if_passphrase_differs = false;

  boost::asio::any_io_executor io;    // required: delivers events and completions
  boost::asio::any_io_executor work;  // required: runs everything that blocks or burns CPU; may be the same as `io`; if
                                      // it has more than one thread, the others encrypt and decrypt in parallel with a
                                      // step

  // The service that managed licenses are sealed to and requested from. If absent, managed licenses are left out with
  // service_required.
  std::shared_ptr<license_management_service> service = {};
  service_consent consent = {};   // required with a service: asked before the service is contacted, which only a
                                  // restore does
  std::string machine_name = {};  // the user's name for this machine; the service shows it to the user
  bool allow_network = true;      // if false, a service is never contacted [C102]

  // Trusted issuers. If the list is not empty, only licenses that match a statement signed by one of these issuers are
  // backed up or restored.
  std::vector<trusted_issuer> trusted_issuers = {};

  std::shared_ptr<status_callback> callback;  // optional: for operations started without a callback of their own [O5]
  operation_limits limits;

  // Returns the time that a backup is dated with. If absent, the system clock, which suits programs; meant for tests,
  // and for systems whose clock is unreliable.
  std::function<std::chrono::sys_seconds()> clock = {};
};

// Receives the result of an asynchronous operation.
using operation_handler = boost::asio::any_completion_handler<void(error_code, operation_report)>;

// The documented Backup Restorer object: properties, backup, restore and status callback in one.
// [docs/contract.md]
//
// Runs one operation at a time; a second one is refused with errc::busy and gets no events. [C68]
//
// Thread safety: any function from any thread.
// Lifetime: the destructor cancels the running operation and does not wait for it; callbacks of that operation still
// arrive, the last with errc::operation_canceled (or with its result, if it was past the commit). Join `io` and `work`
// before the store, the identity or the executors are destroyed. [C19]
class backup_restorer : public license_backup, public license_restore, public backup_restore_props {
 public:
  // Starts an operation. Implements the asynchronous functions of async.hpp; call those instead. Every error, including
  // busy, arrives at the handler, never inline.
  virtual void start(operation_request request, operation_handler handler) = 0;

  // Returns the `io` executor.
  virtual boost::asio::any_io_executor get_executor() const noexcept = 0;
};

// Creates a restorer.
// Errors: invalid_argument if a required member is missing, a limit is out of range, or the recipient is not an age
// recipient. Throws std::bad_alloc.
result<std::unique_ptr<backup_restorer>> create_backup_restorer(backup_restorer_config config);

}  // namespace reinstate

#endif
