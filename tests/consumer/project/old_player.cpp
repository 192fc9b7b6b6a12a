// SPDX-License-Identifier: BSL-1.0
#include <reinstate_wmsdk.h>
#include <wmsdk.h>

#include <iostream>

// As old code has it: an object of its own that lives as long as the program.
struct listener : IWMStatusCallback {
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void** object) override {
    *object = riid == IID_IUnknown || riid == IID_IWMStatusCallback ? this : nullptr;
    return *object != nullptr ? S_OK : E_NOINTERFACE;
  }
  ULONG STDMETHODCALLTYPE AddRef() override { return 1; }
  ULONG STDMETHODCALLTYPE Release() override { return 1; }
  HRESULT STDMETHODCALLTYPE OnStatus(WMT_STATUS, HRESULT, WMT_ATTR_DATATYPE, BYTE*, void*) override { return S_OK; }
};

int main() {
  static listener hears;
  IWMLicenseBackup* backup = nullptr;
  if (FAILED(reinstate_configure_wmsdk(nullptr)) || FAILED(WMCreateBackupRestorer(&hears, &backup))) return 1;
  const HRESULT hr = backup->BackupLicenses(0, &hears);  // no BackupPath is set
  std::cout << "made the object under its old name\n";
  return hr == NS_E_DRM_INVALID_PROPERTY && backup->Release() == 0 ? 0 : 1;
}
