/* SPDX-License-Identifier: BSL-1.0 */
/* How many slots the tables of methods have, which only C can count. [C16] */
#include <wmsdk.h>

#include <stddef.h>

#define SLOTS(interface_name) (sizeof(interface_name##Vtbl) / sizeof(void*))

extern const size_t wmsdk_slots[4];
const size_t wmsdk_slots[4] = {SLOTS(IWMLicenseBackup), SLOTS(IWMLicenseRestore), SLOTS(IWMBackupRestoreProps),
                               SLOTS(IWMStatusCallback)};
