/* SPDX-License-Identifier: BSL-1.0 */
/* A caller in C that uses every interface, method and identifier. Compiled with COBJMACROS, and never run. */
#include <reinstate_wmsdk.h>
#include <wmsdk.h>

#include <stddef.h>

#if __SIZEOF_WCHAR_T__ == 2
static const WCHAR backup_path[] = L"BackupPath";
static const WCHAR restore_path[] = L"RestorePath";
#elif __STDC_VERSION__ >= 201112L
static const WCHAR backup_path[] = u"BackupPath";
static const WCHAR restore_path[] = u"RestorePath";
#else
static const WCHAR backup_path[] = {'B', 'a', 'c', 'k', 'u', 'p', 'P', 'a', 't', 'h', 0};
static const WCHAR restore_path[] = {'R', 'e', 's', 't', 'o', 'r', 'e', 'P', 'a', 't', 'h', 0};
#endif

static HRESULT STDMETHODCALLTYPE query_interface(IWMStatusCallback* This, REFIID riid, void** ppvObject) {
  const int known = IsEqualIID(riid, &IID_IUnknown) || IsEqualGUID(riid, &IID_IWMStatusCallback);
  *ppvObject = known ? This : NULL;
  return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE add_ref(IWMStatusCallback* This) {
  (void)This;
  return 2;
}

static ULONG STDMETHODCALLTYPE release(IWMStatusCallback* This) {
  (void)This;
  return 1;
}

static HRESULT STDMETHODCALLTYPE on_status(IWMStatusCallback* This, WMT_STATUS Status, HRESULT hr,
                                           WMT_ATTR_DATATYPE dwType, BYTE* pValue, void* pvContext) {
  (void)This;
  (void)pvContext;
  switch (Status) {
    case WMT_BACKUPRESTORE_END: return hr == NS_E_DRM_OPERATION_CANCELED ? S_FALSE : hr;
    case WMT_RESTRICTED_LICENSE: return dwType == WMT_TYPE_STRING && *(const WCHAR*)(void*)pValue ? S_OK : E_FAIL;
    case WMT_INDIVIDUALIZE:
      return ((const WM_INDIVIDUALIZE_STATUS*)(void*)pValue)->enIndiStatus == INDI_BEGIN ? S_OK : S_FALSE;
    default: return S_OK;
  }
}

static IWMStatusCallbackVtbl callback_slots = {query_interface, add_ref, release, on_status};
static IWMStatusCallback callback = {&callback_slots};

static HRESULT use_every_property_call(IWMBackupRestoreProps* props) {
  WORD count = 0;
  WORD size = 0;
  WMT_ATTR_DATATYPE type = WMT_TYPE_STRING;
  HRESULT hr = IWMBackupRestoreProps_SetProp(props, backup_path, WMT_TYPE_STRING, (const BYTE*)restore_path,
                                             (WORD)sizeof restore_path);
  if (SUCCEEDED(hr)) hr = IWMBackupRestoreProps_GetPropCount(props, &count);
  if (SUCCEEDED(hr)) hr = IWMBackupRestoreProps_GetPropByIndex(props, 0, NULL, &count, &type, NULL, &size);
  if (SUCCEEDED(hr)) hr = IWMBackupRestoreProps_GetPropByName(props, backup_path, &type, NULL, &size);
  if (SUCCEEDED(hr)) hr = IWMBackupRestoreProps_RemoveProp(props, backup_path);
  if (SUCCEEDED(hr)) hr = IWMBackupRestoreProps_RemoveAllProps(props);
  IWMBackupRestoreProps_AddRef(props);
  IWMBackupRestoreProps_Release(props);
  return hr;
}

static HRESULT configure(void) {
  reinstate_wmsdk_config config = {0};
  config.size = sizeof config;
  config.recovery_key = REINSTATE_RECOVERY_KEY_READABLE;
  return reinstate_configure_wmsdk(&config);
}

HRESULT use_every_call(void);
HRESULT use_every_call(void) {
  IWMLicenseBackup* backup = NULL;
  IWMLicenseRestore* restore = NULL;
  IWMBackupRestoreProps* props = NULL;
  IUnknown* unknown = NULL;
  HRESULT hr = configure();
  if (SUCCEEDED(hr)) hr = WMCreateBackupRestorer((IUnknown*)&callback, &backup);
  if (FAILED(hr)) return hr;
  hr = IWMLicenseBackup_QueryInterface(backup, &IID_IWMLicenseRestore, (void**)&restore);
  if (SUCCEEDED(hr)) hr = IWMLicenseRestore_QueryInterface(restore, &IID_IWMBackupRestoreProps, (void**)&props);
  if (SUCCEEDED(hr)) hr = IWMBackupRestoreProps_QueryInterface(props, &IID_IUnknown, (void**)&unknown);
  if (SUCCEEDED(hr)) hr = IUnknown_QueryInterface(unknown, &IID_IWMLicenseBackup, (void**)&backup);
  if (SUCCEEDED(hr)) hr = use_every_property_call(props);
  if (SUCCEEDED(hr)) hr = IWMLicenseBackup_BackupLicenses(backup, WM_BACKUP_OVERWRITE, &callback);
  if (SUCCEEDED(hr)) hr = IWMLicenseBackup_CancelLicenseBackup(backup);
  if (SUCCEEDED(hr)) hr = IWMLicenseRestore_RestoreLicenses(restore, WM_RESTORE_INDIVIDUALIZE, &callback);
  if (SUCCEEDED(hr)) hr = IWMLicenseRestore_CancelLicenseRestore(restore);
  IUnknown_AddRef(unknown);
  IUnknown_Release(unknown);
  IWMLicenseRestore_AddRef(restore);
  IWMLicenseRestore_Release(restore);
  IWMLicenseBackup_AddRef(backup);
  IWMLicenseBackup_Release(backup);
  IWMStatusCallback_AddRef(&callback);
  IWMStatusCallback_Release(&callback);
  IWMStatusCallback_QueryInterface(&callback, &IID_IUnknown, (void**)&unknown);
  return IWMStatusCallback_OnStatus(&callback, WMT_ERROR, hr, WMT_TYPE_DWORD, NULL, NULL);
}
