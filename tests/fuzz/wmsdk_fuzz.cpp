// SPDX-License-Identifier: BSL-1.0
#include "../contract/wmsdk/recorder.hpp"
#include "temporary_directory.hpp"

#include <reinstate/license_store.hpp>
#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>

#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <filesystem>
#include <optional>

// Turns bytes into calls on two objects of the Windows-named layer, in any order and with any arguments a C caller can
// get wrong without breaking the language: nulls, lengths, types, flags, strings without an end. Events are delivered
// in between, and callbacks call back. At the end everything is let go; what is lost then is found by the leak
// sanitizer.

namespace {

using namespace reinstate;
using namespace reinstate::wmsdk_test;
namespace fs = std::filesystem;

// The folders of this process: a machine with licenses, one that is new each time, and a stick.
class folders {
 public:
  folders() {
    const std::shared_ptr<machine_identity> identity = make_file_machine_identity(identity_of(false));
    identity->individualize().value();
    const auto store = open_sqlite_license_store(store_of(false), identity).value();
    for (const auto right : {backup_right::granted, backup_right::granted, backup_right::denied}) {
      license item;
      item.id.bytes[0] = static_cast<std::byte>(++licenses_);
      item.rights.backup = right;
      item.payload = secret_bytes(50);
      put_license(*store, item).value();
    }
    reset();
  }

  void reset() const {
    fs::remove_all(stick());
    fs::create_directory(stick());
    fs::remove(identity_of(true));
    for (const char* const end : {"", "-wal", "-shm"}) fs::remove(store_of(true).string() + end);
  }

  fs::path stick() const { return root_.path() / "stick"; }
  fs::path store_of(bool is_new) const { return root_.path() / (is_new ? "new.db" : "licenses.db"); }
  fs::path identity_of(bool is_new) const { return root_.path() / (is_new ? "new.key" : "machine.key"); }

 private:
  tests::temporary_directory root_;
  int licenses_ = 0;
};

// One object and what a caller does with it.
struct object_in_use {
  owned<IWMLicenseBackup> backup;
  owned<IWMLicenseRestore> restore;
  owned<IWMBackupRestoreProps> props;
};

template <class Interface>
owned<Interface> ask(IUnknown& object, const IID& iid) {
  void* found = nullptr;
  if (object.QueryInterface(iid, &found) != S_OK) std::abort();
  return owned<Interface>(static_cast<Interface*>(found));
}

class session {
 public:
  session(FuzzedDataProvider& bytes, const folders& where) : bytes_(bytes), folders_(where) {}

  void run() {
    for (object_in_use& object : objects_) begin(object);
    while (bytes_.remaining_bytes() != 0) call();
    callbacks_.clear();
    objects_ = {};
    loop_->run_until([&] { return loop_->callbacks() == 0; });
    while (loop_->run_one()) {
    }
  }

 private:
  void call() {
    object_in_use& object = objects_[bytes_.ConsumeBool()];
    const unsigned what = bytes_.ConsumeIntegralInRange(0u, 13u);
    if (what == 0) return configure();
    if (what == 1) return deliver();
    if (object.backup == nullptr) return create(object);
    switch (what) {
      case 2:
      case 3: return set(object);
      case 4: return remove(object);
      case 5: return get(object);
      case 6:
      case 7: return start(object, true);
      case 8:
      case 9: return start(object, false);
      case 10: return cancel(object);
      case 11: return query(object);
      case 12: return count(object);
      case 13: object = {}; return;
      default: return;
    }
  }

  // Most often an object that is ready for operations: little would be reached if bytes had to ask for each call.
  void begin(object_in_use& object) {
    if (bytes_.ConsumeBool()) return;
    create(object);
    if (object.props == nullptr || bytes_.ConsumeBool()) return;
    const std::u16string stick = folders_.stick().u16string();
    for (const auto* const name : {u"BackupPath", u"RestorePath"})
      object.props->SetProp(wide(name, name + std::char_traits<char16_t>::length(name)).c_str(), WMT_TYPE_STRING,
                            reinterpret_cast<const BYTE*>(stick.data()), static_cast<WORD>(stick.size() * 2));
  }

  // --- configuration and creation

  void configure() {
    reinstate_wmsdk_config config{};
    const std::string store = bytes_.ConsumeRandomLengthString(20), recipient = bytes_.ConsumeRandomLengthString(80);
    config.size = bytes_.ConsumeBool() ? sizeof config : bytes_.ConsumeIntegral<std::size_t>();
    config.store_path = bytes_.ConsumeBool() ? store.c_str() : nullptr;
    config.recovery_key = bytes_.ConsumeIntegralInRange<std::uint32_t>(0, 4);
    config.recipient = bytes_.ConsumeBool() ? recipient.c_str() : nullptr;
    reinstate_configure_wmsdk(bytes_.ConsumeBool() ? &config : nullptr);
  }

  void create(object_in_use& object) {
    const bool is_new = bytes_.ConsumeBool();
    const std::string store = folders_.store_of(is_new).string(), identity = folders_.identity_of(is_new).string();
    reinstate_wmsdk_config config{};
    config.size = sizeof config;
    config.store_path = store.c_str();
    config.identity_path = identity.c_str();
    config.post = &message_loop::post;
    config.post_context = loop_.get();
    if (reinstate_configure_wmsdk(&config) != S_OK) std::abort();
    IWMLicenseBackup* made = nullptr;
    if (bytes_.ConsumeBool()) WMCreateBackupRestorer(callback(), nullptr);
    WMCreateBackupRestorer(callback(), &made);
    if (made == nullptr) return;
    object.backup.reset(made);
    object.restore = ask<IWMLicenseRestore>(*made, IID_IWMLicenseRestore);
    object.props = ask<IWMBackupRestoreProps>(*made, IID_IWMBackupRestoreProps);
  }

  // One of those there are, a new one, or null.
  recorder* callback() {
    const auto which = bytes_.ConsumeIntegralInRange<std::size_t>(0, 4);
    if (which == 0) return nullptr;
    if (which < callbacks_.size()) return callbacks_[which].get();
    const auto reaction = bytes_.ConsumeIntegralInRange<unsigned>(0, 4);
    const auto moment = bytes_.ConsumeIntegralInRange<DWORD>(21, 31);
    object_in_use& object = objects_[bytes_.ConsumeBool()];
    callbacks_.emplace_back(new recorder(loop_, [this, reaction, moment, &object](const event& got) {
      return got.status == moment ? react(reaction, object) : S_OK;
    }));
    return callbacks_.back().get();
  }

  // Events come on this thread, from `deliver` or from the end of `run`.
  HRESULT react(unsigned how, object_in_use& object) {
    if (object.backup == nullptr) return E_FAIL;
    switch (how) {
      case 0: return object.backup->CancelLicenseBackup();
      case 1: return object.restore->CancelLicenseRestore();
      case 2: return object.props->RemoveAllProps();
      case 3: object = {}; return S_FALSE;
      default:
        return may_start() ? object.restore->RestoreLicenses(2, callbacks_.empty() ? nullptr : callbacks_[0].get())
                           : E_FAIL;
    }
  }

  void deliver() {
    for (auto tasks = bytes_.ConsumeIntegralInRange(0u, 8u); tasks != 0 && loop_->run_one(); --tasks) {
    }
  }

  // --- properties

  // On the heap, and not a byte longer than said.
  template <class Unit>
  static std::unique_ptr<Unit[]> exactly(const Unit* begin, std::size_t count) {
    auto out = std::make_unique<Unit[]>(count);
    std::copy_n(begin, count, out.get());
    return out;
  }

  std::unique_ptr<WCHAR[]> name() {
    static const char* const known[] = {"BackupPath", "RestorePath", "Passphrase", "X"};
    const auto which = bytes_.ConsumeIntegralInRange(0u, 6u);
    wide out;
    if (which < 4) {
      const std::string_view text = known[which];
      out.assign(text.begin(), text.end());
      // Each of its kind takes a second: one is enough.
      if (which == 2) starts_left_ = std::min(starts_left_, 1);
    } else if (which == 4) {
      return nullptr;
    } else {
      out = units(which == 5 ? 40 : 1200);
      if (out.size() >= 1024)
        return exactly(out.data(), out.size());  // without an end, but long enough not to need one
    }
    return exactly(out.c_str(), out.size() + 1);
  }

  wide units(std::size_t most) {
    const std::string raw = bytes_.ConsumeRandomLengthString(most * 2);
    wide out(raw.size() / 2, WCHAR(0));
    std::memcpy(out.data(), raw.data(), out.size() * 2);
    return out;
  }

  // A full path is always one beneath the stick: this test writes nowhere else.
  wide path() {
    const std::u16string stick = folders_.stick().u16string();
    wide out(stick.begin(), stick.end());
    if (bytes_.ConsumeBool()) return out;
    wide beneath = units(40);
    std::replace(beneath.begin(), beneath.end(), WCHAR('.'), WCHAR('_'));
    if (bytes_.ConsumeBool()) return out + WCHAR('/') + beneath;
    if (!beneath.empty() && beneath[0] == WCHAR('/')) beneath[0] = WCHAR('_');
    return beneath;
  }

  void set(object_in_use& object) {
    const auto which = name();
    const wide value = path();
    std::size_t length = value.size() * 2;
    if (bytes_.ConsumeBool() && length != 0) length -= bytes_.ConsumeIntegralInRange<std::size_t>(0, length);
    const auto exact = exactly(reinterpret_cast<const BYTE*>(value.data()), length);
    const bool is_null = bytes_.ConsumeIntegralInRange(0, 9) == 9;
    const auto type = bytes_.ConsumeIntegralInRange(0, 9) == 9
                          ? static_cast<WMT_ATTR_DATATYPE>(bytes_.ConsumeIntegral<DWORD>())
                          : WMT_TYPE_STRING;
    object.props->SetProp(which.get(), type, is_null ? nullptr : exact.get(),
                          is_null ? bytes_.ConsumeIntegral<WORD>() : static_cast<WORD>(length));
  }

  void remove(object_in_use& object) {
    if (bytes_.ConsumeBool())
      object.props->RemoveAllProps();
    else
      object.props->RemoveProp(name().get());
  }

  void get(object_in_use& object) {
    WORD count = 0, length = 0;
    WMT_ATTR_DATATYPE type{};
    const bool null = bytes_.ConsumeBool();
    object.props->GetPropCount(null ? nullptr : &count);
    object.props->GetPropByIndex(bytes_.ConsumeIntegral<WORD>(), nullptr, null ? nullptr : &count, &type, nullptr,
                                 null ? nullptr : &length);
    object.props->GetPropByName(name().get(), null ? nullptr : &type, nullptr, &length);
  }

  // --- operations and identity

  bool may_start() { return starts_left_ > 0 && starts_left_-- > 0; }

  void start(object_in_use& object, bool is_backup) {
    const auto flags = bytes_.ConsumeIntegralInRange<DWORD>(0, 5);
    recorder* const to = callback();
    if (!may_start()) return;
    if (is_backup)
      object.backup->BackupLicenses(flags, to);
    else
      object.restore->RestoreLicenses(flags, to);
  }

  void cancel(object_in_use& object) {
    if (bytes_.ConsumeBool())
      object.backup->CancelLicenseBackup();
    else
      object.restore->CancelLicenseRestore();
  }

  void query(object_in_use& object) {
    IID iid = bytes_.ConsumeBool() ? IID_IWMLicenseRestore : IID_IUnknown;
    if (bytes_.ConsumeBool()) iid.Data1 ^= bytes_.ConsumeIntegral<std::uint32_t>();
    object.props->QueryInterface(iid, nullptr);
    void* found = nullptr;
    if (object.backup->QueryInterface(iid, &found) == S_OK) static_cast<IUnknown*>(found)->Release();
  }

  void count(object_in_use& object) {
    const auto times = bytes_.ConsumeIntegralInRange(0u, 20u);
    for (unsigned i = 0; i != times; ++i) object.restore->AddRef();
    for (unsigned i = 0; i != times; ++i) object.props->Release();
  }

  FuzzedDataProvider& bytes_;
  const folders& folders_;
  const std::shared_ptr<message_loop> loop_ = std::make_shared<message_loop>();
  std::vector<owned<recorder>> callbacks_;
  std::array<object_in_use, 2> objects_;
  int starts_left_ = 6;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const folders where;
  FuzzedDataProvider bytes(data, size);
  where.reset();
  session(bytes, where).run();
  return 0;
}
