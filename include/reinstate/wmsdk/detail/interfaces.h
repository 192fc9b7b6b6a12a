/* SPDX-License-Identifier: BSL-1.0 */
#ifndef REINSTATE_WMSDK_INTERFACES_H
#define REINSTATE_WMSDK_INTERFACES_H

/* The interfaces: their identifiers, and their methods in the order of the vtable. [C15, C16, C17] */

#include "status.h"
#include "windows_types.h"

REINSTATE_WMSDK_GUID(IID_IUnknown, 0x00000000, 0x0000, 0x0000, {0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46});
REINSTATE_WMSDK_GUID(IID_IWMStatusCallback, 0x6D7CDC70, 0x9888, 0x11D3,
                     {0x8E, 0xDC, 0x00, 0xC0, 0x4F, 0x61, 0x09, 0xCF});
REINSTATE_WMSDK_GUID(IID_IWMLicenseBackup, 0x05E5AC9F, 0x3FB6, 0x4508,
                     {0xBB, 0x43, 0xA4, 0x06, 0x7B, 0xA1, 0xEB, 0xE8});
REINSTATE_WMSDK_GUID(IID_IWMLicenseRestore, 0xC70B6334, 0xA22E, 0x4EFB,
                     {0xA2, 0x45, 0x15, 0xE6, 0x5A, 0x00, 0x4A, 0x13});

#if defined(__cplusplus) && !defined(CINTERFACE)

struct IUnknown {
  virtual HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void** ppvObject) = 0;
  virtual ULONG STDMETHODCALLTYPE AddRef() = 0;
  virtual ULONG STDMETHODCALLTYPE Release() = 0;
};

/* Implemented by the application. Always returns S_OK; pValue is valid during the call. */
struct IWMStatusCallback : IUnknown {
  virtual HRESULT STDMETHODCALLTYPE OnStatus(WMT_STATUS Status, HRESULT hr, WMT_ATTR_DATATYPE dwType, BYTE* pValue,
                                             void* pvContext) = 0;
};

/* Events arrive on a thread of the library, or as the application configured. */
struct IWMLicenseBackup : IUnknown {
  virtual HRESULT STDMETHODCALLTYPE BackupLicenses(DWORD dwFlags, IWMStatusCallback* pCallback) = 0;
  virtual HRESULT STDMETHODCALLTYPE CancelLicenseBackup() = 0;
};

struct IWMLicenseRestore : IUnknown {
  virtual HRESULT STDMETHODCALLTYPE RestoreLicenses(DWORD dwFlags, IWMStatusCallback* pCallback) = 0;
  virtual HRESULT STDMETHODCALLTYPE CancelLicenseRestore() = 0;
};

#else

#define REINSTATE_WMSDK_IUNKNOWN_SLOTS(Interface)                                              \
  HRESULT(STDMETHODCALLTYPE* QueryInterface)(Interface * This, REFIID riid, void** ppvObject); \
  ULONG(STDMETHODCALLTYPE* AddRef)(Interface * This);                                          \
  ULONG(STDMETHODCALLTYPE* Release)(Interface * This)

typedef struct IUnknown IUnknown;
typedef struct IUnknownVtbl {
  REINSTATE_WMSDK_IUNKNOWN_SLOTS(IUnknown);
} IUnknownVtbl;
struct IUnknown {
  const IUnknownVtbl* lpVtbl;
};

/* Implemented by the application. Always returns S_OK; pValue is valid during the call. */
typedef struct IWMStatusCallback IWMStatusCallback;
typedef struct IWMStatusCallbackVtbl {
  REINSTATE_WMSDK_IUNKNOWN_SLOTS(IWMStatusCallback);
  HRESULT(STDMETHODCALLTYPE* OnStatus)
  (IWMStatusCallback* This, WMT_STATUS Status, HRESULT hr, WMT_ATTR_DATATYPE dwType, BYTE* pValue, void* pvContext);
} IWMStatusCallbackVtbl;
struct IWMStatusCallback {
  const IWMStatusCallbackVtbl* lpVtbl;
};

/* Events arrive on a thread of the library, or as the application configured. */
typedef struct IWMLicenseBackup IWMLicenseBackup;
typedef struct IWMLicenseBackupVtbl {
  REINSTATE_WMSDK_IUNKNOWN_SLOTS(IWMLicenseBackup);
  HRESULT(STDMETHODCALLTYPE* BackupLicenses)(IWMLicenseBackup* This, DWORD dwFlags, IWMStatusCallback* pCallback);
  HRESULT(STDMETHODCALLTYPE* CancelLicenseBackup)(IWMLicenseBackup* This);
} IWMLicenseBackupVtbl;
struct IWMLicenseBackup {
  const IWMLicenseBackupVtbl* lpVtbl;
};

typedef struct IWMLicenseRestore IWMLicenseRestore;
typedef struct IWMLicenseRestoreVtbl {
  REINSTATE_WMSDK_IUNKNOWN_SLOTS(IWMLicenseRestore);
  HRESULT(STDMETHODCALLTYPE* RestoreLicenses)(IWMLicenseRestore* This, DWORD dwFlags, IWMStatusCallback* pCallback);
  HRESULT(STDMETHODCALLTYPE* CancelLicenseRestore)(IWMLicenseRestore* This);
} IWMLicenseRestoreVtbl;
struct IWMLicenseRestore {
  const IWMLicenseRestoreVtbl* lpVtbl;
};

#ifdef COBJMACROS
#define IUnknown_QueryInterface(This, riid, ppvObject) (This)->lpVtbl->QueryInterface(This, riid, ppvObject)
#define IUnknown_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IUnknown_Release(This) (This)->lpVtbl->Release(This)

#define IWMStatusCallback_QueryInterface(This, riid, ppvObject) (This)->lpVtbl->QueryInterface(This, riid, ppvObject)
#define IWMStatusCallback_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IWMStatusCallback_Release(This) (This)->lpVtbl->Release(This)
#define IWMStatusCallback_OnStatus(This, Status, hr, dwType, pValue, pvContext) \
  (This)->lpVtbl->OnStatus(This, Status, hr, dwType, pValue, pvContext)

#define IWMLicenseBackup_QueryInterface(This, riid, ppvObject) (This)->lpVtbl->QueryInterface(This, riid, ppvObject)
#define IWMLicenseBackup_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IWMLicenseBackup_Release(This) (This)->lpVtbl->Release(This)
#define IWMLicenseBackup_BackupLicenses(This, dwFlags, pCallback) \
  (This)->lpVtbl->BackupLicenses(This, dwFlags, pCallback)
#define IWMLicenseBackup_CancelLicenseBackup(This) (This)->lpVtbl->CancelLicenseBackup(This)

#define IWMLicenseRestore_QueryInterface(This, riid, ppvObject) (This)->lpVtbl->QueryInterface(This, riid, ppvObject)
#define IWMLicenseRestore_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IWMLicenseRestore_Release(This) (This)->lpVtbl->Release(This)
#define IWMLicenseRestore_RestoreLicenses(This, dwFlags, pCallback) \
  (This)->lpVtbl->RestoreLicenses(This, dwFlags, pCallback)
#define IWMLicenseRestore_CancelLicenseRestore(This) (This)->lpVtbl->CancelLicenseRestore(This)
#endif

#endif

/* Creates the Backup Restorer object. `pCallback` must implement IWMStatusCallback; the object keeps it. On failure
 * *ppBackup is null. Errors: E_POINTER, E_INVALIDARG for a null callback, E_NOINTERFACE, E_OUTOFMEMORY. [C1 to C6] */
EXTERN_C HRESULT STDMETHODCALLTYPE WMCreateBackupRestorer(IUnknown* pCallback, IWMLicenseBackup** ppBackup);

#endif
