// SPDX-License-Identifier: BSL-1.0
#include <reinstate/async.hpp>
#include <reinstate/plugins/memory_license_store.hpp>
#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/plugins/memory_medium.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>
#include <reinstate/runtime.hpp>

#include <boost/asio/use_future.hpp>

#include <iostream>

int main() {
  const std::shared_ptr<reinstate::machine_identity> identity = reinstate::make_memory_machine_identity();
  const auto files = std::make_shared<reinstate::memory_files>();
  if (!identity->individualize()) return 1;
  auto store = reinstate::open_sqlite_license_store("consumer.db", identity);
  if (!store) return 1;

  reinstate::runtime threads;
  reinstate::backup_restorer_config config;
  config.store = std::move(*store);
  config.identity = identity;
  config.medium = [&](const std::string&) { return reinstate::make_memory_medium(files); };
  config.passphrase = [](reinstate::passphrase_purpose) -> reinstate::result<reinstate::secret_bytes> {
    return reinstate::secret_bytes::locked_copy_of("of a consumer");
  };
  config.io = threads.io();
  config.work = threads.work();
  const auto restorer = reinstate::create_backup_restorer(std::move(config));
  if (!restorer || !(*restorer)->set_prop(reinstate::backup_path_property, "anywhere")) return 1;
  async_backup_licenses(**restorer, reinstate::backup_flags::none, boost::asio::use_future).get();
  std::cout << "backed up into " << files->size() << " files\n";
}
