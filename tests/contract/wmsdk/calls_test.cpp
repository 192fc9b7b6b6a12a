// SPDX-License-Identifier: BSL-1.0
#include "directions.hpp"

using namespace reinstate::wmsdk_test;

// What operations return, how they are canceled, and how they follow each other.

// --- what is returned at once

TEST_CASE("without a callback nothing starts", "[wmsdk][C50][C83]") {
  const direction& way = each_direction();
  backed_up_player p;
  const restorer object = p.open();
  CHECK(way.start(object, way.own_flag, nullptr) == E_INVALIDARG);
  CHECK(way.start(object, 0, nullptr) == E_INVALIDARG);
  CHECK(way.cancel(object) == S_FALSE);
  CHECK_FALSE(p.loop->has_task());
}

TEST_CASE("without its path nothing starts, and the other path is no substitute", "[wmsdk][C57][C88][C89][O7]") {
  const direction& way = each_direction();
  backed_up_player p;
  const restorer object = p.open();
  const auto heard = p.callback();
  REQUIRE(object.props->RemoveProp(way.path.c_str()) == S_OK);
  CHECK(way.start(object, way.own_flag, heard.get()) == NS_E_DRM_INVALID_PROPERTY);
  REQUIRE(object.props->RemoveAllProps() == S_OK);
  CHECK(way.start(object, way.own_flag, heard.get()) == NS_E_DRM_INVALID_PROPERTY);
  CHECK_FALSE(p.loop->has_task());
  CHECK(heard->events().empty());
  CHECK(heard->references() == 1);
}

TEST_CASE("an unknown flag is refused", "[wmsdk][C70][O14]") {
  const direction& way = each_direction();
  const DWORD flags = GENERATE(4u, 5u, 8u, 0x80000000u, 0xFFFFFFFFu);
  backed_up_player p;
  const restorer object = p.open();
  const auto heard = p.callback();
  CHECK(way.start(object, flags, heard.get()) == E_INVALIDARG);
  CHECK(heard->events().empty());
  CHECK(heard->references() == 1);
}

TEST_CASE("the flag of the other direction does nothing", "[wmsdk][C70][C110][O14]") {
  player p;
  p.fill(3);
  const restorer object = p.open();
  CHECK(p.back_up(object, *p.callback(), WM_RESTORE_INDIVIDUALIZE) == S_OK);
  CHECK(p.back_up(object, *p.callback(), WM_RESTORE_INDIVIDUALIZE) == NS_E_DRM_BACKUP_EXISTS);
  const auto heard = p.callback();
  CHECK(p.restore(object, *heard, WM_BACKUP_OVERWRITE) == S_OK);
  CHECK(heard->statuses() == plain_restore);
  CHECK(contents(*p.store()).size() == 3);
}

TEST_CASE("a backup that is there is left alone without the flag, and nothing is sent", "[wmsdk][C54][O6]") {
  backed_up_player p;
  const auto before = p.files();
  const restorer object = p.open();
  const auto heard = p.callback();
  CHECK(object.backup->BackupLicenses(0, heard.get()) == NS_E_DRM_BACKUP_EXISTS);
  CHECK_FALSE(p.loop->has_task());
  CHECK(heard->events().empty());
  CHECK(p.files() == before);
}

TEST_CASE("a backup that comes there in between is left alone too, and the end says so", "[wmsdk][C54][O6]") {
  player p;
  p.fill(3);
  const restorer object = p.open(), faster = p.open();
  const auto heard = p.callback();
  REQUIRE(object.backup->BackupLicenses(0, heard.get()) == S_OK);
  // Nothing of the first runs while the loop stands still, and the other has a loop of its own.
  player other;
  const auto before = [&] {
    other.fill(2);
    const restorer foreign = other.open();
    player::use(foreign, p.stick());
    REQUIRE(other.back_up(foreign, *other.callback()) == S_OK);
    return p.files();
  }();
  CHECK(p.end_of(*heard) == NS_E_DRM_BACKUP_EXISTS);
  CHECK(heard->statuses() == plain_backup);
  CHECK(p.files() == before);
}

TEST_CASE("with the flag a backup is replaced, or made where there was none", "[wmsdk][C55][C56]") {
  player p, other;
  p.fill(2);
  other.individualize();
  const restorer object = p.open();
  CHECK(p.back_up(object, *p.callback(), WM_BACKUP_OVERWRITE) == S_OK);
  const auto first = p.files();
  p.put(make_license(7));
  CHECK(p.back_up(object, *p.callback(), WM_BACKUP_OVERWRITE) == S_OK);
  CHECK(p.files() != first);
  const restorer elsewhere = other.open();
  player::use(elsewhere, p.stick());
  CHECK(other.restore(elsewhere, *other.callback()) == S_OK);
  CHECK(same_contents(*p.store(), *other.store()));
}

TEST_CASE("a second operation is refused while one runs, and hears nothing", "[wmsdk][C68]") {
  const direction& way = each_direction();
  backed_up_player p;
  const restorer object = p.open();
  const auto first = p.callback(), second = p.callback();
  REQUIRE(way.start(object, way.own_flag, first.get()) == S_OK);
  for (const direction& other : directions)
    CHECK(other.start(object, other.own_flag, second.get()) == NS_E_DRM_BACKUPRESTORE_BUSY);
  CHECK(p.end_of(*first) == S_OK);
  CHECK(second->events().empty());
  CHECK(second->references() == 1);
}

// --- cancel

TEST_CASE("there may be nothing to cancel", "[wmsdk][C73][O10]") {
  backed_up_player p;
  const restorer object = p.open();
  CHECK(object.backup->CancelLicenseBackup() == S_FALSE);
  CHECK(object.restore->CancelLicenseRestore() == S_FALSE);
  CHECK(p.restore(object, *p.callback()) == S_OK);
  CHECK(object.restore->CancelLicenseRestore() == S_FALSE);
}

TEST_CASE("an operation canceled right after the start ends as canceled", "[wmsdk][C61][C105][O2][O11]") {
  const direction& way = each_direction();
  backed_up_player p;
  const auto files = p.files();
  const restorer object = p.open();
  const auto heard = p.callback();
  REQUIRE(way.start(object, way.own_flag, heard.get()) == S_OK);
  CHECK(way.cancel(object) == S_OK);
  CHECK(way.cancel(object) == S_OK);
  CHECK(p.end_of(*heard) == NS_E_DRM_OPERATION_CANCELED);
  CHECK(heard->statuses() == plain_backup);
  CHECK(way.cancel(object) == S_FALSE);
  CHECK(p.files() == files);
}

TEST_CASE("canceling one direction leaves the other alone", "[wmsdk][C74]") {
  const direction& way = each_direction();
  backed_up_player p;
  const restorer object = p.open();
  const auto heard = p.callback();
  REQUIRE(way.start(object, way.own_flag, heard.get()) == S_OK);
  CHECK(way.cancel_other(object) == S_FALSE);
  CHECK(p.end_of(*heard) == S_OK);
}

TEST_CASE("a callback may cancel, and the answer of Cancel is the truth", "[wmsdk][C75][O11]") {
  const direction& way = each_direction();
  const WMT_STATUS moment = GENERATE(WMT_BACKUPRESTORE_BEGIN, WMT_BACKUPRESTORE_CONNECTING,
                                     WMT_BACKUPRESTORE_DISCONNECTING, WMT_RESTRICTED_LICENSE, WMT_BACKUPRESTORE_END);
  backed_up_player p;
  p.put(restricted(9));
  const restorer object = p.open();
  HRESULT answer = S_FALSE;
  const auto heard = p.callback([&](const event& got) {
    if (got.status == moment) answer = way.cancel(object);
    return S_OK;
  });
  REQUIRE(way.start(object, way.own_flag, heard.get()) == S_OK);
  const HRESULT end = p.end_of(*heard);
  CHECK(end == (answer == S_OK ? NS_E_DRM_OPERATION_CANCELED : S_OK));
  CHECK((answer == S_OK) == (heard->heard(moment) && moment != WMT_BACKUPRESTORE_END));
  CHECK(heard->count(WMT_BACKUPRESTORE_END) == 1);
}

TEST_CASE("whenever an operation is canceled, it was canceled or it is done", "[wmsdk][O11]") {
  const direction& way = each_direction();
  for (int turns = 0;; ++turns) {
    backed_up_player p;
    const auto files = p.files();
    const restorer object = p.open();
    const auto heard = p.callback();
    REQUIRE(way.start(object, way.own_flag, heard.get()) == S_OK);
    for (int turn = 0; turn != turns && !heard->heard(WMT_BACKUPRESTORE_END); ++turn) {
      p.loop->wait_until([&] { return p.loop->has_task(); });
      p.loop->run_one();
    }
    const bool over = heard->heard(WMT_BACKUPRESTORE_END);
    const HRESULT answer = way.cancel(object);
    CHECK(p.end_of(*heard) == (answer == S_OK ? NS_E_DRM_OPERATION_CANCELED : S_OK));
    if (answer == S_OK) CHECK(p.files() == files);
    if (over) {
      CHECK(answer == S_FALSE);
      break;
    }
  }
}

// --- one operation after another

TEST_CASE("the next operation starts after the last event, or from inside it", "[wmsdk][C69]") {
  const direction& way = each_direction();
  backed_up_player p;
  const restorer object = p.open();
  const auto next = p.callback();
  HRESULT started = E_UNEXPECTED;
  const auto heard = p.callback([&](const event& got) {
    if (got.status == WMT_BACKUPRESTORE_END) started = way.start(object, way.own_flag, next.get());
    return S_OK;
  });
  REQUIRE(way.start(object, way.own_flag, heard.get()) == S_OK);
  CHECK(p.end_of(*heard) == S_OK);
  CHECK(started == S_OK);
  CHECK(p.end_of(*next) == S_OK);
  CHECK(way.start(object, way.own_flag, next.get()) == S_OK);
  CHECK(p.end_of(*next, 2) == S_OK);
}
