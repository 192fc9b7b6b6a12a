// SPDX-License-Identifier: BSL-1.0
#include "directions.hpp"
#include "forged_backup.hpp"

using namespace reinstate;
using namespace reinstate::wmsdk_test;

// What operations send, and in which order.

namespace {

// Changes the files of a folder in memory.
template <class Change>
void rewrite(const fs::path& folder, Change change) {
  const auto files = std::make_shared<memory_files>();
  for (const auto& [name, content] : player::files_of(folder)) {
    const auto bytes = std::as_bytes(std::span(content));
    (*files)[name].assign(bytes.begin(), bytes.end());
  }
  change(files);
  for (const auto& [name, bytes] : *files)
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

// --- what is sent

TEST_CASE("a backup begins, and ends after it has returned", "[wmsdk][C51][C60][C62][C63][C64][C76]") {
  player p;
  p.fill(3);
  const restorer object = p.open();
  const auto heard = p.callback();
  CHECK(object.backup->BackupLicenses(0, heard.get()) == S_OK);
  CHECK(heard->events().empty());
  CHECK(p.end_of(*heard) == S_OK);
  CHECK(heard->statuses() == plain_backup);
}

TEST_CASE("a restore sends all four events, in brackets", "[wmsdk][C84][C85][C86][C87][C91][C104][O1]") {
  backed_up_player p;
  const restorer object = p.open();
  const auto heard = p.callback();
  CHECK(object.restore->RestoreLicenses(0, heard.get()) == S_OK);
  CHECK(heard->events().empty());
  CHECK(p.end_of(*heard) == S_OK);
  CHECK(heard->statuses() == plain_restore);
  for (const event& got : heard->events()) CHECK(got.hr == S_OK);
}

TEST_CASE("each license left out is told by its key id", "[wmsdk][C58][C59][C81][O3][O12]") {
  player p, other;
  p.fill(3);
  other.individualize();
  for (const unsigned number : {100u, 3u, 255u}) p.put(restricted(number));
  const restorer object = p.open();
  const auto heard = p.callback();
  CHECK(p.back_up(object, *heard) == S_OK);
  CHECK(heard->statuses() == statuses{WMT_BACKUPRESTORE_BEGIN, WMT_RESTRICTED_LICENSE, WMT_RESTRICTED_LICENSE,
                                      WMT_RESTRICTED_LICENSE, WMT_BACKUPRESTORE_END});
  std::vector<wide> keys;
  for (const event& got : heard->events()) {
    if (got.status != WMT_RESTRICTED_LICENSE) continue;
    CHECK(got.hr == S_OK);
    CHECK(got.type == WMT_TYPE_STRING);
    keys.push_back(got.text);
  }
  // 15 zero bytes, then 3, 100 and 255.
  CHECK(keys == std::vector<wide>{text("AAAAAAAAAAAAAAAAAAAAAw=="), text("AAAAAAAAAAAAAAAAAAAAZA=="),
                                  text("AAAAAAAAAAAAAAAAAAAA/w==")});
  const restorer elsewhere = other.open();
  player::use(elsewhere, p.stick());
  CHECK(other.restore(elsewhere, *other.callback()) == S_OK);
  CHECK(contents(*other.store()).size() == 3);
}

TEST_CASE("a license under a service is left out and told", "[wmsdk][C58][C59]") {
  player p;
  p.fill(1);
  license managed = make_license(5);
  managed.rights.backup = backup_right::managed;
  p.put(managed);
  const auto heard = p.callback();
  CHECK(p.back_up(p.open(), *heard) == S_OK);
  CHECK(heard->count(WMT_RESTRICTED_LICENSE) == 1);
}

TEST_CASE("an empty store makes a backup that restores to nothing", "[wmsdk][C67]") {
  player p;
  p.fill(0);
  const restorer object = p.open();
  const auto heard = p.callback();
  CHECK(p.back_up(object, *heard) == S_OK);
  CHECK(heard->statuses() == plain_backup);
  CHECK(p.restore(object, *p.callback()) == S_OK);
  CHECK(contents(*p.store()).empty());
}

TEST_CASE("events carry a number that can be read, and no context", "[wmsdk][C79][C80][O4]") {
  backed_up_player p;
  p.put(restricted(9));
  const restorer object = p.open();
  const auto heard = p.callback();
  CHECK(p.back_up(object, *heard, WM_BACKUP_OVERWRITE) == S_OK);
  CHECK(p.restore(object, *heard) == S_OK);
  fs::remove_all(p.stick());
  CHECK(FAILED(p.back_up(object, *heard)));
  CHECK(FAILED(p.restore(object, *heard)));
  CHECK(heard->events().size() == 3 + 4 + 2 + 2);
  for (const event& got : heard->events()) {
    INFO(got.status);
    CHECK(got.has_value);
    CHECK(got.context == nullptr);
    if (got.status == WMT_RESTRICTED_LICENSE) continue;
    CHECK(got.type == WMT_TYPE_DWORD);
    CHECK(got.number == 0);
  }
}

TEST_CASE("what pValue points at may be overwritten", "[wmsdk][C82]") {
  // A caller that writes there does not disturb what comes after.
  struct scribbler final : IWMStatusCallback {
    explicit scribbler(IWMStatusCallback& real) : next(real) {}
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void** object) override {
      return next.QueryInterface(riid, object);
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return next.AddRef(); }
    ULONG STDMETHODCALLTYPE Release() override { return next.Release(); }
    HRESULT STDMETHODCALLTYPE OnStatus(WMT_STATUS status, HRESULT hr, WMT_ATTR_DATATYPE type, BYTE* value,
                                       void* context) override {
      const HRESULT answer = next.OnStatus(status, hr, type, value, context);
      std::memset(value, 0xFF, type == WMT_TYPE_STRING ? 48 : 4);
      return answer;
    }
    IWMStatusCallback& next;
  };
  player p;
  p.fill(1);
  for (const unsigned number : {7u, 8u}) p.put(restricted(number));
  const auto heard = p.callback();
  scribbler writing(*heard);
  const restorer object = p.open();
  REQUIRE(object.backup->BackupLicenses(0, &writing) == S_OK);
  CHECK(p.end_of(*heard) == S_OK);
  p.loop->run_until([&] { return heard->references() == 1; });
  for (const event& got : heard->events())
    if (got.type == WMT_TYPE_DWORD) CHECK(got.number == 0);
}

TEST_CASE("the callback of the operation hears everything, that of the object nothing", "[wmsdk][O5]") {
  const direction& way = each_direction();
  backed_up_player p;
  const auto made_with = p.callback(), heard = p.callback();
  const restorer object = p.open(*made_with);
  REQUIRE(way.start(object, way.own_flag, heard.get()) == S_OK);
  CHECK(p.end_of(*heard) == S_OK);
  CHECK(heard->events().size() > 1);
  CHECK(made_with->events().empty());
}

TEST_CASE("one callback may serve both purposes", "[wmsdk][O5]") {
  player p;
  p.fill(2);
  const auto heard = p.callback();
  const restorer object = p.open(*heard);
  CHECK(p.back_up(object, *heard) == S_OK);
  CHECK(heard->statuses() == plain_backup);
}

TEST_CASE("a failed operation ends once, with the failure", "[wmsdk][C76][C77][O2]") {
  const direction& way = each_direction();
  player p;
  p.fill(1);
  fs::remove_all(p.stick());
  const restorer object = p.open();
  const auto heard = p.callback();
  REQUIRE(way.start(object, way.own_flag, heard.get()) == S_OK);
  CHECK(p.end_of(*heard) == (way.path == backup_path ? NS_E_WMPBR_DRIVE_INVALID : NS_E_DRM_BACKUP_CORRUPT));
  p.loop->run_until([&] { return heard->references() == 1; });
  CHECK(heard->statuses() == plain_backup);
}

TEST_CASE("after the end the callback is let go and hears no more", "[wmsdk][C76][C77]") {
  const direction& way = each_direction();
  backed_up_player p;
  const restorer object = p.open();
  const auto heard = p.callback();
  REQUIRE(way.start(object, way.own_flag, heard.get()) == S_OK);
  CHECK(p.end_of(*heard) == S_OK);
  p.loop->run_until([&] { return heard->references() == 1; });
  CHECK_FALSE(p.loop->has_task());
  CHECK(heard->statuses().back() == WMT_BACKUPRESTORE_END);
  CHECK(heard->count(WMT_BACKUPRESTORE_END) == 1);
}

TEST_CASE("a callback that fails disturbs nothing", "[wmsdk][C78]") {
  const HRESULT answer = GENERATE(E_FAIL, E_ABORT, E_OUTOFMEMORY, S_FALSE);
  player p;
  p.fill(2);
  p.put(restricted(9));
  const restorer object = p.open();
  const auto heard = p.callback([&](const event&) { return answer; });
  CHECK(p.back_up(object, *heard) == S_OK);
  CHECK(heard->events().size() == 3);
  heard->forget();
  CHECK(p.restore(object, *heard) == S_OK);
  CHECK(heard->statuses() == plain_restore);
}

// --- what a restore finds

TEST_CASE("where there is no backup, or a file of it is missing or altered, the backup is corrupt", "[wmsdk][C90]") {
  backed_up_player p;
  const restorer object = p.open();
  const auto heard = p.callback();
  const fs::path volume = p.stick() / "000001" / "licenses-001.age";
  SECTION("no backup") {
    fs::remove_all(p.stick());
    fs::create_directory(p.stick());
  }
  SECTION("a missing file") {
    fs::remove(volume);
  }
  SECTION("a missing manifest") {
    fs::remove(p.stick() / "000001" / "manifest");
  }
  SECTION("a file cut short") {
    fs::resize_file(volume, fs::file_size(volume) - 1);
  }
  SECTION("one flipped bit") {
    std::fstream file(volume, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(1000);
    const int byte = file.get();
    file.seekp(1000);
    file.put(static_cast<char>(byte ^ 1));
  }
  CHECK(p.restore(object, *heard) == NS_E_DRM_BACKUP_CORRUPT);
  CHECK(heard->statuses().front() == WMT_BACKUPRESTORE_BEGIN);
  CHECK(contents(*p.store()).size() == 3);
}

TEST_CASE("some licenses refused at a restore: the others are stored, and the end says so", "[wmsdk][C87][C107][O16]") {
  backed_up_player p;
  player fresh;
  fresh.individualize();
  // No backup has a license that may not be in one, unless somebody who holds the keys writes it.
  std::vector<license> items;
  items.push_back(make_license(1));
  items.push_back(restricted(2));
  const auto identity = make_file_machine_identity(p.identity_file());
  rewrite(p.stick(), [&](const auto& files) { test::put_into_backup(files, *identity, items); });

  const restorer object = fresh.open();
  player::use(object, p.stick());
  const auto heard = fresh.callback();
  CHECK(fresh.restore(object, *heard) == NS_E_DRM_STORE_NOTALLSTORED);
  CHECK(heard->statuses() == plain_restore);
  CHECK(contents(*fresh.store()).size() == 1);
}

// --- individualization

TEST_CASE("a machine is not individualized unless it is permitted", "[wmsdk][C111][C113][O15]") {
  const DWORD flags = GENERATE(0u, 1u);
  backed_up_player p;
  player fresh;
  const restorer object = fresh.open();
  player::use(object, p.stick());
  const auto heard = fresh.callback();
  CHECK(fresh.restore(object, *heard, flags) == NS_E_DRM_NEEDS_INDIVIDUALIZATION);
  CHECK(heard->statuses() == statuses{WMT_BACKUPRESTORE_BEGIN, WMT_NEEDS_INDIVIDUALIZATION, WMT_BACKUPRESTORE_END});
  CHECK_FALSE(fresh.is_individualized());
}

TEST_CASE("a backup never individualizes", "[wmsdk][C70][C111]") {
  player p;
  p.fill(1);
  fs::remove(p.identity_file());
  const auto heard = p.callback();
  CHECK(p.back_up(p.open(), *heard, WM_RESTORE_INDIVIDUALIZE) == NS_E_DRM_NEEDS_INDIVIDUALIZATION);
  CHECK(heard->statuses() == plain_backup);
  CHECK_FALSE(p.is_individualized());
  CHECK(p.files().empty());
}

TEST_CASE("a machine that never had a license needs no identity for its empty backup", "[wmsdk][C67][C111]") {
  player fresh, other;
  other.fill(1);
  const auto heard = fresh.callback();
  CHECK(fresh.back_up(fresh.open(), *heard, WM_RESTORE_INDIVIDUALIZE) == S_OK);
  CHECK(heard->statuses() == plain_backup);
  CHECK_FALSE(fresh.is_individualized());
  const restorer elsewhere = other.open();
  player::use(elsewhere, fresh.stick());
  CHECK(other.restore(elsewhere, *other.callback()) == S_OK);
  CHECK(contents(*other.store()).size() == 1);
}

TEST_CASE("a machine is individualized where that is permitted and needed", "[wmsdk][C112][C114][C115][C116]") {
  backed_up_player p;
  player fresh;
  const restorer object = fresh.open();
  player::use(object, p.stick());
  const auto heard = fresh.callback();
  CHECK(fresh.restore(object, *heard, WM_RESTORE_INDIVIDUALIZE) == S_OK);
  CHECK(heard->statuses() == statuses{WMT_BACKUPRESTORE_BEGIN, WMT_INDIVIDUALIZE, WMT_INDIVIDUALIZE,
                                      WMT_BACKUPRESTORE_CONNECTING, WMT_BACKUPRESTORE_DISCONNECTING,
                                      WMT_BACKUPRESTORE_END});
  const auto events = heard->events();
  const DRM_INDIVIDUALIZATION_STATUS phases[] = {INDI_BEGIN, INDI_SUCCEED};
  for (const std::size_t i : {0u, 1u}) {
    const event& got = events[1 + i];
    CHECK(got.hr == S_OK);
    CHECK(got.type == WMT_TYPE_BINARY);
    CHECK(got.individualization.hr == S_OK);
    CHECK(got.individualization.enIndiStatus == phases[i]);
    CHECK(got.individualization.dwHTTPReadProgress <= got.individualization.dwHTTPReadTotal);
    CHECK(got.individualization.enHTTPStatus == HTTP_NOTINITIATED);
    const char* const url = got.individualization.pszIndiRespUrl;
    CHECK((url == nullptr || *url == '\0'));
  }
  CHECK(fresh.is_individualized());
  CHECK(same_contents(*p.store(), *fresh.store()));

  heard->forget();
  CHECK(fresh.restore(object, *heard, WM_RESTORE_INDIVIDUALIZE) == S_OK);
  CHECK(heard->statuses() == plain_restore);
}

TEST_CASE("an individualization that fails is told, and so is the end", "[wmsdk][C114][O2]") {
  backed_up_player p;
  player fresh;
  fresh.configure(fresh.stick() / "no such folder" / "machine.key");
  const auto heard = fresh.callback();
  IWMLicenseBackup* made = nullptr;
  REQUIRE(WMCreateBackupRestorer(heard.get(), &made) == S_OK);
  const restorer object(made);
  player::use(object, p.stick());
  CHECK(fresh.restore(object, *heard, WM_RESTORE_INDIVIDUALIZE) == NS_E_WMPBR_DRIVE_INVALID);
  CHECK(heard->statuses() ==
        statuses{WMT_BACKUPRESTORE_BEGIN, WMT_INDIVIDUALIZE, WMT_INDIVIDUALIZE, WMT_BACKUPRESTORE_END});
  const event failed = heard->events()[2];
  CHECK(failed.hr == NS_E_WMPBR_DRIVE_INVALID);
  CHECK(failed.individualization.enIndiStatus == INDI_FAIL);
  CHECK(failed.individualization.hr == NS_E_WMPBR_DRIVE_INVALID);
}

TEST_CASE("a cancel while the machine is individualized is told, then the end", "[wmsdk][C117]") {
  backed_up_player p;
  player fresh;
  const restorer object = fresh.open();
  player::use(object, p.stick());
  const auto heard = fresh.callback([&](const event& got) {
    if (got.individualization.enIndiStatus == INDI_BEGIN) CHECK(object.restore->CancelLicenseRestore() == S_OK);
    return S_OK;
  });
  CHECK(fresh.restore(object, *heard, WM_RESTORE_INDIVIDUALIZE) == NS_E_DRM_OPERATION_CANCELED);
  CHECK(heard->statuses() ==
        statuses{WMT_BACKUPRESTORE_BEGIN, WMT_INDIVIDUALIZE, WMT_INDIVIDUALIZE, WMT_BACKUPRESTORE_END});
  CHECK(heard->events()[2].individualization.enIndiStatus == INDI_CANCEL);
  CHECK(contents(*fresh.store()).empty());
}
