// SPDX-License-Identifier: BSL-1.0
// The operations in coroutines, on executors the program has anyway, one of them canceled. Everything is in memory.
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

// The executors and the medium that all operations here share.
struct surroundings {
  asio::any_io_executor io, work;
  std::shared_ptr<memory_files> stick;
};

std::unique_ptr<backup_restorer> open(const machine& of, const surroundings& here,
                                      std::shared_ptr<status_callback> callback = nullptr) {
  backup_restorer_config config;
  config.store = of.store;
  config.identity = of.identity;
  config.medium = [stick = here.stick](const std::string&) { return make_memory_medium(stick); };
  config.passphrase = [](passphrase_purpose) { return secret_bytes::locked_copy_of("four words you chose"); };
  config.io = here.io;
  config.work = here.work;
  config.callback = std::move(callback);
  auto restorer = create_backup_restorer(std::move(config)).value();
  restorer->set_prop(backup_path_property, "stick").value();
  restorer->set_prop(restore_path_property, "stick").value();
  return restorer;
}

// [cancel]
// Starts a backup and calls it off at the first sign of progress.
asio::awaitable<error_code> change_mind(const machine& from, const surroundings& here) {
  asio::cancellation_signal stop;
  const auto callback = make_status_callback([&stop](const status_event& event) {
    if (event.status == status::progress) stop.emit(asio::cancellation_type::total);
  });
  const auto restorer = open(from, here, callback);
  const auto [error, report] = co_await async_backup_licenses(
      *restorer, backup_flags::none, asio::bind_cancellation_slot(stop.slot(), asio::as_tuple(asio::use_awaitable)));
  co_return error;
}
// [/cancel]

// [await]
// Without a token an operation is awaited as it is; what goes wrong is thrown.
asio::awaitable<void> move_licenses(const machine& from, const machine& to, const surroundings& here) {
  const auto source = open(from, here), target = open(to, here);
  const auto backup = co_await async_backup_licenses(*source, backup_flags::none);
  std::cout << "Backed up " << backup.licenses_done << " licenses in " << backup.bytes << " bytes.\n";
  const auto verified = co_await async_verify_backup(*target);
  std::cout << "Found " << verified.licenses_done << " of them good.\n";
  const auto restored = co_await async_restore_licenses(*target, restore_flags::individualize);
  std::cout << "Restored " << restored.licenses_done << ".\n";
}
// [/await]

asio::awaitable<void> show(const machine& from, const machine& to, const surroundings& here) {
  const error_code canceled = co_await change_mind(from, here);
  std::cout << "First try: " << canceled.message() << '\n';
  if (canceled != errc::operation_canceled || !here.stick->empty()) throw std::runtime_error("it was not canceled");
  co_await move_licenses(from, to, here);
}

// [executors]
void run() {
  const machine a, b;
  a.identity->individualize().value();
  put_licenses(*a.store, 100);

  asio::io_context io;
  asio::thread_pool work(1);
  const surroundings here{io.get_executor(), work.get_executor(), std::make_shared<memory_files>()};
  std::exception_ptr failure;
  asio::co_spawn(io, show(a, b, here), [&failure](std::exception_ptr thrown) { failure = thrown; });
  io.run();     // until the coroutine is done
  work.join();  // both before the stores and the identities go away
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
