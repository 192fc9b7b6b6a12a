// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_LEDGER_LEDGER_CONNECTION_HPP
#define REINSTATE_SERVICE_LEDGER_LEDGER_CONNECTION_HPP

#include "service/ledger/ledger_rows.hpp"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace reinstate::service {

// A connection to the file of a ledger, with its statements. Translates the errors of the database to those of a
// ledger; throws std::bad_alloc for out_of_memory. Thread safety: any function from any thread; one works at a time.
class ledger_connection {
 public:
  // May be called again after its changes were rolled back.
  using work = std::function<sqlite::result<void>(ledger_rows&)>;

  // The file must have been prepared.
  static result<std::unique_ptr<ledger_connection>> open(const std::filesystem::path& file);

  // Makes the change, which is durable when this returns, or undone. Changes of several threads at the same time are
  // committed together, so that they wait for the disk once.
  result<void> write(const work& change);

  result<void> read(const work& query);

 private:
  struct job {
    const ledger_connection::work* work;
    bool done = false;
    sqlite::result<void> outcome = {};
  };

  ledger_connection(std::unique_ptr<sqlite::database> database, ledger_rows rows);
  void run_all(std::span<job* const> jobs) noexcept;
  sqlite::result<void> run(std::span<job* const> jobs) noexcept;

  std::mutex mutex_;  // guards the next three; `busy_` the database
  std::condition_variable turn_;
  std::vector<job*> waiting_;
  bool busy_ = false;
  std::unique_ptr<sqlite::database> database_;
  ledger_rows rows_;  // after the database, which they must not outlive
};

}  // namespace reinstate::service

#endif
