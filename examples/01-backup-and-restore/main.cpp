// SPDX-License-Identifier: BSL-1.0
// Backs up the licenses of a player to a stick, and restores them in the same player on another machine:
//
//     01-backup-and-restore [FOLDER]
//
// Machines and stick are folders in FOLDER, an existing empty folder, or in a temporary folder that is removed.
#include <reinstate/backup_restorer.hpp>
#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>
#include <reinstate/runtime.hpp>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>

using namespace reinstate;
namespace fs = std::filesystem;

namespace {

struct player {
  std::shared_ptr<machine_identity> identity;
  std::shared_ptr<license_store> store;
};

player install(const fs::path& home) {
  fs::create_directory(home);
  const std::shared_ptr identity = make_file_machine_identity(home / "machine.key");
  return {identity, open_sqlite_license_store(home / "licenses.db", identity).value()};
}

license make_license() {
  license item;
  item.id = parse_license_id("000102030405060708090a0b0c0d0e0f").value();
  item.title = "A film";
  item.rights.backup = backup_right::granted;
  item.payload = secret_bytes::copy_of(std::as_bytes(std::span("the bytes that the issuer sent")));
  return item;
}

// [backup]
// Prints each event, and passes the result of the operation to `ended`.
std::shared_ptr<status_callback> print_events(std::promise<error_code>& ended) {
  return make_status_callback([&ended](const status_event& event) {
    std::cout << "  " << name_of(event.status) << '\n';
    if (event.status == status::end) ended.set_value(event.error);
  });
}

backup_restorer_config configure(const player& installed, const runtime& threads) {
  backup_restorer_config config;
  config.store = installed.store;
  config.identity = installed.identity;
  config.medium = directory_medium_factory();
  config.passphrase = [](passphrase_purpose) { return secret_bytes::locked_copy_of("four words you chose"); };
  config.io = threads.io();      // delivers events
  config.work = threads.work();  // runs everything that takes time
  return config;
}

error_code back_up(const player& source, const fs::path& stick) {
  std::promise<error_code> ended;
  runtime threads;  // joined before the promise, the store and the identity are destroyed
  const auto restorer = create_backup_restorer(configure(source, threads)).value();
  restorer->set_prop(backup_path_property, stick.string()).value();
  restorer->backup_licenses(backup_flags::none, print_events(ended)).value();
  return ended.get_future().get();
}
// [/backup]

// [restore]
error_code restore(const player& target, const fs::path& stick) {
  std::promise<error_code> ended;
  runtime threads;
  const auto restorer = create_backup_restorer(configure(target, threads)).value();
  restorer->set_prop(restore_path_property, stick.string()).value();
  restorer->restore_licenses(restore_flags::individualize, print_events(ended)).value();
  return ended.get_future().get();
}
// [/restore]

void run(const fs::path& folder) {
  const player a = install(folder / "machine-a"), b = install(folder / "machine-b");
  a.identity->individualize().value();  // the user agreed when the player was installed
  put_license(*a.store, make_license()).value();
  fs::create_directory(folder / "stick");

  std::cout << "Backup on machine A:\n";
  if (const error_code ec = back_up(a, folder / "stick")) throw boost::system::system_error(ec);
  std::cout << "Restore on machine B:\n";
  if (const error_code ec = restore(b, folder / "stick")) throw boost::system::system_error(ec);
  std::cout << "Machine B has \"" << b.store->find(make_license().id).value().title << "\".\n";
}

}  // namespace

int main(int argc, char** argv) {
  std::string temporary = (fs::temp_directory_path() / "reinstate-XXXXXX").string();
  const bool is_named = argc > 1;
  int exit_code = 0;
  try {
    if (!is_named && ::mkdtemp(temporary.data()) == nullptr)
      throw std::runtime_error("cannot create a temporary folder");
    run(is_named ? argv[1] : temporary);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    exit_code = 1;
  }
  if (!is_named) fs::remove_all(temporary);
  return exit_code;
}
