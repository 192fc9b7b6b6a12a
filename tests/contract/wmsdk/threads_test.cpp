// SPDX-License-Identifier: BSL-1.0
#include "player.hpp"

#include <latch>

using namespace reinstate::wmsdk_test;

// Objects under many threads, with threads of their own, and callbacks that take their time.

namespace {

using delivery = player::delivery;

// Runs a function on several threads at once, and waits for all.
template <class Function>
void on_threads(unsigned count, Function what) {
  std::latch start(count);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i != count; ++i)
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      what(i);
    });
  for (std::thread& each : threads) each.join();
}

constexpr int rounds = 50;

}  // namespace

TEST_CASE("references are counted right from many threads", "[wmsdk][threads][C13]") {
  player p;
  const restorer object = p.open();
  on_threads(4, [&](unsigned) {
    for (int i = 0; i != rounds * 10; ++i) {
      object.backup->AddRef();
      ask<IWMLicenseRestore>(*object.props);
      ask<IUnknown>(*object.restore);
      object.restore->Release();
    }
  });
  CHECK(object.backup->AddRef() == 4);
  CHECK(object.props->Release() == 3);
}

TEST_CASE("every method may be called from many threads at once", "[wmsdk][threads][C19][C68][C76]") {
  player p(delivery::on_own_threads);
  p.fill(2);
  const auto heard = p.callback();
  std::atomic<int> started{0};
  {
    const restorer object = p.open();
    on_threads(4, [&](unsigned number) {
      const wide name = text("Name") + static_cast<WCHAR>('0' + number);
      for (int i = 0; i != rounds; ++i) {
        ask<IWMBackupRestoreProps>(*object.backup);
        if (set(*object.props, name, text("value")) != S_OK) std::abort();
        if (set(*object.props, backup_path, path_text(p.stick())) != S_OK) std::abort();
        started += object.backup->BackupLicenses(WM_BACKUP_OVERWRITE, heard.get()) == S_OK;
        started += object.restore->RestoreLicenses(0, heard.get()) == S_OK;
        if (FAILED(object.backup->CancelLicenseBackup())) std::abort();
        if (FAILED(object.restore->CancelLicenseRestore())) std::abort();
        if (FAILED(object.props->RemoveProp(name.c_str()))) std::abort();
      }
    });
  }
  p.loop->wait_until([&] { return heard->references() == 1; });
  CHECK(started > 0);
  CHECK(heard->count(WMT_BACKUPRESTORE_BEGIN) == started);
  CHECK(heard->count(WMT_BACKUPRESTORE_END) == started);
}

TEST_CASE("objects are made and let go on many threads at once", "[wmsdk][threads][C13][C14]") {
  player p(delivery::on_own_threads);
  p.configure();
  const auto heard = p.callback();
  on_threads(4, [&](unsigned) {
    for (int i = 0; i != rounds / 5; ++i) {
      IWMLicenseBackup* made = nullptr;
      if (WMCreateBackupRestorer(heard.get(), &made) != S_OK) std::abort();
      made->Release();
    }
  });
  CHECK(heard->references() == 1);
}

TEST_CASE("one of many threads starts an operation, and one cancels it", "[wmsdk][threads][C68][O11]") {
  player p(delivery::on_own_threads);
  p.fill(2);
  const restorer object = p.open();
  const auto heard = p.callback();
  std::atomic<int> started{0}, refused{0};
  on_threads(4, [&](unsigned) {
    const HRESULT hr = object.restore->RestoreLicenses(0, heard.get());
    ++(hr == S_OK ? started : refused);
    if (hr != S_OK && hr != NS_E_DRM_BACKUPRESTORE_BUSY) std::abort();
  });
  p.loop->wait_until([&] { return heard->references() == 1; });
  CHECK(started > 0);
  CHECK(started + refused == 4);
  CHECK(heard->count(WMT_BACKUPRESTORE_END) == started);
}

TEST_CASE("with nothing to post to, events come on a thread of the object", "[wmsdk][threads][C51][C52]") {
  player p(delivery::on_own_threads);
  p.fill(2);
  const restorer object = p.open();
  const auto heard = p.callback();
  CHECK(p.back_up(object, *heard) == S_OK);
  CHECK(p.restore(object, *heard) == S_OK);
  CHECK(heard->events().size() == 6);
  for (const event& got : heard->events()) CHECK(got.thread != std::this_thread::get_id());
}

TEST_CASE("with a place to post to, events come there and nowhere else", "[wmsdk][threads][C52]") {
  player p;
  p.fill(2);
  const auto heard = p.callback();
  CHECK(p.back_up(p.open(), *heard) == S_OK);
  for (const event& got : heard->events()) CHECK(got.thread == std::this_thread::get_id());
}

TEST_CASE("a callback that takes its time holds up its own operation alone", "[wmsdk][threads][C19][C51]") {
  player p(delivery::on_own_threads), other(delivery::on_own_threads);
  p.fill(2);
  other.fill(2);
  std::latch minutes(1);
  const auto slow = p.callback([&](const event& got) {
    if (got.status == WMT_BACKUPRESTORE_BEGIN) minutes.wait();
    return S_OK;
  });
  {
    const restorer object = p.open();
    REQUIRE(object.backup->BackupLicenses(0, slow.get()) == S_OK);
    p.loop->wait_until([&] { return slow->is_inside(); });
    CHECK(object.backup->BackupLicenses(0, slow.get()) == NS_E_DRM_BACKUPRESTORE_BUSY);
    CHECK(set(*object.props, text("Name"), text("value")) == S_OK);
    // Another object on the same store and another machine go on.
    CHECK(p.back_up(p.open(), *p.callback()) == S_OK);
    CHECK(other.back_up(other.open(), *other.callback()) == S_OK);
  }
  // The last Release was above, and has come back.
  CHECK(slow->is_inside());
  minutes.count_down();
  CHECK(p.end_of(*slow) == NS_E_DRM_OPERATION_CANCELED);
}

TEST_CASE("the last Release may come from inside any event", "[wmsdk][threads][C13][C19][C75]") {
  const WMT_STATUS moment = GENERATE(WMT_BACKUPRESTORE_BEGIN, WMT_BACKUPRESTORE_DISCONNECTING, WMT_BACKUPRESTORE_END);
  const delivery how = GENERATE(delivery::on_the_loop, delivery::on_own_threads);
  const auto threads = thread_count();
  {
    player p(how);
    p.fill(2);
    REQUIRE(p.back_up() == S_OK);
    auto restore = std::move(p.open().restore);
    ULONG left = 99;
    const auto heard = p.callback([&](const event& got) {
      if (got.status == moment) left = restore.release()->Release();
      return S_OK;
    });
    REQUIRE(restore->RestoreLicenses(0, heard.get()) == S_OK);
    const HRESULT end = p.end_of(*heard);
    p.loop->run_until([&] { return heard->references() == 1; });
    CHECK(left == 0);
    CHECK(end == (moment == WMT_BACKUPRESTORE_END ? S_OK : NS_E_DRM_OPERATION_CANCELED));
  }
  CHECK(eventually([&] { return thread_count() <= threads; }));
}

TEST_CASE("the callback's last reference may be that of the operation", "[wmsdk][threads][C14][C77]") {
  const delivery how = GENERATE(delivery::on_the_loop, delivery::on_own_threads);
  player p(how);
  p.fill(1);
  const restorer object = p.open(*p.callback());
  std::atomic<bool> ended{false};
  auto heard = p.callback([&](const event& got) {
    if (got.status == WMT_BACKUPRESTORE_END) ended = true;
    return S_OK;
  });
  REQUIRE(object.backup->BackupLicenses(0, heard.get()) == S_OK);
  heard.reset();
  p.loop->run_until([&] { return p.loop->callbacks() == 1; });
  CHECK(ended);
}

TEST_CASE("operations follow each other from their last events", "[wmsdk][threads][C69]") {
  const delivery how = GENERATE(delivery::on_the_loop, delivery::on_own_threads);
  player p(how);
  p.fill(2);
  const restorer object = p.open();
  recorder* again = nullptr;
  std::atomic<int> ends{0};
  const auto heard = p.callback([&](const event& got) {
    if (got.status != WMT_BACKUPRESTORE_END) return S_OK;
    if (ends.fetch_add(1) == 9) return S_OK;
    const HRESULT hr = ends % 2 == 0 ? object.backup->BackupLicenses(WM_BACKUP_OVERWRITE, again)
                                     : object.restore->RestoreLicenses(0, again);
    if (hr != S_OK) std::abort();
    return S_OK;
  });
  again = heard.get();
  REQUIRE(object.backup->BackupLicenses(0, heard.get()) == S_OK);
  CHECK(p.end_of(*heard, 10) == S_OK);
  for (const event& got : heard->events()) CHECK(got.hr == S_OK);
}

TEST_CASE("two objects work on one store", "[wmsdk][threads][C47][C48][C68]") {
  player p(delivery::on_own_threads);
  p.fill(3);
  const fs::path folders[] = {p.stick() / "one", p.stick() / "two"};
  for (const fs::path& each : folders) fs::create_directory(each);
  const restorer objects[] = {p.open(), p.open()};
  const auto heard = p.callback();
  for (const int i : {0, 1}) player::use(objects[i], folders[i]);
  for (const restorer& each : objects) REQUIRE(each.backup->BackupLicenses(0, heard.get()) == S_OK);
  p.end_of(*heard, 2);
  for (const restorer& each : objects) REQUIRE(each.restore->RestoreLicenses(0, heard.get()) == S_OK);
  p.end_of(*heard, 4);
  for (const event& got : heard->events()) CHECK(got.hr == S_OK);
  CHECK(contents(*p.store()).size() == 3);
}

TEST_CASE("an object's threads end when it and its operations are gone", "[wmsdk][threads][C13][C19]") {
  const delivery how = GENERATE(delivery::on_the_loop, delivery::on_own_threads);
  const auto threads = thread_count();
  {
    player p(how);
    p.fill(2);
    const auto heard = p.callback();
    for (int i = 0; i != 5; ++i) {
      const restorer object = p.open();
      REQUIRE(object.backup->BackupLicenses(WM_BACKUP_OVERWRITE, heard.get()) == S_OK);
      if (i % 2 == 0) p.end_of(*heard, i + 1);
    }
    p.loop->run_until([&] { return heard->references() == 1; });
    CHECK(heard->count(WMT_BACKUPRESTORE_END) == 5);
  }
  CHECK(eventually([&] { return thread_count() <= threads; }));
}

TEST_CASE("the configuration may change while objects are made, and each keeps its own", "[wmsdk][threads][C48]") {
  player p(delivery::on_own_threads), other(delivery::on_own_threads);
  p.fill(1);
  other.fill(2);
  const restorer of_p = p.open(), of_other = other.open();
  on_threads(4, [&](unsigned number) {
    for (int i = 0; i != rounds / 5; ++i) {
      (number % 2 == 0 ? p : other).configure();
      const auto unused = p.callback();
      IWMLicenseBackup* made = nullptr;
      if (WMCreateBackupRestorer(unused.get(), &made) != S_OK) std::abort();
      made->Release();
    }
  });
  CHECK(p.back_up(of_p, *p.callback()) == S_OK);
  CHECK(other.back_up(of_other, *other.callback()) == S_OK);
  CHECK(p.files() != other.files());
}
