// SPDX-License-Identifier: BSL-1.0
#include "player.hpp"

using namespace reinstate::wmsdk_test;

// What the tests of a .NET wrapper for the original ask of it, asked again: the calls they make, the lengths they pass,
// the codes they expect. Their callbacks raise errors, and read numbers without looking whether there is one.

namespace {

// A string as that wrapper marshals it: the terminator is part of the value.
HRESULT set_marshaled(IWMBackupRestoreProps& props, const wide& name, const wide& value) {
  const auto bytes = static_cast<WORD>((value.size() + 1) * sizeof(WCHAR));
  return props.SetProp(name.c_str(), WMT_TYPE_STRING, reinterpret_cast<const BYTE*>(value.c_str()), bytes);
}

// Keeps the last code it heard, and answers with a failure, as a method that throws does.
struct wrapper : player {
  HRESULT last = E_UNEXPECTED;
  DWORD sum = 0;
  owned<recorder> heard = callback([this](const event& got) {
    last = got.hr;
    if (got.type == WMT_TYPE_DWORD) sum += got.number;  // all ones where there was nothing to read
    return E_NOTIMPL;
  });

  ~wrapper() { heard.reset(); }

  void wait() { end_of(*heard, ++operations_); }

 private:
  std::ptrdiff_t operations_ = 0;
};

}  // namespace

TEST_CASE("the wrapper's test of the properties passes", "[wmsdk][C1][C7][C20][C26][C34][C36][C37][C38][C39]") {
  wrapper w;
  w.configure();
  IWMLicenseBackup* made = nullptr;
  REQUIRE(WMCreateBackupRestorer(w.heard.get(), &made) == S_OK);
  const owned<IWMLicenseBackup> backup(made);
  const auto props = ask<IWMBackupRestoreProps>(*backup);

  WORD count = 0, length = 0, name_length = 0;
  auto type = WMT_TYPE_DWORD;
  CHECK(props->GetPropCount(&count) == E_NOTIMPL);
  CHECK(set_marshaled(*props, backup_path, text("c:\\")) == S_OK);
  CHECK(props->GetPropByName(backup_path.c_str(), &type, nullptr, &length) == E_NOTIMPL);
  CHECK(props->GetPropByIndex(0, nullptr, &name_length, &type, nullptr, &length) == E_NOTIMPL);
  CHECK(props->RemoveProp(backup_path.c_str()) == S_OK);
  CHECK(props->RemoveAllProps() == S_OK);
  CHECK(w.heard->events().empty());
}

TEST_CASE("the wrapper's test of a backup passes", "[wmsdk][C46][C55][C60][C61][C69][C78][C80]") {
  wrapper w;
  w.fill(3);
  w.configure();
  IWMLicenseBackup* made = nullptr;
  REQUIRE(WMCreateBackupRestorer(w.heard.get(), &made) == S_OK);
  const owned<IWMLicenseBackup> backup(made);
  REQUIRE(set_marshaled(*ask<IWMBackupRestoreProps>(*backup), backup_path, path_text(w.stick())) == S_OK);

  CHECK(backup->BackupLicenses(WM_BACKUP_OVERWRITE, w.heard.get()) == S_OK);
  w.wait();
  CHECK(w.last == S_OK);
  const auto files = w.files();

  // Nothing is delivered while the loop stands still, so the cancel is first.
  CHECK(backup->BackupLicenses(WM_BACKUP_OVERWRITE, w.heard.get()) == S_OK);
  CHECK(backup->CancelLicenseBackup() == S_OK);
  w.wait();
  CHECK(w.last == static_cast<HRESULT>(0xC00D2768));
  CHECK(w.sum == 0);
  CHECK(w.files() == files);
}

TEST_CASE("the wrapper's test of a restore passes", "[wmsdk][C8][C46][C69][C78][C80][C104][C105]") {
  wrapper w;
  w.fill(3);
  REQUIRE(w.player::back_up() == S_OK);
  w.configure();
  IWMLicenseBackup* made = nullptr;
  REQUIRE(WMCreateBackupRestorer(w.heard.get(), &made) == S_OK);
  const owned<IWMLicenseBackup> backup(made);
  const auto restore = ask<IWMLicenseRestore>(*backup);
  REQUIRE(set_marshaled(*ask<IWMBackupRestoreProps>(*backup), restore_path, path_text(w.stick())) == S_OK);

  CHECK(restore->RestoreLicenses(0, w.heard.get()) == S_OK);
  w.wait();
  CHECK(w.last == S_OK);
  CHECK(restore->RestoreLicenses(0, w.heard.get()) == S_OK);
  CHECK(restore->CancelLicenseRestore() == S_OK);
  w.wait();
  CHECK(w.last == static_cast<HRESULT>(0xC00D2768));
  CHECK(w.sum == 0);
}
