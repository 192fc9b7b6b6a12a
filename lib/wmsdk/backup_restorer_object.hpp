// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_BACKUP_RESTORER_OBJECT_HPP
#define REINSTATE_WMSDK_BACKUP_RESTORER_OBJECT_HPP

#include "wmsdk/com_pointer.hpp"

#include <reinstate/wmsdk/wmsdk.h>
#include <reinstate/backup_restorer.hpp>

#include <atomic>
#include <memory>

namespace reinstate::wmsdk {

// The Backup Restorer object: three interfaces with one identity over a native restorer. [docs/contract.md]
//
// Ownership: created with one reference; the last Release destroys it, which cancels the running operation and does not
// wait. It holds the callback it was created with; each operation holds its own until its last event. [C13, C14, C19]
// Thread safety: any method from any thread.
class backup_restorer_object final : public IWMLicenseBackup, public IWMLicenseRestore, public IWMBackupRestoreProps {
 public:
  backup_restorer_object(com_pointer<IWMStatusCallback> callback, std::unique_ptr<backup_restorer> native)
      : callback_(std::move(callback)), native_(std::move(native)) {}

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void** object) override;
  ULONG STDMETHODCALLTYPE AddRef() override;
  ULONG STDMETHODCALLTYPE Release() override;

  HRESULT STDMETHODCALLTYPE BackupLicenses(DWORD flags, IWMStatusCallback* callback) override;
  HRESULT STDMETHODCALLTYPE CancelLicenseBackup() override;

  HRESULT STDMETHODCALLTYPE RestoreLicenses(DWORD flags, IWMStatusCallback* callback) override;
  HRESULT STDMETHODCALLTYPE CancelLicenseRestore() override;

  HRESULT STDMETHODCALLTYPE GetPropCount(WORD* count) override;
  HRESULT STDMETHODCALLTYPE GetPropByIndex(WORD index, WCHAR* name, WORD* name_length, WMT_ATTR_DATATYPE* type,
                                           BYTE* value, WORD* length) override;
  HRESULT STDMETHODCALLTYPE GetPropByName(LPCWSTR name, WMT_ATTR_DATATYPE* type, BYTE* value, WORD* length) override;
  HRESULT STDMETHODCALLTYPE SetProp(LPCWSTR name, WMT_ATTR_DATATYPE type, const BYTE* value, WORD length) override;
  HRESULT STDMETHODCALLTYPE RemoveProp(LPCWSTR name) override;
  HRESULT STDMETHODCALLTYPE RemoveAllProps() override;

 private:
  ~backup_restorer_object() = default;

  std::atomic<ULONG> references_{1};
  com_pointer<IWMStatusCallback> callback_;
  std::unique_ptr<backup_restorer> native_;
};

}  // namespace reinstate::wmsdk

#endif
