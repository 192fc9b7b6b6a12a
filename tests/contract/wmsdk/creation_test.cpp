// SPDX-License-Identifier: BSL-1.0
#include "player.hpp"

#if __has_include(<dlfcn.h>)
#include <dlfcn.h>
#endif

using namespace reinstate::wmsdk_test;

// How the object is made, what it answers to, and how long it lives.

namespace {

// Answers IUnknown only.
struct no_callback final : IUnknown {
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void** object) override {
    *object = riid == IID_IUnknown ? this : nullptr;
    if (*object == nullptr) return E_NOINTERFACE;
    AddRef();
    return S_OK;
  }
  ULONG STDMETHODCALLTYPE AddRef() override { return ++references; }
  ULONG STDMETHODCALLTYPE Release() override { return --references; }

  ULONG references = 1;
};

IWMLicenseBackup* const poison = reinterpret_cast<IWMLicenseBackup*>(std::uintptr_t{0x10});

// What C callers do: a slot of the table, by its number.
template <class Function>
Function slot(void* object, std::size_t number) {
  return reinterpret_cast<Function>((*static_cast<void***>(object))[number]);
}

}  // namespace

TEST_CASE("a callback is all it takes to make the object", "[wmsdk][C1]") {
  player p;
  p.configure();
  const auto heard = p.callback();
  IWMLicenseBackup* made = nullptr;
  CHECK(WMCreateBackupRestorer(heard.get(), &made) == S_OK);
  REQUIRE(made != nullptr);
  CHECK(made->Release() == 0);
  CHECK(heard->events().empty());
}

TEST_CASE("without a callback nothing is made", "[wmsdk][C3][O9]") {
  player p;
  IWMLicenseBackup* made = poison;
  CHECK(WMCreateBackupRestorer(nullptr, &made) == E_INVALIDARG);
  CHECK(made == nullptr);
}

TEST_CASE("without a place for the object nothing is made", "[wmsdk][C4]") {
  player p;
  const auto heard = p.callback();
  CHECK(WMCreateBackupRestorer(heard.get(), nullptr) == E_POINTER);
  CHECK(WMCreateBackupRestorer(nullptr, nullptr) == E_POINTER);
  CHECK(heard->references() == 1);
}

TEST_CASE("the callback comes as IUnknown and is asked for what it is", "[wmsdk][C5]") {
  player p;
  const auto heard = p.callback();
  const restorer object = p.open(*heard);
  CHECK(heard->queries() > 0);
}

TEST_CASE("who answers no IWMStatusCallback is no callback", "[wmsdk][C6]") {
  player p;
  no_callback other;
  IWMLicenseBackup* made = poison;
  CHECK(WMCreateBackupRestorer(&other, &made) == E_NOINTERFACE);
  CHECK(made == nullptr);
  CHECK(other.references == 1);
}

TEST_CASE("each interface is reached from each", "[wmsdk][C7][C8][C9][C10]") {
  player p;
  const restorer object = p.open();
  IUnknown* const all[] = {object.backup.get(), object.restore.get(), object.props.get()};
  for (IUnknown* const from : all) {
    CHECK(ask<IWMLicenseBackup>(*from) == object.backup);
    CHECK(ask<IWMLicenseRestore>(*from) == object.restore);
    CHECK(ask<IWMBackupRestoreProps>(*from) == object.props);
  }
}

TEST_CASE("all interfaces are one object", "[wmsdk][C11]") {
  player p;
  const restorer object = p.open();
  const auto identity = ask<IUnknown>(*object.backup);
  CHECK(ask<IUnknown>(*object.restore) == identity);
  CHECK(ask<IUnknown>(*object.props) == identity);
  CHECK(ask<IUnknown>(*identity) == identity);
}

TEST_CASE("what the object is not is refused", "[wmsdk][C12]") {
  player p;
  const restorer object = p.open();
  IID almost = IID_IWMLicenseBackup;
  ++almost.Data4[7];
  IUnknown* const all[] = {object.backup.get(), object.restore.get(), object.props.get()};
  for (IUnknown* const from : all) {
    for (const IID& iid : {IID_IWMStatusCallback, almost, IID{}}) {
      void* found = poison;
      CHECK(from->QueryInterface(iid, &found) == E_NOINTERFACE);
      CHECK(found == nullptr);
    }
    CHECK(from->QueryInterface(IID_IUnknown, nullptr) == E_POINTER);
    CHECK(from->QueryInterface(almost, nullptr) == E_POINTER);
  }
}

TEST_CASE("references are counted once for all interfaces, and the last Release ends the object", "[wmsdk][C13][C14]") {
  player p;
  p.configure();
  const auto heard = p.callback();
  IWMLicenseBackup* backup = nullptr;
  REQUIRE(WMCreateBackupRestorer(heard.get(), &backup) == S_OK);
  CHECK(heard->references() > 1);
  CHECK(backup->AddRef() == 2);
  IWMLicenseRestore* const restore = ask<IWMLicenseRestore>(*backup).release();
  CHECK(restore->AddRef() == 4);
  IWMBackupRestoreProps* const props = ask<IWMBackupRestoreProps>(*restore).release();
  CHECK(backup->Release() == 4);
  CHECK(backup->Release() == 3);
  CHECK(props->RemoveAllProps() == S_OK);
  CHECK(restore->Release() == 2);
  CHECK(restore->Release() == 1);
  CHECK(heard->references() > 1);
  CHECK(props->Release() == 0);
  CHECK(heard->references() == 1);
}

TEST_CASE("the object keeps its creation callback alive", "[wmsdk][C14]") {
  player p;
  auto heard = p.callback();
  const restorer object = p.open(*heard);
  heard.reset();
  CHECK(p.loop->callbacks() == 1);
}

TEST_CASE("the methods of a backup are in their slots", "[wmsdk][C17]") {
  using query = HRESULT(STDMETHODCALLTYPE*)(void*, REFIID, void**);
  using count = ULONG(STDMETHODCALLTYPE*)(void*);
  using start = HRESULT(STDMETHODCALLTYPE*)(void*, DWORD, IWMStatusCallback*);
  using plain = HRESULT(STDMETHODCALLTYPE*)(void*);
  player p;
  p.fill(1);
  const restorer object = p.open();
  const auto heard = p.callback();
  for (const bool is_backup : {true, false}) {
    void* const raw = is_backup ? static_cast<void*>(object.backup.get()) : object.restore.get();
    void* found = nullptr;
    CHECK(slot<query>(raw, 0)(raw, IID_IWMBackupRestoreProps, &found) == S_OK);
    CHECK(found == object.props.get());
    CHECK(slot<count>(raw, 1)(raw) == 5);
    CHECK(slot<count>(raw, 2)(raw) == 4);
    object.props->Release();
    CHECK(slot<start>(raw, 3)(raw, 0, nullptr) == E_INVALIDARG);
    CHECK(slot<plain>(raw, 4)(raw) == S_FALSE);
    heard->forget();
    CHECK(slot<start>(raw, 3)(raw, 0, heard.get()) == S_OK);
    CHECK(slot<plain>(raw, 4)(raw) == S_OK);
    CHECK(p.end_of(*heard) == NS_E_DRM_OPERATION_CANCELED);
    CHECK(heard->heard(WMT_BACKUPRESTORE_BEGIN));
  }
}

TEST_CASE("the methods of the properties are in their slots", "[wmsdk][C17]") {
  using set_slot = HRESULT(STDMETHODCALLTYPE*)(void*, LPCWSTR, WMT_ATTR_DATATYPE, const BYTE*, WORD);
  using remove_slot = HRESULT(STDMETHODCALLTYPE*)(void*, LPCWSTR);
  using plain = HRESULT(STDMETHODCALLTYPE*)(void*);
  using get_count = HRESULT(STDMETHODCALLTYPE*)(void*, WORD*);
  using get_by_index = HRESULT(STDMETHODCALLTYPE*)(void*, WORD, WCHAR*, WORD*, WMT_ATTR_DATATYPE*, BYTE*, WORD*);
  using get_by_name = HRESULT(STDMETHODCALLTYPE*)(void*, LPCWSTR, WMT_ATTR_DATATYPE*, BYTE*, WORD*);
  player p;
  const restorer object = p.open();
  void* const raw = object.props.get();
  CHECK(slot<get_count>(raw, 3)(raw, nullptr) == E_NOTIMPL);
  CHECK(slot<get_by_index>(raw, 4)(raw, 0, nullptr, nullptr, nullptr, nullptr, nullptr) == E_NOTIMPL);
  CHECK(slot<get_by_name>(raw, 5)(raw, nullptr, nullptr, nullptr, nullptr) == E_NOTIMPL);
  const wide name = text("Name"), value = text("value");
  CHECK(slot<set_slot>(raw, 6)(raw, name.c_str(), WMT_TYPE_STRING, reinterpret_cast<const BYTE*>(value.c_str()), 10) ==
        S_OK);
  CHECK(slot<remove_slot>(raw, 7)(raw, name.c_str()) == S_OK);
  CHECK(slot<remove_slot>(raw, 7)(raw, name.c_str()) == S_FALSE);
  CHECK(slot<remove_slot>(raw, 7)(raw, backup_path.c_str()) == S_OK);
  CHECK(slot<plain>(raw, 8)(raw) == S_OK);
  CHECK(slot<remove_slot>(raw, 7)(raw, restore_path.c_str()) == S_FALSE);
}

TEST_CASE("an application's callback is called through its fourth slot", "[wmsdk][C17]") {
  // A callback without C++ behind it: a table of functions, as other languages make them.
  struct by_hand {
    void* const* table;
    std::atomic<bool> ended;
    std::atomic<ULONG> references;
  };
  using query = HRESULT(STDMETHODCALLTYPE*)(by_hand*, REFIID, void**);
  using count = ULONG(STDMETHODCALLTYPE*)(by_hand*);
  using status = HRESULT(STDMETHODCALLTYPE*)(by_hand*, WMT_STATUS, HRESULT, WMT_ATTR_DATATYPE, BYTE*, void*);
  const query on_query = [](by_hand* self, REFIID, void** out) -> HRESULT {
    ++self->references;
    *out = self;
    return S_OK;
  };
  const count on_add = [](by_hand* self) -> ULONG { return ++self->references; };
  const count on_release = [](by_hand* self) -> ULONG { return --self->references; };
  const status on_status = [](by_hand* self, WMT_STATUS what, HRESULT, WMT_ATTR_DATATYPE, BYTE*, void*) -> HRESULT {
    if (what == WMT_BACKUPRESTORE_END) self->ended = true;
    return S_OK;
  };
  void* const table[] = {reinterpret_cast<void*>(on_query), reinterpret_cast<void*>(on_add),
                         reinterpret_cast<void*>(on_release), reinterpret_cast<void*>(on_status)};
  by_hand raw{table, false, 1};
  {
    player p;
    p.fill(1);
    const restorer object = p.open();
    REQUIRE(object.backup->BackupLicenses(0, reinterpret_cast<IWMStatusCallback*>(&raw)) == S_OK);
    p.loop->run_until([&] { return raw.ended && raw.references == 1; });
  }
  CHECK(raw.references == 1);
}

#if __has_include(<dlfcn.h>)
TEST_CASE("the function is found by its plain name", "[wmsdk][C18]") {
  CHECK(::dlsym(RTLD_DEFAULT, "WMCreateBackupRestorer") == reinterpret_cast<void*>(&WMCreateBackupRestorer));
  CHECK(::dlsym(RTLD_DEFAULT, "reinstate_configure_wmsdk") == reinterpret_cast<void*>(&reinstate_configure_wmsdk));
}
#endif

TEST_CASE("an object let go while it works cancels that and lets go of its callbacks", "[wmsdk][C14][C19]") {
  player p;
  p.fill(3);
  const auto made_with = p.callback(), heard = p.callback();
  {
    const restorer object = p.open(*made_with);
    REQUIRE(object.backup->BackupLicenses(0, heard.get()) == S_OK);
  }
  CHECK(made_with->references() == 1);
  CHECK(p.end_of(*heard) == NS_E_DRM_OPERATION_CANCELED);
  p.loop->run_until([&] { return heard->references() == 1; });
  CHECK(p.files().empty());
}

TEST_CASE("an object let go at any moment of an operation ends well", "[wmsdk][C19]") {
  for (int turns = 0;; ++turns) {
    player p;
    p.fill(3);
    const auto heard = p.callback();
    auto object = std::make_unique<restorer>(p.open());
    REQUIRE(object->backup->BackupLicenses(0, heard.get()) == S_OK);
    for (int turn = 0; turn != turns && !heard->heard(WMT_BACKUPRESTORE_END); ++turn) {
      p.loop->wait_until([&] { return p.loop->has_task(); });
      p.loop->run_one();
    }
    const bool over = heard->heard(WMT_BACKUPRESTORE_END);
    object.reset();
    const HRESULT hr = p.end_of(*heard);
    CHECK((hr == S_OK || hr == NS_E_DRM_OPERATION_CANCELED));
    CHECK(p.files().empty() == (hr != S_OK));
    CHECK(heard->count(WMT_BACKUPRESTORE_END) == 1);
    if (over) break;
  }
}

TEST_CASE("the interfaces of license management by directory and cookie are not provided", "[wmsdk][O18][C12]") {
  // Events, provider, license, query, management, backup and restore status.
  constexpr IID siblings[] = {
      {0xCE11CC91, 0xE615, 0x4E0B, {0xBE, 0x1F, 0x09, 0xB5, 0xAE, 0xC0, 0x33, 0xF2}},
      {0x98DC8917, 0x8640, 0x4B1D, {0x9F, 0x1E, 0xA5, 0x90, 0xD4, 0x03, 0x57, 0xEE}},
      {0xC9E0A5F3, 0xDD22, 0x4DC4, {0xB7, 0x95, 0x88, 0xFA, 0x91, 0xF0, 0x51, 0x6B}},
      {0x20B970DF, 0x0A58, 0x4D3C, {0x81, 0x7C, 0x4E, 0x3C, 0xCB, 0xB2, 0x53, 0xAC}},
      {0xF4828DC7, 0x8945, 0x4D05, {0xAB, 0x05, 0x66, 0x7A, 0xB9, 0x9D, 0x29, 0xEE}},
      {0xF653C5A2, 0x0EB3, 0x4503, {0x9D, 0x88, 0xC2, 0x00, 0x55, 0x2D, 0x0D, 0x55}},
  };
  player p;
  const restorer object = p.open();
  for (const IID& sibling : siblings) {
    void* found = &p;
    CHECK(object.backup->QueryInterface(sibling, &found) == E_NOINTERFACE);
    CHECK(found == nullptr);
  }
}
