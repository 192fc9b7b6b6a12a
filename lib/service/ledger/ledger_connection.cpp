// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/ledger_connection.hpp"

#include "service/ledger/ledger_database.hpp"

#include <new>
#include <utility>

namespace reinstate::service {
namespace {

// Does a part of what several want: none of them must leave the others without an answer.
error_code attempt(const ledger_connection::work& what, ledger_rows& rows) noexcept {
  try {
    const auto done = what(rows);
    return done ? error_code() : done.error();
  } catch (const std::bad_alloc&) {
    return errc::out_of_memory;
  }
}

result<void> outcome_of(const error_code& error) {
  if (error) return ledger_error(error);
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

result<void> ledger_connection::write(const work& what) {
  job mine{&what};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&mine);
  turn_.wait(lock, [&] { return mine.done || !busy_; });
  if (!mine.done) {
    // What has come together while another was at work is done by whoever comes first.
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
  return outcome_of(mine.error);
}

result<void> ledger_connection::read(const work& what) {
  std::unique_lock lock(mutex_);
  turn_.wait(lock, [&] { return !busy_; });
  return outcome_of(attempt(what, rows_));
}

void ledger_connection::run_all(std::span<job* const> jobs) noexcept {
  const error_code together = run(jobs);
  for (job* one : jobs) one->error = together;
  if (!together || jobs.size() == 1) return;
  for (job* const& one : jobs) one->error = run({&one, 1});  // one of them failed, and took the others with it
}

// All of the jobs in one transaction, or none of them.
error_code ledger_connection::run(std::span<job* const> jobs) noexcept {
  // Nobody would find again what is written to a file that was moved away.
  if (database_->has_moved()) return errc::ledger_failed;
  auto change = sqlite::transaction::begin_write(*database_);
  if (!change) return change.error();
  for (const job* one : jobs)
    if (const error_code failed = attempt(*one->what, rows_)) return failed;
  const auto committed = change->commit();
  return committed ? error_code() : committed.error();
}

}  // namespace reinstate::service
