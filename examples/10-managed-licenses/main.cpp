// SPDX-License-Identifier: BSL-1.0
// Backs up a license that may be on four machines at a time, and restores it on three more. A fifth machine is refused
// until the user has released one of the others on the page that the service names.
//
//     10-managed-licenses --issuer                         prints the issuer's public key, for the service
//     10-managed-licenses FOLDER URL SERVICE-KEY CERTIFICATE
//
// run.sh beside this file starts a service and runs this program with it.
#include "machine.hpp"

#include <reinstate/async.hpp>
#include <reinstate/managed/rights_statement.hpp>
#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/runtime.hpp>
#include <reinstate/service/http_license_management_service.hpp>

#include <boost/asio/use_future.hpp>

#include <cstdio>
#include <iostream>
#include <string>
#include <utility>

using namespace reinstate;

namespace {

// Returns the private key of the issuer. A real one is secret; this one is for the example only.
secret_bytes issuer_seed() {
  return secret_bytes::locked_copy_of("this private key is for a test !");
}

// [issue]
// Returns the license that an issuer hands to a player, with the issuer's signed statement.
license issue() {
  license item;
  item.id = parse_license_id("00112233445566778899aabbccddeeff").value();
  item.key = parse_key_id("ffeeddccbbaa99887766554433221100").value();
  item.format = "opaque";
  item.issuer = "Example Films";
  item.title = "A film";
  item.rights.backup = backup_right::managed;
  item.payload = secret_bytes::locked_copy_of("the key of the film");

  rights_statement statement;
  statement.id = item.id;
  statement.key = item.key;
  statement.issuer = item.issuer;
  statement.user = "customer 4711";
  statement.backup = backup_right::managed;
  statement.machines = 4;
  statement.payload_digest = digest_of_payload(item.payload.expose());
  item.statement = sign_statement(statement, issuer_seed()).value();
  return item;
}
// [/issue]

// The service of the issuer, as a player is configured with it.
struct service_access {
  std::string url;
  std::string key;
  std::filesystem::path certificate;
};

// One of the user's machines, with the stick plugged in.
class machine {
 public:
  machine(const std::filesystem::path& folder, const std::string& name, const service_access& access)
      : identity_(make_file_machine_identity(folder / name / machine_identity_file_name)) {
    std::filesystem::create_directories(folder / name);
    std::filesystem::create_directories(folder / "stick");
    identity_->individualize().value();  // the user agreed when the player was installed
    store = open_sqlite_license_store(folder / name / license_store_file_name, identity_).value();
    restorer_ = create_backup_restorer(configure(name, access)).value();
    for (const auto property : {backup_path_property, restore_path_property})
      restorer_->set_prop(property, (folder / "stick").string()).value();
  }

  void back_up() { async_backup_licenses(*restorer_, backup_flags::none, boost::asio::use_future).get(); }

  // Returns the error of the restore and, if it is the machine limit, the page on which the user can release a machine.
  std::pair<error_code, std::string> restore() {
    const auto both = boost::asio::use_future(
        [](error_code error, operation_report report) { return std::pair(error, std::move(report.help_url)); });
    return async_restore_licenses(*restorer_, restore_flags::none, both).get();
  }

  std::shared_ptr<license_store> store;

 private:
  // [configure]
  backup_restorer_config configure(const std::string& name, const service_access& access) {
    http_service_config service;
    service.service = {"Example Films", access.url, "", parse_service_key(access.key).value()};
    service.identity = identity_;
    service.certificates = access.certificate;  // empty: the authorities of the system

    backup_restorer_config config;
    config.service = make_http_license_management_service(std::move(service)).value();
    config.consent = [](const service_contact& contact) -> result<consent_answer> {
      std::cout << contact.machine_name << " asks " << contact.service.url << ".\n";  // a player asks its user here
      return consent_answer::agreed;
    };
    config.machine_name = name;
    // [/configure]
    config.store = store;
    config.identity = identity_;
    config.medium = directory_medium_factory();
    config.passphrase = [](passphrase_purpose) { return secret_bytes::locked_copy_of("four words you chose"); };
    config.io = threads_.io();
    config.work = threads_.work();
    return config;
  }

  std::shared_ptr<machine_identity> identity_;
  runtime threads_;
  std::unique_ptr<backup_restorer> restorer_;
};

void expect(bool condition, const char* expectation) {
  if (!condition) throw std::runtime_error(std::string("expected: ") + expectation);
}

void move_between_machines(const std::filesystem::path& folder, const service_access& access) {
  const license item = issue();
  machine first(folder, "Living room", access);
  put_license(*first.store, item).value();
  first.back_up();

  for (const char* const name : {"Kitchen", "Laptop", "Cabin"}) {
    machine next(folder, name, access);
    expect(!next.restore().first, "the first four machines may have the license");
    expect(next.store->find(item.id).value().payload == item.payload, "the restored license is the issued one");
    std::cout << name << " has the license.\n";
  }

  machine fifth(folder, "New laptop", access);
  const auto [refused, page] = fifth.restore();
  expect(refused == errc::machine_limit_reached, "a fifth machine is refused");
  expect(!fifth.store->find(item.id), "a refused license is not stored");
  std::cout << refused.message() << "\nThe page: " << page << "\nPress Enter when that is done." << std::endl;
  std::string line;
  std::getline(std::cin, line);

  expect(!fifth.restore().first, "a machine slot is free");
  expect(fifth.store->find(item.id).value().payload == item.payload, "the restored license is the issued one");
  std::cout << "New laptop has the license.\n";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2 && std::string(argv[1]) == "--issuer") {
      for (const std::byte b : issuer_public_key(issuer_seed()).value()) std::printf("%02x", std::to_integer<int>(b));
      std::printf("\n");
    } else if (argc == 5) {
      move_between_machines(argv[1], {argv[2], argv[3], argv[4]});
    } else {
      std::cerr << "Usage: 10-managed-licenses FOLDER URL SERVICE-KEY CERTIFICATE\n";
      return 2;
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
