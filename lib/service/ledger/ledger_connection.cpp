// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/ledger_connection.hpp"

#include "service/ledger/ledger_database.hpp"

#include <new>
#include <utility>

namespace reinstate::service {
namespace {

// Runs the work. An exception becomes an error, since the other jobs of the transaction need an answer too.
sqlite::result<void> attempt(const ledger_connection::work& work, ledger_rows& rows) noexcept {
  try {
    return work(rows);
  } catch (const std::bad_alloc&) {
    return sqlite::error::out_of_memory;
  }
}

result<void> translated(const sqlite::result<void>& outcome) {
  if (!outcome) return ledger_error(outcome.error());
  return {};
}

}  // namespace

ledger_connection::ledger_connection(std::unique_ptr<sqlite::database> database, ledger_rows rows)
    : database_(std::move(database)), rows_(std::move(rows)) {
}

result<std::unique_ptr<ledger_connection>> ledger_connection::open(const std::filesystem::path& file) {
  auto database = connect_ledger(file);
  if (!database) return ledger_error(database.error());
  auto rows = ledger_rows::in(**database);
  if (!rows) return ledger_error(rows.error());
  return std::unique_ptr<ledger_connection>(new ledger_connection(*std::move(database), *std::move(rows)));
}

result<void> ledger_connection::write(const work& change) {
  job mine{&change};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&mine);
  turn_.wait(lock, [&] { return mine.done || !busy_; });
  if (!mine.done) {
    // The first waiting thread does all the work that accumulated while another thread was busy.
    std::vector<job*> jobs;
    jobs.swap(waiting_);
    busy_ = true;
    lock.unlock();
    run_all(jobs);
    lock.lock();
    for (job* one : jobs) one->done = true;
    busy_ = false;
    turn_.notify_all();
  }
  return translated(mine.outcome);
}

result<void> ledger_connection::read(const work& query) {
  std::unique_lock lock(mutex_);
  turn_.wait(lock, [&] { return !busy_; });
  return translated(attempt(query, rows_));
}

void ledger_connection::run_all(std::span<job* const> jobs) noexcept {
  const auto together = run(jobs);
  for (job* one : jobs) one->outcome = together;
  if (together || jobs.size() == 1) return;
  for (job* const& one : jobs) one->outcome = run({&one, 1});  // one failed, which undid all of them
}

// Runs the jobs in one transaction: all of them or none.
sqlite::result<void> ledger_connection::run(std::span<job* const> jobs) noexcept {
  // Writes to a file that was moved away would be lost.
  if (database_->has_moved()) return sqlite::error::failed;
  auto change = sqlite::transaction::begin_write(*database_);
  if (!change) return change.error();
  for (const job* one : jobs)
    if (const auto done = attempt(*one->work, rows_); !done) return done;
  return change->commit();
}

}  // namespace reinstate::service
