// SPDX-License-Identifier: BSL-1.0
// A caller in C++11 that uses every interface, method and identifier. Compiled, and never run.
#include <reinstate_wmsdk.h>
#include <wmsdk.h>

#include <stddef.h>

#if __SIZEOF_WCHAR_T__ == 2
#define TEXT16(literal) L##literal
#else
#define TEXT16(literal) u##literal
#endif

static const WCHAR backup_path[] = TEXT16("BackupPath");
static const WCHAR restore_path[] = TEXT16("RestorePath");
static LPCWSTR const rights[] = {g_wszWMDRM_RIGHT_BACKUP, g_wszWMDRM_RIGHT_PLAYBACK, g_wszWMDRM_ActionAllowed_Backup};

// Two ways in which callers declare the methods.
class callback final : public IWMStatusCallback {
 public:
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void** ppvObject) override {
    const bool known = IsEqualIID(riid, IID_IUnknown) || riid == IID_IWMStatusCallback;
    *ppvObject = known ? this : nullptr;
    return known ? S_OK : E_NOINTERFACE;
  }
  STDMETHOD_(ULONG, AddRef)() override { return 2; }
  STDMETHOD_(ULONG, Release)() override { return 1; }
  STDMETHOD(OnStatus)
  (WMT_STATUS Status, HRESULT hr, WMT_ATTR_DATATYPE dwType, BYTE* pValue, void* pvContext) override;
};

STDMETHODIMP callback::OnStatus(WMT_STATUS Status, HRESULT hr, WMT_ATTR_DATATYPE dwType, BYTE* pValue, void*) {
  switch (Status) {
    case WMT_BACKUPRESTORE_END: return hr == NS_E_DRM_OPERATION_CANCELED ? S_FALSE : hr;
    case WMT_RESTRICTED_LICENSE: return dwType == WMT_TYPE_STRING && *reinterpret_cast<LPCWSTR>(pValue) ? S_OK : E_FAIL;
    case WMT_INDIVIDUALIZE:
      return reinterpret_cast<WM_INDIVIDUALIZE_STATUS*>(pValue)->enIndiStatus == INDI_BEGIN ? S_OK : S_FALSE;
    default: return S_OK;
  }
}

static HRESULT use_every_property_call(IWMBackupRestoreProps& props) {
  WORD count = 0;
  WORD size = 0;
  WMT_ATTR_DATATYPE type = WMT_TYPE_STRING;
  HRESULT hr =
      props.SetProp(backup_path, WMT_TYPE_STRING, reinterpret_cast<const BYTE*>(restore_path), sizeof restore_path);
  if (SUCCEEDED(hr)) hr = props.GetPropCount(&count);
  if (SUCCEEDED(hr)) hr = props.GetPropByIndex(0, nullptr, &count, &type, nullptr, &size);
  if (SUCCEEDED(hr)) hr = props.GetPropByName(backup_path, &type, nullptr, &size);
  if (SUCCEEDED(hr)) hr = props.RemoveProp(rights[0]);
  if (SUCCEEDED(hr)) hr = props.RemoveAllProps();
  return hr;
}

static HRESULT configure() {
  reinstate_wmsdk_config config = {};
  config.size = sizeof config;
  config.recovery_key = REINSTATE_RECOVERY_KEY_READABLE;
  return reinstate_configure_wmsdk(&config);
}

HRESULT use_every_call(callback& events) {
  IWMLicenseBackup* backup = nullptr;
  IWMLicenseRestore* restore = nullptr;
  IWMBackupRestoreProps* props = nullptr;
  HRESULT hr = configure();
  if (SUCCEEDED(hr)) hr = WMCreateBackupRestorer(&events, &backup);
  if (FAILED(hr)) return hr;
  hr = backup->QueryInterface(IID_IWMLicenseRestore, reinterpret_cast<void**>(&restore));
  if (SUCCEEDED(hr)) hr = restore->QueryInterface(IID_IWMBackupRestoreProps, reinterpret_cast<void**>(&props));
  if (SUCCEEDED(hr)) hr = props->QueryInterface(IID_IWMLicenseBackup, reinterpret_cast<void**>(&backup));
  if (SUCCEEDED(hr)) hr = use_every_property_call(*props);
  if (SUCCEEDED(hr)) hr = backup->BackupLicenses(WM_BACKUP_OVERWRITE, &events);
  if (SUCCEEDED(hr)) hr = backup->CancelLicenseBackup();
  if (SUCCEEDED(hr)) hr = restore->RestoreLicenses(WM_RESTORE_INDIVIDUALIZE, &events);
  if (SUCCEEDED(hr)) hr = restore->CancelLicenseRestore();
  if (IID_IWMLicenseBackup != IID_IWMLicenseRestore) backup->AddRef();
  backup->Release();
  return hr;
}
