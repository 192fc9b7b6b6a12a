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

struct operation_limits {
  // Where a backup starts its next volume, in bytes: 256 KiB to 4 GiB. Below 1 GiB keeps every file readable on FAT.
  // Leave it alone.
  std::uint64_t volume_bytes = 1'000'000'000;

  // The largest license that is written or read, in bytes as encoded (metadata, payload, and less than 100 bytes):
  // 1 KiB to 1 GiB. Raise it if yours are larger.
  std::size_t license_bytes = 16 * 1024 * 1024;

  // log2 of scrypt's N for the passphrase of a new set, from 1 to the next field: 16 takes 64 MiB and about a quarter
  // of a second, once per set.
  unsigned scrypt_work_factor = 16;

  // The largest work factor accepted when reading, up to 30; each step doubles memory and time. 20 takes 1 GiB.
  unsigned max_scrypt_work_factor = 20;

  // How many outcomes a report lists one by one.
  std::size_t outcomes = 100'000;
};

// What a restorer works with. Store and identity are shared; each must outlive nothing, the restorer keeps them.
struct backup_restorer_config {
  std::shared_ptr<license_store> store;        // required
  std::shared_ptr<machine_identity> identity;  // required
  medium_factory medium;                       // required
  passphrase_source passphrase;                // absent: where one is needed, errc::passphrase_required

  // How new sets are kept. A backup whose key lies readable is restored only where this says readable, too: whoever
  // could write to its medium could have made it.
  recovery_key_storage recovery_key = recovery_key_storage::passphrase;
  std::string recipient;  // age1...: required with recovery_key_storage::recipient

  // Start a new set, with a new recovery key and passphrase, where this machine could go on with its own: what opens
  // the old one does not open it. Set it when the user gave a passphrase: the backup then opens with that one.
  bool begin_new_set = false;

  // With recovery_key_storage::passphrase, the same only where `passphrase` does not open the set that is there: it is
  // asked before each backup, with passphrase_purpose::open, and the backup opens with its answer in any case. What the
  // property Passphrase sets.
  bool begin_new_set_if_passphrase_differs = false;

  boost::asio::any_io_executor io;    // required: events and completions are delivered here
  boost::asio::any_io_executor work;  // required: everything that blocks or burns CPU; may be the same as `io`; where
                                      // it has more than one thread, the others encrypt and decrypt beside a step

  // The service that managed licenses are sealed to and asked for. Absent: they are left out with service_required.
  std::shared_ptr<license_management_service> service = {};
  service_consent consent = {};   // required with a service: asked before it is contacted, which only a restore does
  std::string machine_name = {};  // what the user calls this machine; the service shows it to him
  bool allow_network = true;      // false: a service is never contacted [C102]

  // Issuers whose signature counts. Where there are any, a license without a statement signed by one of them is neither
  // backed up nor restored, and neither is one that is not as that says.
  std::vector<trusted_issuer> trusted_issuers = {};

  std::shared_ptr<status_callback> callback;  // optional: for operations started without a callback of their own [O5]
  operation_limits limits;

  // The time that a backup is dated with. Absent: the system's clock, which is what programs want; for tests, and for
  // systems whose clock cannot be relied on.
  std::function<std::chrono::sys_seconds()> clock = {};
};

using operation_handler = boost::asio::any_completion_handler<void(error_code, operation_report)>;

// The documented Backup Restorer object: properties, backup, restore and status callback in one. [contract 1]
//
// One operation runs at a time; a second one is refused with errc::busy and told nothing further. [C68]
//
// Thread safety: any function from any thread.
// Lifetime: destroying it cancels what runs and does not wait; callbacks of that operation still arrive, the last with
// errc::operation_canceled (or its result, if it was past the commit). Join `io` and `work` before the store, the
// identity or the executors go away. [C19]
class backup_restorer : public license_backup, public license_restore, public backup_restore_props {
 public:
  // What the asynchronous functions of async.hpp are made of; call those. Every error, busy included, arrives at the
  // handler, never inline.
  virtual void start(operation_request request, operation_handler handler) = 0;

  virtual boost::asio::any_io_executor get_executor() const noexcept = 0;
};

// Errors: invalid_argument where something required is missing, a limit is out of range, or the recipient is none.
// Throws std::bad_alloc.
result<std::unique_ptr<backup_restorer>> create_backup_restorer(backup_restorer_config config);

}  // namespace reinstate

#endif
