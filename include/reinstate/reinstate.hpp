// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_REINSTATE_HPP
#define REINSTATE_REINSTATE_HPP

// Every header of the library reinstate::reinstate. The libraries beside it (lcp, keyring, service, testing, wmsdk)
// have headers of their own.

#include <reinstate/async.hpp>
#include <reinstate/backup_medium.hpp>
#include <reinstate/backup_restore_props.hpp>
#include <reinstate/backup_restorer.hpp>
#include <reinstate/error.hpp>
#include <reinstate/import/clearkey.hpp>
#include <reinstate/import/content_key.hpp>
#include <reinstate/import/keygen.hpp>
#include <reinstate/inspect.hpp>
#include <reinstate/keep_policy.hpp>
#include <reinstate/license.hpp>
#include <reinstate/license_backup.hpp>
#include <reinstate/license_restore.hpp>
#include <reinstate/license_store.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/managed/owner_proof.hpp>
#include <reinstate/managed/release_outbox.hpp>
#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/managed/rights_statement.hpp>
#include <reinstate/note_store.hpp>
#include <reinstate/operation_options.hpp>
#include <reinstate/plan.hpp>
#include <reinstate/plugins/data_folder.hpp>
#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/plugins/memory_license_store.hpp>
#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/plugins/memory_medium.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>
#include <reinstate/recovery/key_slots.hpp>
#include <reinstate/recovery/recovery_code.hpp>
#include <reinstate/recovery/recovery_key.hpp>
#include <reinstate/report.hpp>
#include <reinstate/runtime.hpp>
#include <reinstate/secret_bytes.hpp>
#include <reinstate/selection.hpp>
#include <reinstate/status.hpp>
#include <reinstate/status_callback.hpp>

#endif
