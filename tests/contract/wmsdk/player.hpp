// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_CONTRACT_WMSDK_PLAYER_HPP
#define REINSTATE_TESTS_CONTRACT_WMSDK_PLAYER_HPP

#include "backup_fixture.hpp"
#include "catch.hpp"
#include "recorder.hpp"
#include "temporary_directory.hpp"

#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

// A player that knows the old calls alone, on a machine of its own; its licenses come in natively.

namespace reinstate::wmsdk_test {

namespace fs = std::filesystem;
using test::contents;
using test::make_license;
using test::same_contents;

inline wide text(std::string_view ascii) {
  return {ascii.begin(), ascii.end()};
}

inline wide path_text(const fs::path& path) {
  const std::u16string units = path.u16string();
  return {units.begin(), units.end()};
}

inline const wide backup_path = text("BackupPath");
inline const wide restore_path = text("RestorePath");
inline const wide passphrase = text("Passphrase");

template <class Interface>
const IID& iid_of();
template <>
inline const IID& iid_of<IUnknown>() {
  return IID_IUnknown;
}
template <>
inline const IID& iid_of<IWMLicenseBackup>() {
  return IID_IWMLicenseBackup;
}
template <>
inline const IID& iid_of<IWMLicenseRestore>() {
  return IID_IWMLicenseRestore;
}
template <>
inline const IID& iid_of<IWMBackupRestoreProps>() {
  return IID_IWMBackupRestoreProps;
}

template <class Interface>
owned<Interface> ask(IUnknown& object) {
  void* found = nullptr;
  const HRESULT hr = object.QueryInterface(iid_of<Interface>(), &found);
  if (hr != S_OK) throw std::runtime_error("an interface is missing");
  return owned<Interface>(static_cast<Interface*>(found));
}

// The two ways callers pass the length of a string.
enum class terminator { counted, left_out };

inline HRESULT set(IWMBackupRestoreProps& props, const wide& name, const wide& value,
                   terminator end = terminator::counted) {
  const std::size_t units = value.size() + (end == terminator::counted ? 1 : 0);
  return props.SetProp(name.c_str(), WMT_TYPE_STRING, reinterpret_cast<const BYTE*>(value.c_str()),
                       static_cast<WORD>(units * sizeof(WCHAR)));
}

// The object by its three interfaces.
struct restorer {
  explicit restorer(IWMLicenseBackup* made)
      : backup(made), restore(ask<IWMLicenseRestore>(*made)), props(ask<IWMBackupRestoreProps>(*made)) {}

  owned<IWMLicenseBackup> backup;
  owned<IWMLicenseRestore> restore;
  owned<IWMBackupRestoreProps> props;
};

// How many threads this process has, one that is just ending included; 0 where that cannot be told. So compare with "at
// most".
inline std::ptrdiff_t thread_count() {
  // With the first one a sanitizer starts one of its own.
  static const bool has_been_more_than_one = (std::thread([] {}).join(), true);
  static_cast<void>(has_been_more_than_one);
  std::error_code none;
  return std::distance(fs::directory_iterator("/proc/self/task", none), fs::directory_iterator());
}

// For what nobody announces, as the end of a thread.
template <class Done>
bool eventually(Done done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

// A folder for the machine, one for the stick, and the message loop. Waits at its end for all that was started, so what
// a test makes after it is gone when it looks.
class player {
 public:
  enum class delivery { on_the_loop, on_own_threads };

  explicit player(delivery how = delivery::on_the_loop) : delivery_(how) { fs::create_directory(stick()); }
  player(const player&) = delete;
  player& operator=(const player&) = delete;
  ~player() {
    try {
      loop->run_until([&] { return loop->callbacks() == 0; });
      while (loop->run_one()) {
      }
    } catch (const std::exception& e) {
      std::fprintf(stderr, "a callback is never let go: %s\n", e.what());
      std::abort();
    }
    reinstate_configure_wmsdk(nullptr);
  }

  // --- the machine

  fs::path stick() const { return folder_.path() / "stick"; }
  fs::path store_file() const { return folder_.path() / "licenses.db"; }
  fs::path identity_file() const { return folder_.path() / "machine.key"; }
  bool is_individualized() const { return fs::exists(identity_file()); }

  std::shared_ptr<license_store> store() const {
    return open_sqlite_license_store(store_file(), make_file_machine_identity(identity_file())).value();
  }

  void individualize() { make_file_machine_identity(identity_file())->individualize().value(); }
  void put(const license& item) { put_license(*store(), item).value(); }

  // Individualizes, and puts licenses 0 to `licenses`.
  player& fill(unsigned licenses) {
    individualize();
    for (unsigned i = 0; i != licenses; ++i) put(make_license(i));
    return *this;
  }

  // --- the object

  void configure() { configure(identity_file()); }

  void configure(const fs::path& identity_place) {
    const std::string store = store_file().string(), identity = identity_place.string();
    reinstate_wmsdk_config config{};
    config.size = sizeof config;
    config.store_path = store.c_str();
    config.identity_path = identity.c_str();
    if (delivery_ == delivery::on_the_loop) {
      config.post = &message_loop::post;
      config.post_context = loop.get();
    }
    if (reinstate_configure_wmsdk(&config) != S_OK) throw std::runtime_error("cannot configure");
  }

  owned<recorder> callback(recorder::reaction react = {}) const {
    return owned<recorder>(new recorder(loop, std::move(react)));
  }

  restorer open() {
    const auto unused = callback([](const event&) -> HRESULT {
      std::fputs("an event came to the creation callback\n", stderr);
      std::abort();
    });
    return open(*unused);
  }

  // With both paths on the stick.
  restorer open(IUnknown& creation_callback) {
    configure();
    IWMLicenseBackup* made = nullptr;
    if (WMCreateBackupRestorer(&creation_callback, &made) != S_OK) throw std::runtime_error("cannot create");
    restorer out(made);
    use(out, stick());
    return out;
  }

  static void use(const restorer& object, const fs::path& folder) {
    for (const wide& name : {backup_path, restore_path})
      if (set(*object.props, name, path_text(folder)) != S_OK) throw std::runtime_error("cannot set a path");
  }

  // --- operations

  // Waits for the last event, of as many operations as said, and says how that one went.
  HRESULT end_of(const recorder& heard, std::ptrdiff_t operations = 1) {
    loop->run_until([&] { return heard.count(WMT_BACKUPRESTORE_END) == operations; });
    return heard.last();
  }

  HRESULT back_up(const restorer& object, recorder& heard, DWORD flags = 0) {
    const auto earlier = heard.count(WMT_BACKUPRESTORE_END);
    const HRESULT started = object.backup->BackupLicenses(flags, &heard);
    return started == S_OK ? end_of(heard, earlier + 1) : started;
  }

  HRESULT restore(const restorer& object, recorder& heard, DWORD flags = 0) {
    const auto earlier = heard.count(WMT_BACKUPRESTORE_END);
    const HRESULT started = object.restore->RestoreLicenses(flags, &heard);
    return started == S_OK ? end_of(heard, earlier + 1) : started;
  }

  HRESULT back_up(DWORD flags = 0) { return back_up(open(), *callback(), flags); }

  // Files on the stick with their contents.
  std::map<std::string, std::string> files() const { return files_of(stick()); }

  static std::map<std::string, std::string> files_of(const fs::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      out[entry.path().lexically_relative(folder).string()] = {std::istreambuf_iterator<char>(in), {}};
    }
    return out;
  }

  const std::shared_ptr<message_loop> loop = std::make_shared<message_loop>();

 private:
  const delivery delivery_;
  tests::temporary_directory folder_;
};

}  // namespace reinstate::wmsdk_test

#endif
