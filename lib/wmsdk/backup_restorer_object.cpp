// SPDX-License-Identifier: BSL-1.0
#include "wmsdk/backup_restorer_object.hpp"

#include "crypto/bytes.hpp"
#include "wmsdk/boundary.hpp"
#include "wmsdk/com_status_callback.hpp"
#include "wmsdk/utf16.hpp"

#include <utility>

namespace reinstate::wmsdk {
namespace {

// Bounds the search for the end of a name that is not terminated.
constexpr std::size_t max_name_length = 1024;

result<crypto::secret_buffer> parse_name(LPCWSTR name) {
  if (name == nullptr) return errc::invalid_argument;
  std::size_t length = 0;
  while (length != max_name_length && name[length] != 0) ++length;
  if (length == max_name_length) return errc::invalid_argument;
  return to_utf8(std::as_bytes(std::span(name, length)));
}

HRESULT hresult_of(const result<void>& outcome) noexcept {
  return outcome ? S_OK : wmsdk::hresult_of(outcome.error());
}

HRESULT hresult_of(cancel_result outcome) noexcept {
  return outcome == cancel_result::accepted ? S_OK : S_FALSE;
}

std::shared_ptr<status_callback> make_callback(IWMStatusCallback* callback) {
  if (callback == nullptr) return nullptr;
  return std::make_shared<com_status_callback>(com_pointer<IWMStatusCallback>(callback));
}

}  // namespace

// --- IUnknown

HRESULT backup_restorer_object::QueryInterface(REFIID riid, void** object) {
  if (object == nullptr) return E_POINTER;
  if (riid == IID_IUnknown || riid == IID_IWMLicenseBackup)
    *object = static_cast<IWMLicenseBackup*>(this);
  else if (riid == IID_IWMLicenseRestore)
    *object = static_cast<IWMLicenseRestore*>(this);
  else if (riid == IID_IWMBackupRestoreProps)
    *object = static_cast<IWMBackupRestoreProps*>(this);
  else
    *object = nullptr;
  if (*object == nullptr) return E_NOINTERFACE;
  AddRef();
  return S_OK;
}

ULONG backup_restorer_object::AddRef() {
  return references_.fetch_add(1, std::memory_order_relaxed) + 1;
}

ULONG backup_restorer_object::Release() {
  const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (left == 0) delete this;
  return left;
}

// --- IWMLicenseBackup and IWMLicenseRestore

HRESULT backup_restorer_object::BackupLicenses(DWORD flags, IWMStatusCallback* callback) {
  return guarded(
      [&] { return hresult_of(native_->backup_licenses(static_cast<backup_flags>(flags), make_callback(callback))); });
}

HRESULT backup_restorer_object::CancelLicenseBackup() {
  return guarded([&] { return hresult_of(native_->cancel_license_backup()); });
}

HRESULT backup_restorer_object::RestoreLicenses(DWORD flags, IWMStatusCallback* callback) {
  return guarded([&] {
    return hresult_of(native_->restore_licenses(static_cast<restore_flags>(flags), make_callback(callback)));
  });
}

HRESULT backup_restorer_object::CancelLicenseRestore() {
  return guarded([&] { return hresult_of(native_->cancel_license_restore()); });
}

// --- IWMBackupRestoreProps: the getters are documented not to be implemented [C37, C38, O8]

HRESULT backup_restorer_object::GetPropCount(WORD*) {
  return E_NOTIMPL;
}

HRESULT backup_restorer_object::GetPropByIndex(WORD, WCHAR*, WORD*, WMT_ATTR_DATATYPE*, BYTE*, WORD*) {
  return E_NOTIMPL;
}

HRESULT backup_restorer_object::GetPropByName(LPCWSTR, WMT_ATTR_DATATYPE*, BYTE*, WORD*) {
  return E_NOTIMPL;
}

HRESULT backup_restorer_object::SetProp(LPCWSTR name, WMT_ATTR_DATATYPE type, const BYTE* value, WORD length) {
  return guarded([&]() -> HRESULT {
    if (type != WMT_TYPE_STRING || value == nullptr) return E_INVALIDARG;
    const auto name_text = parse_name(name);
    if (!name_text) return E_INVALIDARG;
    const auto value_text = to_utf8(std::as_bytes(std::span(value, length)));
    if (!value_text) return E_INVALIDARG;
    return hresult_of(native_->set_prop(crypto::text_of(*name_text), crypto::text_of(*value_text)));
  });
}

HRESULT backup_restorer_object::RemoveProp(LPCWSTR name) {
  return guarded([&]() -> HRESULT {
    const auto text = parse_name(name);
    if (!text) return E_INVALIDARG;
    return native_->remove_prop(crypto::text_of(*text)) ? S_OK : S_FALSE;  // removing a missing property succeeds [O13]
  });
}

HRESULT backup_restorer_object::RemoveAllProps() {
  return guarded([&] {
    native_->remove_all_props();
    return S_OK;
  });
}

}  // namespace reinstate::wmsdk
