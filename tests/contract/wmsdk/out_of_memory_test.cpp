// SPDX-License-Identifier: BSL-1.0
#include "player.hpp"

#include <cstdlib>
#include <new>

using namespace reinstate::wmsdk_test;

// Calls and operations for which one allocation fails: the first, the second, and so on until all were tried.

namespace {

// The allocations to go until one fails, on the threads that are armed.
std::atomic<std::ptrdiff_t> allocations_left{-1};
std::atomic<std::ptrdiff_t> allocations_alive{0};
std::atomic<bool> every_thread_is_armed{false};
thread_local bool this_thread_is_armed = false;

bool is_to_fail() noexcept {
  if (inside_application != 0 || !(this_thread_is_armed || every_thread_is_armed)) return false;
  return allocations_left.fetch_sub(1) == 0;
}

[[maybe_unused]] void* allocate(std::size_t size) noexcept {
  if (is_to_fail()) return nullptr;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory != nullptr) ++allocations_alive;
  return memory;
}

[[maybe_unused]] void* allocate_or_throw(std::size_t size) {
  void* const memory = allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

[[maybe_unused]] void deallocate(void* memory) noexcept {
  if (memory == nullptr) return;
  --allocations_alive;
  std::free(memory);
}

}  // namespace

// The thread sanitizer has these functions itself and lets nobody replace them: there nothing fails, and each test runs
// once, as the program does in plenty of memory.
#if defined(__has_feature)
#define THREAD_SANITIZER __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER 1
#else
#define THREAD_SANITIZER 0
#endif

#if !THREAD_SANITIZER
void* operator new(std::size_t size) {
  return allocate_or_throw(size);
}
void* operator new[](std::size_t size) {
  return allocate_or_throw(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  deallocate(memory);
}
void operator delete[](void* memory) noexcept {
  deallocate(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  deallocate(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  deallocate(memory);
}
#endif

namespace {

// Lets an allocation fail while it lives: on this thread, or on all.
class failing_allocation {
 public:
  enum class where { on_this_thread, on_every_thread };

  explicit failing_allocation(std::ptrdiff_t number, where threads = where::on_this_thread) {
    allocations_left = number;
    this_thread_is_armed = true;
    every_thread_is_armed = threads == where::on_every_thread;
  }
  failing_allocation(const failing_allocation&) = delete;
  failing_allocation& operator=(const failing_allocation&) = delete;
  ~failing_allocation() { this_thread_is_armed = every_thread_is_armed = false; }

  static bool has_failed() { return allocations_left < 0; }
};

// Tries `call` with the first allocation failing, then the second, until none was left to fail. It says what it
// returned.
template <class Call>
void try_all(Call call) {
  for (std::ptrdiff_t number = 0;; ++number) {
    INFO("allocation " << number);
    const HRESULT hr = call(number);
    const bool has_failed = failing_allocation::has_failed();
    CAPTURE(static_cast<DWORD>(hr));
    REQUIRE((hr == S_OK || (has_failed && hr == E_OUTOFMEMORY)));
    if (!has_failed) break;
  }
}

// What the last event of an operation carried, which there must be exactly one of.
HRESULT only_end_of(const recorder& heard) {
  return heard.count(WMT_BACKUPRESTORE_END) == 1 ? heard.last() : E_UNEXPECTED;
}

}  // namespace

TEST_CASE("out of memory, no object is made and nothing is lost", "[wmsdk][memory][C2]") {
  const auto how = GENERATE(player::delivery::on_the_loop, player::delivery::on_own_threads);
  player p(how);
  const auto threads = thread_count();
  p.open();  // what is allocated once and for all
  const auto heard = p.callback();
  try_all([&](std::ptrdiff_t number) {
    // The threads of the object before are part of what has to be given back.
    if (!eventually([&] { return thread_count() <= threads; })) return E_UNEXPECTED;
    const std::ptrdiff_t alive = allocations_alive;
    auto* made = reinterpret_cast<IWMLicenseBackup*>(std::uintptr_t{0x10});
    HRESULT hr = E_UNEXPECTED;
    {
      const failing_allocation armed(number);
      hr = WMCreateBackupRestorer(heard.get(), &made);
    }
    if ((hr == S_OK) != (made != nullptr)) return E_UNEXPECTED;
    if (made != nullptr) made->Release();
    const bool all_back = eventually([&] { return allocations_alive <= alive; });
    return all_back && heard->references() == 1 ? hr : E_UNEXPECTED;
  });
}

TEST_CASE("out of memory, a configuration changes nothing", "[wmsdk][memory][C53]") {
  player p, other;
  p.configure();
  try_all([&](std::ptrdiff_t number) {
    const std::string store = other.store_file().string();
    reinstate_wmsdk_config config{};
    config.size = sizeof config;
    config.store_path = store.c_str();
    config.identity_path = store.c_str();
    const failing_allocation armed(number);
    return reinstate_configure_wmsdk(&config);
  });
}

TEST_CASE("out of memory, a property stays as it was", "[wmsdk][memory][C25][C53]") {
  player p;
  p.fill(1);
  const restorer object = p.open();
  const wide name(200, WCHAR('n')), value(2000, WCHAR('v'));
  try_all([&](std::ptrdiff_t number) {
    const auto change = [&](const wide& which) {
      const failing_allocation armed(number);
      return set(*object.props, which, value);
    };
    const HRESULT hr = change(name);
    if (object.props->RemoveProp(name.c_str()) != (hr == S_OK ? S_OK : S_FALSE)) return E_UNEXPECTED;
    return hr;
  });
  try_all([&](std::ptrdiff_t number) {
    const failing_allocation armed(number);
    const HRESULT hr = object.props->RemoveProp(name.c_str());
    return hr == S_FALSE ? S_OK : hr;
  });
  const failing_allocation armed(0);
  const HRESULT removed = object.props->RemoveAllProps();
  const bool has_failed = failing_allocation::has_failed();
  CHECK(removed == S_OK);
  CHECK_FALSE(has_failed);
}

TEST_CASE("out of memory, no operation starts, and the next one can", "[wmsdk][memory][C53][C68]") {
  const bool is_backup = GENERATE(true, false);
  player p;
  p.fill(1);
  REQUIRE(p.back_up() == S_OK);
  const restorer object = p.open();
  const auto heard = p.callback();
  std::ptrdiff_t ends = 0;
  try_all([&](std::ptrdiff_t number) {
    HRESULT hr = E_UNEXPECTED;
    {
      const failing_allocation armed(number);
      hr = is_backup ? object.backup->BackupLicenses(WM_BACKUP_OVERWRITE, heard.get())
                     : object.restore->RestoreLicenses(0, heard.get());
    }
    if (hr == S_OK && p.end_of(*heard, ++ends) != S_OK) return E_UNEXPECTED;
    p.loop->run_until([&] { return heard->references() == 1; });
    return heard->count(WMT_BACKUPRESTORE_END) == ends ? hr : E_UNEXPECTED;
  });
}

TEST_CASE("out of memory in the middle, a backup ends, says so and leaves nothing",
          "[wmsdk][memory][C53][C71][C76][O2]") {
  player p;
  p.fill(2);
  const restorer object = p.open();
  try_all([&](std::ptrdiff_t number) {
    fs::remove_all(p.stick());
    fs::create_directory(p.stick());
    const auto heard = p.callback();
    HRESULT hr = E_UNEXPECTED;
    {
      const failing_allocation armed(number, failing_allocation::where::on_every_thread);
      hr = object.backup->BackupLicenses(0, heard.get());
      p.loop->run_until([&] { return heard->references() == 1; });
    }
    if (hr == S_OK) hr = only_end_of(*heard);
    CHECK(p.files().empty() == (hr != S_OK));
    return hr;
  });
}

TEST_CASE("out of memory in the middle, a restore ends, says so and stores nothing",
          "[wmsdk][memory][C53][C76][C106][O2]") {
  player p, fresh;
  p.fill(2);
  REQUIRE(p.back_up() == S_OK);
  try_all([&](std::ptrdiff_t number) {
    fs::remove(fresh.identity_file());
    fs::remove(fresh.store_file());
    const restorer object = fresh.open();  // another one each time, since it keeps its store open
    player::use(object, p.stick());
    const auto heard = fresh.callback();
    HRESULT hr = E_UNEXPECTED;
    {
      const failing_allocation armed(number, failing_allocation::where::on_every_thread);
      hr = object.restore->RestoreLicenses(WM_RESTORE_INDIVIDUALIZE, heard.get());
      fresh.loop->run_until([&] { return heard->references() == 1; });
    }
    if (hr == S_OK) hr = only_end_of(*heard);
    fresh.individualize();
    CHECK(contents(*fresh.store()).size() == (hr == S_OK ? 2 : 0));
    return hr;
  });
}
