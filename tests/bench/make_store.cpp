// SPDX-License-Identifier: BSL-1.0
// make_store HOME COUNT SIZE: fills the home of the command line tool with licenses of SIZE bytes, for measurements.
#include <reinstate/file_machine_identity.hpp>
#include <reinstate/sqlite_license_store.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>

namespace {

// Licenses that look like real ones in all that costs time: a title, an issuer, rights, and a payload that no file
// system or format could compress. The same for every run.
reinstate::license make_license(std::mt19937_64& random, std::size_t number, std::size_t size) {
  reinstate::license item;
  for (std::byte& b : item.id.bytes) b = static_cast<std::byte>(random());
  for (std::byte& b : item.key.bytes) b = static_cast<std::byte>(random());
  item.format = "opaque";
  item.issuer = "https://licenses.example";
  item.title = "Title number " + std::to_string(number);
  item.rights.backup = reinstate::backup_right::granted;
  item.rights.document = R"({"play":true,"copy":false,"resolution":"2160p","territories":["AT","DE","CH"]})";
  item.payload = reinstate::secret_bytes(size);
  for (std::byte& b : item.payload.expose_writable()) b = static_cast<std::byte>(random());
  return item;
}

int fail(const boost::system::error_code& error) {
  std::cerr << "make_store: " << error.message() << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: make_store HOME COUNT SIZE\n";
    return 2;
  }
  const std::filesystem::path home = argv[1];
  const std::size_t count = std::strtoul(argv[2], nullptr, 10), size = std::strtoul(argv[3], nullptr, 10);
  std::filesystem::create_directories(home);
  std::shared_ptr<reinstate::machine_identity> identity = reinstate::make_file_machine_identity(home / "machine.key");
  if (const auto made = identity->individualize(); !made) return fail(made.error());
  const auto store = reinstate::open_sqlite_license_store(home / "licenses.db", identity);
  if (!store) return fail(store.error());
  const auto batch = (*store)->begin_batch();
  if (!batch) return fail(batch.error());
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i != count; ++i) {
    const reinstate::license item = make_license(random, i, size);
    const auto metadata = reinstate::pack_metadata(item);
    if (const auto put = (*batch)->put(as_record(item, metadata)); !put) return fail(put.error());
  }
  const auto committed = (*batch)->commit();
  return committed ? 0 : fail(committed.error());
}
