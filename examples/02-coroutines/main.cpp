// SPDX-License-Identifier: BSL-1.0
// Runs operations in coroutines on the program's own executors, and cancels one of them. Everything is in memory.
#include <reinstate/async.hpp>
#include <reinstate/plugins/memory_license_store.hpp>
#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/plugins/memory_medium.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <iostream>

using namespace reinstate;
namespace asio = boost::asio;

namespace {

struct machine {
  std::shared_ptr<license_store> store = make_memory_license_store();
  std::shared_ptr<machine_identity> identity = make_memory_machine_identity();
};

void put_licenses(license_store& store, unsigned count) {
  for (unsigned i = 0; i != count; ++i) {
    license item;
    item.id.bytes[0] = static_cast<std::byte>(i);
    item.rights.backup = backup_right::granted;
    item.payload = secret_bytes(100'000);
    put_license(store, item).value();
  }
}

// The executors and the medium that all operations share.
struct environment {
  asio::any_io_executor io, work;
  std::shared_ptr<memory_files> stick;
};

std::unique_ptr<backup_restorer> open(const machine& owner, const environment& shared,
                                      std::shared_ptr<status_callback> callback = nullptr) {
  backup_restorer_config config;
  config.store = owner.store;
  config.identity = owner.identity;
  config.medium = [stick = shared.stick](const std::string&) { return make_memory_medium(stick); };
  config.passphrase = [](passphrase_purpose) { return secret_bytes::locked_copy_of("four words you chose"); };
  config.io = shared.io;
  config.work = shared.work;
  config.callback = std::move(callback);
  auto restorer = create_backup_restorer(std::move(config)).value();
  restorer->set_prop(backup_path_property, "stick").value();
  restorer->set_prop(restore_path_property, "stick").value();
  return restorer;
}

// [cancel]
// Starts a backup, cancels it at its first progress event, and returns its error.
asio::awaitable<error_code> cancel_backup(const machine& source, const environment& shared) {
  asio::cancellation_signal stop;
  const auto callback = make_status_callback([&stop](const status_event& event) {
    if (event.status == status::progress) stop.emit(asio::cancellation_type::total);
  });
  const auto restorer = open(source, shared, callback);
  const auto [error, report] = co_await async_backup_licenses(
      *restorer, backup_flags::none, asio::bind_cancellation_slot(stop.slot(), asio::as_tuple(asio::use_awaitable)));
  co_return error;
}
// [/cancel]

// [await]
// Without a completion token an operation can be awaited directly, and throws its error.
asio::awaitable<void> move_licenses(const machine& source, const machine& target, const environment& shared) {
  const auto backing_up = open(source, shared), restoring = open(target, shared);
  const auto backup = co_await async_backup_licenses(*backing_up, backup_flags::none);
  std::cout << "Backed up " << backup.licenses_done << " licenses in " << backup.bytes << " bytes.\n";
  const auto verified = co_await async_verify_backup(*restoring);
  std::cout << "Found " << verified.licenses_done << " of them intact.\n";
  const auto restored = co_await async_restore_licenses(*restoring, restore_flags::individualize);
  std::cout << "Restored " << restored.licenses_done << ".\n";
}
// [/await]

asio::awaitable<void> show(const machine& source, const machine& target, const environment& shared) {
  const error_code canceled = co_await cancel_backup(source, shared);
  std::cout << "First try: " << canceled.message() << '\n';
  if (canceled != errc::operation_canceled || !shared.stick->empty())
    throw std::runtime_error("the backup was not canceled");
  co_await move_licenses(source, target, shared);
}

// [executors]
void run() {
  const machine a, b;
  a.identity->individualize().value();
  put_licenses(*a.store, 100);

  asio::io_context io;
  asio::thread_pool work(1);
  const environment shared{io.get_executor(), work.get_executor(), std::make_shared<memory_files>()};
  std::exception_ptr failure;
  asio::co_spawn(io, show(a, b, shared), [&failure](std::exception_ptr thrown) { failure = thrown; });
  io.run();     // until the coroutine is done
  work.join();  // both before the stores and the identities are destroyed
  if (failure) std::rethrow_exception(failure);
  if (b.store->describe().value().licenses != 100) throw std::runtime_error("some licenses are missing");
}
// [/executors]

}  // namespace

int main() {
  try {
    run();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
