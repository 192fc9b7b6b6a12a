// SPDX-License-Identifier: BSL-1.0
// change_store HOME EVERY: gives every so many of the licenses in the home of the command line tool a new revision, for
// measurements.
#include <reinstate/file_machine_identity.hpp>
#include <reinstate/sqlite_license_store.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <vector>

namespace {

using namespace reinstate;

result<std::vector<license_id>> every_so_many(license_store& store, std::size_t every) {
  const auto cursor = store.open_cursor();
  if (!cursor) return cursor.error();
  std::vector<license_id> out;
  for (std::size_t i = 0;; ++i) {
    const auto item = (*cursor)->next();
    if (!item) return item.error();
    if (!*item) return out;
    if (i % every == 0) out.push_back((*item)->id);
  }
}

result<void> change(license_store& store, const std::vector<license_id>& ids) {
  const auto batch = store.begin_batch();
  if (!batch) return batch.error();
  for (const license_id& id : ids) {
    auto item = store.find(id);
    if (!item) return item.error();
    ++item->revision;
    const auto metadata = pack_metadata(*item);
    if (const auto put = (*batch)->put(as_record(*item, metadata)); !put) return put;
  }
  return (*batch)->commit();
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t every = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
  if (every == 0) {
    std::cerr << "usage: change_store HOME EVERY\n";
    return 2;
  }
  const std::filesystem::path home = argv[1];
  const auto store = open_sqlite_license_store(home / "licenses.db", make_file_machine_identity(home / "machine.key"));
  const auto ids = store ? every_so_many(**store, every) : store.error();
  const auto changed = ids ? change(**store, *ids) : ids.error();
  if (!changed) std::cerr << "change_store: " << changed.error().message() << '\n';
  return changed ? 0 : 1;
}
