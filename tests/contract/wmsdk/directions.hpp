// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_CONTRACT_WMSDK_DIRECTIONS_HPP
#define REINSTATE_TESTS_CONTRACT_WMSDK_DIRECTIONS_HPP

#include "player.hpp"

// Backup and restore as two of a kind, for what holds for either.

namespace reinstate::wmsdk_test {

using statuses = std::vector<WMT_STATUS>;

inline const statuses plain_backup{WMT_BACKUPRESTORE_BEGIN, WMT_BACKUPRESTORE_END};
inline const statuses plain_restore{WMT_BACKUPRESTORE_BEGIN, WMT_BACKUPRESTORE_CONNECTING,
                                    WMT_BACKUPRESTORE_DISCONNECTING, WMT_BACKUPRESTORE_END};

struct direction {
  const char* name;
  HRESULT (*start)(const restorer&, DWORD, IWMStatusCallback*);
  HRESULT (*cancel)(const restorer&);
  HRESULT (*cancel_other)(const restorer&);
  const wide& path;
  const wide& other_path;
  DWORD own_flag;
};

inline const direction directions[] = {
    {"backup",
     [](const restorer& o, DWORD flags, IWMStatusCallback* cb) { return o.backup->BackupLicenses(flags, cb); },
     [](const restorer& o) { return o.backup->CancelLicenseBackup(); },
     [](const restorer& o) { return o.restore->CancelLicenseRestore(); }, backup_path, restore_path,
     WM_BACKUP_OVERWRITE},
    {"restore",
     [](const restorer& o, DWORD flags, IWMStatusCallback* cb) { return o.restore->RestoreLicenses(flags, cb); },
     [](const restorer& o) { return o.restore->CancelLicenseRestore(); },
     [](const restorer& o) { return o.backup->CancelLicenseBackup(); }, restore_path, backup_path,
     WM_RESTORE_INDIVIDUALIZE}};

inline const direction& each_direction() {
  const direction& chosen = directions[GENERATE(0, 1)];
  UNSCOPED_INFO(chosen.name);
  return chosen;
}

// With three licenses and a backup of them.
struct backed_up_player : player {
  backed_up_player() {
    fill(3);
    if (back_up() != S_OK) throw std::runtime_error("cannot back up");
  }
};

inline license restricted(unsigned number) {
  license item = make_license(number);
  item.rights.backup = backup_right::denied;
  return item;
}

}  // namespace reinstate::wmsdk_test

#endif
