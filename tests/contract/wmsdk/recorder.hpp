// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_CONTRACT_WMSDK_RECORDER_HPP
#define REINSTATE_TESTS_CONTRACT_WMSDK_RECORDER_HPP

#include <reinstate_wmsdk.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// What hears the events of the Windows-named object, and the message loop they are delivered on.

namespace reinstate::wmsdk_test {

using wide = std::basic_string<WCHAR>;

struct releaser {
  template <class Interface>
  void operator()(Interface* object) const {
    object->Release();
  }
};

// One reference.
template <class Interface>
using owned = std::unique_ptr<Interface, releaser>;

// More than zero while a thread runs the application's own code: what that allocates is not the library's affair.
inline thread_local int inside_application = 0;

struct in_application {
  in_application() { ++inside_application; }
  ~in_application() { --inside_application; }
  in_application(const in_application&) = delete;
  in_application& operator=(const in_application&) = delete;
};

// An application's message loop, stepped by the test. Also counts the callbacks that somebody still holds, and wakes
// whoever waits for one to be let go.
//
// Thread safety: any function from any thread.
class message_loop {
 public:
  static void post(void* context, reinstate_task task, void* argument) {
    const in_application here;
    auto& loop = *static_cast<message_loop*>(context);
    loop.change([&] { loop.tasks_.emplace_back(task, argument); });
  }

  void ring() {
    change([] {});
  }
  void add_callback() {
    change([&] { ++callbacks_; });
  }
  void remove_callback() {
    change([&] { --callbacks_; });
  }
  int callbacks() const {
    const std::lock_guard lock(mutex_);
    return callbacks_;
  }

  // Runs one task if there is one.
  bool run_one() {
    std::pair<reinstate_task, void*> next;
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty()) return false;
      next = tasks_.front();
      tasks_.pop_front();
    }
    next.first(next.second);
    return true;
  }

  // Runs tasks as they come until `done`.
  template <class Done>
  void run_until(Done done) {
    for (;;) {
      const std::uint64_t seen = changes();
      if (done()) return;
      if (!run_one()) wait_for_change(seen);
    }
  }

  // Waits until `done` and runs nothing.
  template <class Done>
  void wait_until(Done done) {
    for (;;) {
      const std::uint64_t seen = changes();
      if (done()) return;
      wait_for_change(seen);
    }
  }

  bool has_task() const {
    const std::lock_guard lock(mutex_);
    return !tasks_.empty();
  }

 private:
  template <class Change>
  void change(Change what) {
    const std::lock_guard lock(mutex_);
    what();
    ++changes_;
    changed_.notify_all();
  }

  std::uint64_t changes() const {
    const std::lock_guard lock(mutex_);
    return changes_;
  }

  // A test that waits for nothing is better off failing than hanging.
  void wait_for_change(std::uint64_t seen) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::minutes(2), [&] { return changes_ != seen; }))
      throw std::runtime_error("what the test waits for does not happen");
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<reinstate_task, void*>> tasks_;
  std::uint64_t changes_ = 0;
  int callbacks_ = 0;
};

// One call of OnStatus, with what pValue pointed at during it.
struct event {
  WMT_STATUS status = WMT_ERROR;
  HRESULT hr = E_UNEXPECTED;
  WMT_ATTR_DATATYPE type = WMT_TYPE_DWORD;
  bool has_value = false;
  void* context = nullptr;
  std::thread::id thread;
  DWORD number = 0xFFFFFFFF;                    // of WMT_TYPE_DWORD
  wide text;                                    // of WMT_TYPE_STRING
  WM_INDIVIDUALIZE_STATUS individualization{};  // of WMT_TYPE_BINARY
};

inline event event_of(WMT_STATUS status, HRESULT hr, WMT_ATTR_DATATYPE type, const BYTE* value, void* context) {
  event out{status, hr, type, value != nullptr, context, std::this_thread::get_id(), 0xFFFFFFFF, {}, {}};
  if (value == nullptr) return out;
  if (type == WMT_TYPE_DWORD) std::memcpy(&out.number, value, sizeof out.number);
  if (type == WMT_TYPE_STRING) out.text = reinterpret_cast<const WCHAR*>(value);
  if (type == WMT_TYPE_BINARY) std::memcpy(&out.individualization, value, sizeof out.individualization);
  return out;
}

// A callback that remembers what it heard and may react to it.
//
// Thread safety: any function from any thread.
class recorder final : public IWMStatusCallback {
 public:
  using reaction = std::function<HRESULT(const event&)>;

  recorder(std::shared_ptr<message_loop> loop, reaction react) : loop_(std::move(loop)), react_(std::move(react)) {
    loop_->add_callback();
  }
  recorder(const recorder&) = delete;
  recorder& operator=(const recorder&) = delete;

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void** object) override {
    ++queries_;
    *object = nullptr;
    if (riid != IID_IUnknown && riid != IID_IWMStatusCallback) return E_NOINTERFACE;
    *object = static_cast<IWMStatusCallback*>(this);
    AddRef();
    return S_OK;
  }

  ULONG STDMETHODCALLTYPE AddRef() override { return ++references_; }

  ULONG STDMETHODCALLTYPE Release() override {
    const auto loop = loop_;
    const ULONG left = --references_;
    if (left == 0) {
      delete this;
      loop->remove_callback();
    } else {
      loop->ring();
    }
    return left;
  }

  HRESULT STDMETHODCALLTYPE OnStatus(WMT_STATUS status, HRESULT hr, WMT_ATTR_DATATYPE type, BYTE* value,
                                     void* context) override {
    const in_application here;
    const event got = event_of(status, hr, type, value, context);
    ++inside_;
    loop_->ring();
    const HRESULT answer = react_ ? react_(got) : S_OK;
    {
      // Only now: who waits for an event may take away what the reaction works on.
      const std::lock_guard lock(mutex_);
      events_.push_back(got);
    }
    --inside_;
    loop_->ring();
    return answer;
  }

  std::vector<event> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  std::vector<WMT_STATUS> statuses() const {
    std::vector<WMT_STATUS> out;
    for (const event& got : events()) out.push_back(got.status);
    return out;
  }

  std::ptrdiff_t count(WMT_STATUS status) const {
    const auto heard = statuses();
    return std::count(heard.begin(), heard.end(), status);
  }

  bool heard(WMT_STATUS status) const { return count(status) != 0; }
  HRESULT last() const { return events().at(events().size() - 1).hr; }
  ULONG references() const { return references_; }
  int queries() const { return queries_; }
  bool is_inside() const { return inside_ != 0; }

  void forget() {
    const std::lock_guard lock(mutex_);
    events_.clear();
  }

 private:
  ~recorder() = default;

  const std::shared_ptr<message_loop> loop_;
  const reaction react_;
  mutable std::mutex mutex_;
  std::vector<event> events_;
  std::atomic<ULONG> references_{1};
  std::atomic<int> queries_{0};
  std::atomic<int> inside_{0};
};

}  // namespace reinstate::wmsdk_test

#endif
