// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_OPERATION_HPP
#define REINSTATE_ENGINE_OPERATION_OPERATION_HPP

#include "engine/operation/job.hpp"
#include "engine/operation/progress_pace.hpp"

#include <reinstate/backup_restorer.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace reinstate::engine {

class operation;

// Keeps the events of two operations of one restorer apart: the next one may be started while the last event of the
// one before is delivered, also from that event, but begins when that has returned. A strand would do the same, but the
// one of Boost 1.81 does not survive a failed allocation.
//
// Thread safety: any function from any thread.
class delivery_gate {
 public:
  // Returns true if `next` may begin now; otherwise `open` will return it.
  bool enter(std::shared_ptr<operation> next);

  void close();
  std::shared_ptr<operation> open();

 private:
  std::mutex mutex_;
  bool is_closed_ = false;
  std::shared_ptr<operation> waiting_;
};

// Runs one operation: the only place where a state machine meets Asio.
//
// The state machine is asked on `io`, where events are delivered as well; every step of the job runs on `work`. One of
// them follows the other, so none needs a lock. Between two steps the operation passes through `io`, so a callback that
// takes its time holds the operation up and events never pile up. Machine and job are gone before the last event and
// the handler are called.
//
// Lifetime: keeps itself until it has finished.
// Thread safety: `start` once; `cancel` at any time from any thread.
class operation : public std::enable_shared_from_this<operation> {
 public:
  struct parts {
    std::unique_ptr<engine::state_machine> state_machine;
    std::unique_ptr<engine::job> job;
    std::shared_ptr<status_callback> callback;  // may be null
    operation_handler handler;                  // may be empty
    std::shared_ptr<delivery_gate> gate;        // shared by the operations of one restorer
    std::shared_ptr<void> reservation;          // reserves the restorer; released just before the last event
    std::stop_source stop;                      // tells a step that waits for the user or the service of a cancellation
  };

  operation(boost::asio::any_io_executor io, boost::asio::any_io_executor work, parts parts);

  void start();

  // Cancels the operation, which will end with operation_canceled unless it is past the commit.
  cancel_result cancel() noexcept;

 private:
  enum class phase { running, canceled, closed };

  void resume() noexcept;             // on `io`
  void run_step(step step) noexcept;  // on `work`
  void release_job() noexcept;        // on `work`
  void post_step(step step);
  void end(error_code result);
  void give_up();
  static void finish(std::shared_ptr<operation> self);
  template <class Function>
  void post(const boost::asio::any_io_executor& executor, Function function);
  static void deliver(status_callback* callback, const status_event& event) noexcept;
  bool close() noexcept;

  boost::asio::any_io_executor io_;
  boost::asio::any_io_executor work_;
  boost::asio::executor_work_guard<boost::asio::any_io_executor> io_guard_;  // `io` must not run dry meanwhile
  boost::asio::any_completion_executor handler_executor_;                    // nor the handler's own
  std::atomic<phase> phase_{phase::running};
  std::stop_source stop_;
  parts parts_;
  progress_pace pace_;

  step_result last_;                     // the result of the step before
  std::optional<error_code> committed_;  // the result of the commit, once it cannot be undone
  bool gave_up_ = false;                 // memory has run out, and what was written is removed
  error_code result_;
  operation_report report_;
  std::unique_ptr<std::byte[]> reserve_;  // freed if memory has run out, so that the end can still be posted
};

}  // namespace reinstate::engine

#endif
