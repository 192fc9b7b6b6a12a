/* SPDX-License-Identifier: BSL-1.0 */
/* Sizes, offsets and slots. Compiled as C and as C++, for 32 and for 64 bits, and never run. [C16, C17, C127, C128] */
#define CINTERFACE
#include <wmsdk.h>

#include <stddef.h>

#define HOLDS(condition) extern char holds[(condition) ? 1 : -1]
#define SIZE(type, on_32_bits, on_64_bits) HOLDS(sizeof(type) == (sizeof(void*) == 4 ? (on_32_bits) : (on_64_bits)))
#define SLOTS(interface_name, count) HOLDS(sizeof(interface_name##Vtbl) == (count) * sizeof(void*))
#define SLOT(number, interface_name, method) HOLDS(offsetof(interface_name##Vtbl, method) == (number) * sizeof(void*))

SIZE(BYTE, 1, 1);
SIZE(WORD, 2, 2);
SIZE(WCHAR, 2, 2);
SIZE(DWORD, 4, 4);
SIZE(LONG, 4, 4);
SIZE(ULONG, 4, 4);
SIZE(BOOL, 4, 4);
SIZE(HRESULT, 4, 4);
SIZE(QWORD, 8, 8);
SIZE(FILETIME, 8, 8);
SIZE(GUID, 16, 16);
SIZE(LPCWSTR, 4, 8);
SIZE(BSTR, 4, 8);

HOLDS((HRESULT)-1 < 0);
HOLDS((DWORD)-1 > 0);
HOLDS((ULONG)-1 > 0);
HOLDS((WORD)-1 > 0);

SIZE(WMT_STATUS, 4, 4);
SIZE(WMT_ATTR_DATATYPE, 4, 4);
SIZE(WMT_RIGHTS, 4, 4);
SIZE(DRM_INDIVIDUALIZATION_STATUS, 4, 4);
SIZE(DRM_HTTP_STATUS, 4, 4);
SIZE(DRM_LICENSE_STATE_CATEGORY, 4, 4);
SIZE(MSDRM_STATUS, 4, 4);

SIZE(WM_INDIVIDUALIZE_STATUS, 28, 32);
HOLDS(offsetof(WM_INDIVIDUALIZE_STATUS, pszIndiRespUrl) == 8);
HOLDS(offsetof(WM_INDIVIDUALIZE_STATUS, dwHTTPRequest) == 8 + sizeof(void*));
SIZE(WM_GET_LICENSE_DATA, 24, 40);
HOLDS(offsetof(WM_GET_LICENSE_DATA, wszURL) == 8);
HOLDS(offsetof(WM_GET_LICENSE_DATA, dwPostDataSize) == 8 + 3 * sizeof(void*));
SIZE(WM_BACKUP_RESTORE_STATUS, 8, 16);
SIZE(DRM_LICENSE_STATE_DATA, 68, 68);
HOLDS(offsetof(DRM_LICENSE_STATE_DATA, datetime) == 32);
SIZE(WMDRM_LICENSE_FILTER, 16, 32);

SLOTS(IUnknown, 3);
SLOT(0, IUnknown, QueryInterface);
SLOT(1, IUnknown, AddRef);
SLOT(2, IUnknown, Release);

SLOTS(IWMStatusCallback, 4);
SLOT(2, IWMStatusCallback, Release);
SLOT(3, IWMStatusCallback, OnStatus);

SLOTS(IWMLicenseBackup, 5);
SLOT(2, IWMLicenseBackup, Release);
SLOT(3, IWMLicenseBackup, BackupLicenses);
SLOT(4, IWMLicenseBackup, CancelLicenseBackup);

SLOTS(IWMLicenseRestore, 5);
SLOT(2, IWMLicenseRestore, Release);
SLOT(3, IWMLicenseRestore, RestoreLicenses);
SLOT(4, IWMLicenseRestore, CancelLicenseRestore);

SLOTS(IWMBackupRestoreProps, 9);
SLOT(2, IWMBackupRestoreProps, Release);
SLOT(3, IWMBackupRestoreProps, GetPropCount);
SLOT(4, IWMBackupRestoreProps, GetPropByIndex);
SLOT(5, IWMBackupRestoreProps, GetPropByName);
SLOT(6, IWMBackupRestoreProps, SetProp);
SLOT(7, IWMBackupRestoreProps, RemoveProp);
SLOT(8, IWMBackupRestoreProps, RemoveAllProps);

/* Constants that a `case` can use. [C122, C124] */
HOLDS(WM_BACKUP_OVERWRITE == 1 && WMDRM_BACKUP_OVERWRITE == 1);
HOLDS(WM_RESTORE_INDIVIDUALIZE == 2 && WMDRM_RESTORE_INDIVIDUALIZE == 2);
HOLDS(FAILED(NS_E_DRM_OPERATION_CANCELED) && !SUCCEEDED(NS_E_DRM_OPERATION_CANCELED));
HOLDS(SUCCEEDED(NS_S_DRM_INDIVIDUALIZED) && !FAILED(NS_S_DRM_INDIVIDUALIZED));
