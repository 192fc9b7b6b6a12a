// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ASYNC_HPP
#define REINSTATE_ASYNC_HPP

#include <reinstate/backup_restorer.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <utility>

// Start the operations of a restorer with an Asio completion token: use_future, use_awaitable, deferred, or a callback.
//
// Signature: void(error_code, operation_report). The report covers everything up to the point where the operation
// ended.
// Executor: the handler runs on its associated executor, by default the restorer's `io`, never inline. Events go to the
// restorer's `config.callback`, all of them before the handler.
// Cancellation: any type, until the commit begins: nothing was changed then, and the code is errc::operation_canceled.
// After that it has no effect.
// Lifetime: the restorer must exist when the operation starts; destroying it later cancels the operation.
// Errors: those of the documented call, delivered to the handler, and those that its last event would carry.

namespace reinstate {

namespace detail {

// Initiates an operation. Exposes its executor, so that tokens such as deferred and co_spawn find it.
struct initiation {
  backup_restorer* restorer;
  operation_request request;

  using executor_type = boost::asio::any_io_executor;
  executor_type get_executor() const noexcept { return restorer->get_executor(); }

  template <class Handler>
  void operator()(Handler&& handler) {
    restorer->start(std::move(request), operation_handler(std::forward<Handler>(handler)));
  }
};

template <class Token>
auto initiate(backup_restorer& restorer, operation_request request, Token&& token) {
  return boost::asio::async_initiate<Token, void(error_code, operation_report)>(
      initiation{&restorer, std::move(request)}, token);
}

}  // namespace detail

// Backs up to the property BackupPath.
template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_backup_licenses(backup_restorer& restorer, backup_options options, Token&& token = {}) {
  return detail::initiate(restorer, std::move(options), std::forward<Token>(token));
}

template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_backup_licenses(backup_restorer& restorer, backup_flags flags, Token&& token = {}) {
  return detail::initiate(restorer, backup_options{flags}, std::forward<Token>(token));
}

// Restores from the property RestorePath.
template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_restore_licenses(backup_restorer& restorer, restore_options options, Token&& token = {}) {
  return detail::initiate(restorer, std::move(options), std::forward<Token>(token));
}

template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_restore_licenses(backup_restorer& restorer, restore_flags flags, Token&& token = {}) {
  return detail::initiate(restorer, restore_options{flags}, std::forward<Token>(token));
}

// Reports what a backup or a restore with these options would do, without doing any of it. Put the resulting
// `report.plan` into the options to run exactly that plan.
template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_plan_backup(backup_restorer& restorer, backup_options options, Token&& token = {}) {
  return detail::initiate(restorer, plan_for<backup_options>{std::move(options)}, std::forward<Token>(token));
}

template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_plan_restore(backup_restorer& restorer, restore_options options, Token&& token = {}) {
  return detail::initiate(restorer, plan_for<restore_options>{std::move(options)}, std::forward<Token>(token));
}

// Verifies the backup at the property RestorePath: decrypts and checks every byte of it, and proves that this machine
// or this passphrase could restore it. Restores nothing.
template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_verify_backup(backup_restorer& restorer, verify_options options, Token&& token = {}) {
  return detail::initiate(restorer, options, std::forward<Token>(token));
}

template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_verify_backup(backup_restorer& restorer, Token&& token = {}) {
  return detail::initiate(restorer, verify_options{}, std::forward<Token>(token));
}

// Compares the store with its backup at the property RestorePath, by revisions and without reading licenses. Cheap
// enough for a player to run at every start. The report counts the licenses that are safe as done and lists the others
// in `outcomes`: not_backed_up, changed_since_backup, only_in_backup, license_damaged.
template <boost::asio::completion_token_for<void(error_code, operation_report)> Token = boost::asio::deferred_t>
auto async_check_health(backup_restorer& restorer, health_options options, Token&& token = {}) {
  return detail::initiate(restorer, options, std::forward<Token>(token));
}

}  // namespace reinstate

#endif
