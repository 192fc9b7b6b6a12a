// SPDX-License-Identifier: BSL-1.0
#include "operations.hpp"

#include "floor.hpp"

#include <reinstate/async.hpp>
#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/runtime.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <memory>
#include <thread>

#include <unistd.h>

namespace bench {
namespace {

namespace asio = boost::asio;
using namespace reinstate;
using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point from) {
  return std::chrono::duration<double>(steady::now() - from).count();
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

backup_restorer_config configure(const home& of, const fs::path& keys, asio::any_io_executor io,
                                 asio::any_io_executor work) {
  backup_restorer_config config;
  config.store = of.store(work);
  config.identity = of.identity();
  config.medium = directory_medium_factory();
  config.recovery_key = recovery_key_storage::recipient;
  config.recipient = text_of(keys / "recipient");
  config.passphrase = [keys](passphrase_purpose) { return secret_bytes::locked_copy_of(text_of(keys / "age.key")); };
  config.io = std::move(io);
  config.work = std::move(work);
  return config;
}

std::unique_ptr<backup_restorer> make_restorer(backup_restorer_config config, const fs::path& medium) {
  auto restorer = create_backup_restorer(std::move(config)).value();
  restorer->set_prop(backup_path_property, medium.string()).value();
  restorer->set_prop(restore_path_property, medium.string()).value();
  return restorer;
}

void run(const home& of, const fs::path& medium, const fs::path& keys, operation_request request, run_by by) {
  error_code ended;
  const auto keep = [&ended](error_code error, operation_report) { ended = error; };
  if (by == run_by::one) {
    asio::io_context context(1);
    const auto restorer = make_restorer(configure(of, keys, context.get_executor(), context.get_executor()), medium);
    restorer->start(std::move(request), keep);
    context.run();
  } else {
    std::promise<error_code> promise;
    const runtime both;
    const auto restorer = make_restorer(configure(of, keys, both.io(), both.work()), medium);
    restorer->start(std::move(request), [&](error_code error, operation_report) { promise.set_value(error); });
    ended = promise.get_future().get();
  }
  if (ended) throw boost::system::system_error(ended);
}

backup_options backup_request(bool update) {
  return {.flags = update ? backup_flags::update : backup_flags::overwrite};
}

// --- the player ---

// Commits a change of one license after another until it is told to end.
class writer {
 public:
  writer(license_store& store, std::size_t count) : store_(store), count_(count), thread_([this] { run(); }) {}
  ~writer() {
    ended_ = true;
    thread_.join();
  }

  // What is committed from now on is noted here. The list before is complete when this has returned.
  void note_in(std::vector<double>* list) {
    const std::lock_guard lock(mutex_);
    list_ = list;
  }

 private:
  void run() {
    for (std::uint32_t i = 0; !ended_; i = (i + 7919) % static_cast<std::uint32_t>(count_)) {
      const license item = make_license(i, ++revision_);
      const auto* const list = current_list();
      const auto begin = steady::now();
      put_license(store_, item).value();
      note(seconds_since(begin), list);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));  // a busy player, not a loop
    }
  }

  const std::vector<double>* current_list() {
    const std::lock_guard lock(mutex_);
    return list_;
  }

  // Unless the commit began while others were noted.
  void note(double seconds, const std::vector<double>* began_in) {
    const std::lock_guard lock(mutex_);
    if (list_ != nullptr && list_ == began_in) list_->push_back(seconds);
  }

  license_store& store_;
  std::size_t count_;
  std::uint64_t revision_ = 1;
  std::atomic<bool> ended_ = false;
  std::mutex mutex_;
  std::vector<double>* list_ = nullptr;
  std::thread thread_;
};

// --- cancellation ---

// How long an operation takes to end after it was told to, `after` so many seconds; nothing where it had ended before.
std::optional<double> time_to_cancel(backup_restorer& restorer, const runtime& threads, operation_request request,
                                     double after, error_code& ended) {
  const auto cancel = std::make_shared<asio::cancellation_signal>();
  std::promise<void> end;
  restorer.start(std::move(request), operation_handler(asio::bind_cancellation_slot(
                                         cancel->slot(), [&, cancel](error_code error, operation_report) {
                                           ended = error;
                                           end.set_value();
                                         })));
  auto at_end = end.get_future();
  if (at_end.wait_for(std::chrono::duration<double>(after)) == std::future_status::ready) return std::nullopt;
  const auto told = steady::now();
  asio::post(threads.io(), [cancel] { cancel->emit(asio::cancellation_type::total); });
  at_end.get();
  const double took = seconds_since(told);
  // An operation past its commit ends with its own result, and was not canceled.
  return ended == errc::operation_canceled ? std::optional(took) : std::nullopt;
}

double duration_of(backup_restorer& restorer, const operation_request& request) {
  const auto begin = steady::now();
  std::promise<error_code> end;
  restorer.start(operation_request(request), [&](error_code error, operation_report) { end.set_value(error); });
  if (const error_code error = end.get_future().get()) throw boost::system::system_error(error);
  return seconds_since(begin);
}

// At moments spread evenly over the operation.
std::vector<double> times_to_cancel(backup_restorer& restorer, const runtime& threads, const operation_request& request,
                                    double duration, int times) {
  std::vector<double> out;
  for (int i = 0; i != times; ++i) {
    error_code ended;
    const auto took =
        time_to_cancel(restorer, threads, operation_request(request), duration * (i + 0.5) / times, ended);
    if (took)
      out.push_back(*took);
    else if (ended && ended != errc::operation_canceled)
      throw boost::system::system_error(ended);
  }
  return out;
}

}  // namespace

void back_up(const home& from, const fs::path& medium, const fs::path& keys, bool update, run_by by) {
  run(from, medium, keys, backup_request(update), by);
}

void restore(const home& to, const fs::path& medium, const fs::path& keys, run_by by) {
  run(to, medium, keys, restore_options{}, by);
}

void measure_writer(const home& of, const fs::path& sealed, const fs::path& folder, const fs::path& keys,
                    std::size_t count, int backups) {
  std::vector<double> idle, busy, least;
  const fs::path medium = folder / "medium", floor = folder / "floor";
  fs::create_directories(medium);
  const runtime both;
  auto config = configure(of, keys, both.io(), both.work());
  const auto store = config.store;
  const auto restorer = make_restorer(std::move(config), medium);
  writer player(*store, count);
  for (int i = 0; i != backups; ++i) {
    player.note_in(&busy);
    const double duration = duration_of(*restorer, backup_request(false));
    player.note_in(&least);
    floor_backup(sealed, floor, 2);
    player.note_in(nullptr);
    fs::remove(floor);
    ::sync();
    player.note_in(&idle);
    std::this_thread::sleep_for(std::chrono::duration<double>(duration));
    player.note_in(nullptr);
  }
  std::cout << nlohmann::json{{"idle", idle}, {"backup", busy}, {"floor", least}};
}

void measure_cancel(const home& of, const fs::path& folder, const fs::path& keys, int times) {
  const fs::path medium = folder / "canceled";
  fs::create_directories(medium);
  nlohmann::json out;
  const runtime both;
  {
    const auto restorer = make_restorer(configure(of, keys, both.io(), both.work()), medium);
    const double duration = duration_of(*restorer, backup_request(false));
    out["backup"] = times_to_cancel(*restorer, both, backup_request(false), duration, times);
  }
  const home to{folder / "canceled-home"};
  individualize(to);
  const auto restorer = make_restorer(configure(to, keys, both.io(), both.work()), medium);
  back_up(of, medium, keys, true, run_by::runtime);  // the medium holds a whole backup, whatever was canceled
  // A verification takes less than the restore, so that every restore is canceled before it ends.
  const double duration = duration_of(*restorer, verify_options{});
  out["restore"] = times_to_cancel(*restorer, both, restore_options{}, duration, times);
  std::cout << out;
}

}  // namespace bench
