// SPDX-License-Identifier: BSL-1.0
// Backs up the licenses of this machine to a folder, or restores them from it, with the documented steps of the Backup
// Restorer object only:
//
//     documented_steps backup FOLDER
//     documented_steps restore FOLDER
//
// This is a program for the Windows Media Format SDK. It uses no name that reinstate added.
#include <wmsdk.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

// A WCHAR has 16 bits everywhere. So has wchar_t on Windows and with -fshort-wchar; elsewhere char16_t is meant.
#if WCHAR_MAX <= 0xFFFF
#define WIDE(literal) L##literal
#else
#define WIDE(literal) u##literal
#endif

namespace {

const char* name_of(WMT_STATUS status) {
  switch (status) {
    case WMT_BACKUPRESTORE_BEGIN: return "WMT_BACKUPRESTORE_BEGIN";
    case WMT_INDIVIDUALIZE: return "WMT_INDIVIDUALIZE";
    case WMT_NEEDS_INDIVIDUALIZATION: return "WMT_NEEDS_INDIVIDUALIZATION";
    case WMT_BACKUPRESTORE_END: return "WMT_BACKUPRESTORE_END";
    case WMT_BACKUPRESTORE_CONNECTING: return "WMT_BACKUPRESTORE_CONNECTING";
    case WMT_BACKUPRESTORE_DISCONNECTING: return "WMT_BACKUPRESTORE_DISCONNECTING";
    case WMT_ERROR_WITHURL: return "WMT_ERROR_WITHURL";
    case WMT_RESTRICTED_LICENSE: return "WMT_RESTRICTED_LICENSE";
    default: return "(another status)";
  }
}

template <class Number>
std::string number_at(const BYTE* value) {
  Number number;
  std::memcpy(&number, value, sizeof number);
  return std::to_string(number);
}

// Formats the value of an event; dwType is the type of *pValue. The strings of this object are key IDs and URLs, which
// are ASCII.
std::string text_of(WMT_ATTR_DATATYPE type, const BYTE* value) {
  switch (type) {
    case WMT_TYPE_DWORD: return "DWORD " + number_at<DWORD>(value);
    case WMT_TYPE_BOOL: return "BOOL " + number_at<BOOL>(value);
    case WMT_TYPE_WORD: return "WORD " + number_at<WORD>(value);
    case WMT_TYPE_QWORD: return "QWORD " + number_at<QWORD>(value);
    case WMT_TYPE_STRING: {
      std::string text = "STRING ";
      for (auto* at = reinterpret_cast<const WCHAR*>(value); *at != 0; ++at) text += static_cast<char>(*at);
      return text;
    }
    default: return "type " + std::to_string(type);
  }
}

// Receives the events of an operation, on a thread of the object.
class status_callback final : public IWMStatusCallback {
 public:
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void** ppvObject) override {
    if (ppvObject == nullptr) return E_POINTER;
    *ppvObject = nullptr;
    if (!IsEqualIID(riid, IID_IUnknown) && !IsEqualIID(riid, IID_IWMStatusCallback)) return E_NOINTERFACE;
    *ppvObject = static_cast<IWMStatusCallback*>(this);
    AddRef();
    return S_OK;
  }

  // The count is atomic, and the callback deletes itself, because the object also holds references and releases them on
  // its own threads.
  ULONG STDMETHODCALLTYPE AddRef() override { return ++references_; }
  ULONG STDMETHODCALLTYPE Release() override {
    const ULONG left = --references_;
    if (left == 0) delete this;
    return left;
  }

  HRESULT STDMETHODCALLTYPE OnStatus(WMT_STATUS Status, HRESULT hr, WMT_ATTR_DATATYPE dwType, BYTE* pValue,
                                     void* /*pvContext*/) override {
    std::printf("%d %s 0x%08X %s\n", static_cast<int>(Status), name_of(Status), static_cast<unsigned>(hr),
                text_of(dwType, pValue).c_str());
    if (Status == WMT_BACKUPRESTORE_END) {
      const std::lock_guard lock(mutex_);
      result_ = hr;
      ended_ = true;
      changed_.notify_all();
    }
    return S_OK;
  }

  // Waits for the end of the operation and returns its result.
  HRESULT wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_; });
    return result_;
  }

 private:
  ~status_callback() = default;  // called by Release only

  std::atomic<ULONG> references_ = 1;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  HRESULT result_ = E_UNEXPECTED;
};

// Holds one reference.
struct releaser {
  void operator()(IUnknown* held) const { held->Release(); }
};
template <class Interface>
using reference = std::unique_ptr<Interface, releaser>;

// Returns another interface of the same object, or null if it has none.
template <class Interface>
reference<Interface> query(IUnknown& object, REFIID iid) {
  void* found = nullptr;
  object.QueryInterface(iid, &found);
  return reference<Interface>(static_cast<Interface*>(found));
}

// Sets a path property: a string whose length is counted in bytes, here with the terminating zero.
HRESULT set_path(IUnknown& restorer, const WCHAR* name, const std::filesystem::path& folder) {
  const auto props = query<IWMBackupRestoreProps>(restorer, IID_IWMBackupRestoreProps);
  if (props == nullptr) return E_NOINTERFACE;
  const std::u16string text = std::filesystem::absolute(folder).u16string();
  std::vector<WCHAR> value(text.begin(), text.end());
  value.push_back(0);
  return props->SetProp(name, WMT_TYPE_STRING, reinterpret_cast<const BYTE*>(value.data()),
                        static_cast<WORD>(value.size() * sizeof(WCHAR)));
}

// Starts a backup, which returns at once, and waits until the callback gets the last event.
HRESULT back_up(IWMLicenseBackup& restorer, const std::filesystem::path& folder, status_callback& callback) {
  if (const HRESULT hr = set_path(restorer, WIDE("BackupPath"), folder); FAILED(hr)) return hr;
  if (const HRESULT hr = restorer.BackupLicenses(WM_BACKUP_OVERWRITE, &callback); FAILED(hr)) return hr;
  return callback.wait();
}

HRESULT restore(IWMLicenseBackup& restorer, const std::filesystem::path& folder, status_callback& callback) {
  const auto restoring = query<IWMLicenseRestore>(restorer, IID_IWMLicenseRestore);
  if (restoring == nullptr) return E_NOINTERFACE;
  if (const HRESULT hr = set_path(restorer, WIDE("RestorePath"), folder); FAILED(hr)) return hr;
  // The flag states that the user agreed to give this machine an identity if it has none.
  if (const HRESULT hr = restoring->RestoreLicenses(WM_RESTORE_INDIVIDUALIZE, &callback); FAILED(hr)) return hr;
  return callback.wait();
}

HRESULT run(bool is_backup, const std::filesystem::path& folder) {
  const reference<status_callback> callback(new status_callback);
  IWMLicenseBackup* created = nullptr;
  if (const HRESULT hr = WMCreateBackupRestorer(callback.get(), &created); FAILED(hr)) return hr;
  const reference<IWMLicenseBackup> restorer(created);
  return is_backup ? back_up(*restorer, folder, *callback) : restore(*restorer, folder, *callback);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc == 3 ? argv[1] : "";
  if (command != "backup" && command != "restore") {
    std::fputs("usage: documented_steps backup|restore FOLDER\n", stderr);
    return 2;
  }
  const HRESULT hr = run(command == "backup", argv[2]);
  if (hr != S_OK) std::fprintf(stderr, "%s failed: 0x%08X\n", command.c_str(), static_cast<unsigned>(hr));
  return hr == S_OK ? 0 : 1;
}
