// SPDX-License-Identifier: BSL-1.0
#include "wmsdk/backup_restorer_object.hpp"
#include "wmsdk/boundary.hpp"
#include "wmsdk/native_restorer.hpp"

#include <utility>

namespace {

using namespace reinstate::wmsdk;

// Queries the callback for IWMStatusCallback: the headers declare an IUnknown, the documentation an IWMStatusCallback.
// [C5, C6]
com_pointer<IWMStatusCallback> status_callback_of(IUnknown& application) {
  void* found = nullptr;
  if (FAILED(application.QueryInterface(IID_IWMStatusCallback, &found))) return nullptr;
  return {static_cast<IWMStatusCallback*>(found), false};  // QueryInterface has added the reference
}

}  // namespace

extern "C" REINSTATE_WMSDK_EXPORT HRESULT STDMETHODCALLTYPE WMCreateBackupRestorer(IUnknown* pCallback,
                                                                                   IWMLicenseBackup** ppBackup) {
  if (ppBackup == nullptr) return E_POINTER;
  *ppBackup = nullptr;
  if (pCallback == nullptr) return E_INVALIDARG;
  return guarded([&]() -> HRESULT {
    auto callback = status_callback_of(*pCallback);
    if (callback == nullptr) return E_NOINTERFACE;
    auto native = make_native_restorer(*current_settings());
    if (!native) return hresult_of(native.error());
    *ppBackup = new backup_restorer_object(std::move(callback), std::move(*native));
    return S_OK;
  });
}
