/* SPDX-License-Identifier: BSL-1.0 */
#ifndef REINSTATE_WMSDK_BACKUP_RESTORE_PROPS_H
#define REINSTATE_WMSDK_BACKUP_RESTORE_PROPS_H

/* The properties of the Backup Restorer object and the flags of its operations, missing in the headers of mingw-w64.
 * [C122, C125, C130] */

#include "language.h"
#ifndef _WIN32
#include "interfaces.h"
#endif

#ifndef WM_BACKUP_OVERWRITE
#define WM_BACKUP_OVERWRITE ((DWORD)0x00000001)
#endif
#ifndef WM_RESTORE_INDIVIDUALIZE
#define WM_RESTORE_INDIVIDUALIZE ((DWORD)0x00000002)
#endif

#ifndef __IWMBackupRestoreProps_INTERFACE_DEFINED__
#define __IWMBackupRestoreProps_INTERFACE_DEFINED__

REINSTATE_WMSDK_GUID(IID_IWMBackupRestoreProps, 0x3C8E0DA6, 0x996F, 0x4FF3,
                     {0xA1, 0xAF, 0x48, 0x38, 0xF9, 0x37, 0x7E, 0x2E});

/* Properties: BackupPath and RestorePath, the full paths backups are written to and read from, and Passphrase, which
 * protects new backups and opens those of other machines. As documented, only strings can be set, and the three getters
 * are not implemented. cbLength counts bytes, with the terminating zero or without. [C20 to C38, O8] */
#if defined(__cplusplus) && !defined(CINTERFACE)
struct IWMBackupRestoreProps : public IUnknown {
  virtual HRESULT STDMETHODCALLTYPE GetPropCount(WORD* pcProps) = 0;
  virtual HRESULT STDMETHODCALLTYPE GetPropByIndex(WORD wIndex, WCHAR* pwszName, WORD* pcchNameLen,
                                                   WMT_ATTR_DATATYPE* pType, BYTE* pValue, WORD* pcbLength) = 0;
  virtual HRESULT STDMETHODCALLTYPE GetPropByName(LPCWSTR pszName, WMT_ATTR_DATATYPE* pType, BYTE* pValue,
                                                  WORD* pcbLength) = 0;
  virtual HRESULT STDMETHODCALLTYPE SetProp(LPCWSTR pszName, WMT_ATTR_DATATYPE Type, const BYTE* pValue,
                                            WORD cbLength) = 0;
  virtual HRESULT STDMETHODCALLTYPE RemoveProp(LPCWSTR pcwszName) = 0;
  virtual HRESULT STDMETHODCALLTYPE RemoveAllProps() = 0;
};
#ifdef __CRT_UUID_DECL
__CRT_UUID_DECL(IWMBackupRestoreProps, 0x3C8E0DA6, 0x996F, 0x4FF3, 0xA1, 0xAF, 0x48, 0x38, 0xF9, 0x37, 0x7E, 0x2E)
#endif
#else
typedef struct IWMBackupRestoreProps IWMBackupRestoreProps;
typedef struct IWMBackupRestorePropsVtbl {
  HRESULT(STDMETHODCALLTYPE* QueryInterface)(IWMBackupRestoreProps* This, REFIID riid, void** ppvObject);
  ULONG(STDMETHODCALLTYPE* AddRef)(IWMBackupRestoreProps* This);
  ULONG(STDMETHODCALLTYPE* Release)(IWMBackupRestoreProps* This);
  HRESULT(STDMETHODCALLTYPE* GetPropCount)(IWMBackupRestoreProps* This, WORD* pcProps);
  HRESULT(STDMETHODCALLTYPE* GetPropByIndex)
  (IWMBackupRestoreProps* This, WORD wIndex, WCHAR* pwszName, WORD* pcchNameLen, WMT_ATTR_DATATYPE* pType, BYTE* pValue,
   WORD* pcbLength);
  HRESULT(STDMETHODCALLTYPE* GetPropByName)
  (IWMBackupRestoreProps* This, LPCWSTR pszName, WMT_ATTR_DATATYPE* pType, BYTE* pValue, WORD* pcbLength);
  HRESULT(STDMETHODCALLTYPE* SetProp)
  (IWMBackupRestoreProps* This, LPCWSTR pszName, WMT_ATTR_DATATYPE Type, const BYTE* pValue, WORD cbLength);
  HRESULT(STDMETHODCALLTYPE* RemoveProp)(IWMBackupRestoreProps* This, LPCWSTR pcwszName);
  HRESULT(STDMETHODCALLTYPE* RemoveAllProps)(IWMBackupRestoreProps* This);
} IWMBackupRestorePropsVtbl;
struct IWMBackupRestoreProps {
  const IWMBackupRestorePropsVtbl* lpVtbl;
};

#ifdef COBJMACROS
#define IWMBackupRestoreProps_QueryInterface(This, riid, ppvObject) \
  (This)->lpVtbl->QueryInterface(This, riid, ppvObject)
#define IWMBackupRestoreProps_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IWMBackupRestoreProps_Release(This) (This)->lpVtbl->Release(This)
#define IWMBackupRestoreProps_GetPropCount(This, pcProps) (This)->lpVtbl->GetPropCount(This, pcProps)
#define IWMBackupRestoreProps_GetPropByIndex(This, wIndex, pwszName, pcchNameLen, pType, pValue, pcbLength) \
  (This)->lpVtbl->GetPropByIndex(This, wIndex, pwszName, pcchNameLen, pType, pValue, pcbLength)
#define IWMBackupRestoreProps_GetPropByName(This, pszName, pType, pValue, pcbLength) \
  (This)->lpVtbl->GetPropByName(This, pszName, pType, pValue, pcbLength)
#define IWMBackupRestoreProps_SetProp(This, pszName, Type, pValue, cbLength) \
  (This)->lpVtbl->SetProp(This, pszName, Type, pValue, cbLength)
#define IWMBackupRestoreProps_RemoveProp(This, pcwszName) (This)->lpVtbl->RemoveProp(This, pcwszName)
#define IWMBackupRestoreProps_RemoveAllProps(This) (This)->lpVtbl->RemoveAllProps(This)
#endif
#endif

#endif

#endif
