// SPDX-License-Identifier: BSL-1.0
#include "commands/import_licenses.hpp"

#include "machine/home.hpp"
#include "output/text.hpp"
#include "secrets/secret_input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <utility>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::license;
using reinstate::result;
using reinstate::secret_bytes;

// Keeps the backup right of a license that is imported again without it.
void keep_rights(reinstate::license_store& store, std::vector<license>& licenses) {
  for (license& item : licenses)
    if (auto present = store.find(item.id); present && present->rights.backup != reinstate::backup_right::denied) {
      if (!item.statement.empty()) continue;  // the new statement of the issuer counts
      item.rights.backup = present->rights.backup;
      item.issuer = std::move(present->issuer);
      item.statement = std::move(present->statement);
    }
}

// Puts all licenses into the store, or none. Replaces those that are there, but gives back no uses.
result<void> put_all(reinstate::license_store& store, std::vector<license>& licenses) {
  auto batch = store.begin_batch();
  if (!batch) return batch.error();
  for (license& item : licenses) {
    const auto before = (*batch)->find(item.id);
    if (!before) return before.error();
    if (*before) {
      item.revision = (*before)->revision + 1;
      item.state = reinstate::furthest_state(item.state, (*before)->state);
    }
    const auto metadata = reinstate::pack_metadata(item);
    if (auto put = (*batch)->put(reinstate::as_record(item, metadata)); !put) return put;
  }
  return (*batch)->commit();
}

// Opens the store, and gives this machine its identity if it has none.
result<std::shared_ptr<reinstate::license_store>> open_for_import(const home& machine_home) {
  if (auto created = machine_home.create(); !created) return created.error();
  auto store = machine_home.open_store();
  if (!store) return store;
  // Checks that the store can be opened: a new identity would not open the licenses in it.
  if (const auto cursor = (*store)->open_cursor(); !cursor) return cursor.error();
  if (auto individualized = machine_home.identity()->individualize(); !individualized) return individualized.error();
  return store;
}

exit_code report_imported(const std::vector<license>& licenses, output& out) {
  json list = json::array();
  out.note("Imported " + license_count(licenses.size()) + ":");
  for (const license& item : licenses) {
    out.note("  " + quoted_title(item.title) + ", key id " + to_string(item.key));
    list.push_back({{"license_id", to_string(item.id)}, {"key_id", to_string(item.key)}, {"title", item.title}});
  }
  const auto is_denied = [](const license& item) { return item.rights.backup == reinstate::backup_right::denied; };
  if (std::ranges::any_of(licenses, is_denied))
    out.note("A backup will leave them out, as --allow-backup was not given.");
  return out.done({{"licenses", std::move(list)}});
}

}  // namespace

result<secret_bytes> read_import(const std::string& path, std::size_t max_bytes) {
  const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? errc::path_not_found : errc::path_not_accessible;
  secret_bytes buffer(max_bytes + 1);
  const auto size = read_into(fd, buffer.expose_writable());
  if (fd != STDIN_FILENO) ::close(fd);
  if (!size) return size.error();
  return secret_bytes::copy_of(buffer.expose().first(*size));
}

std::string title_or_file_name(const std::string& title, const std::string& path) {
  return !title.empty() || path == "-" ? title : std::filesystem::path(path).stem().string();
}

reinstate::backup_right backup_right_of(const import_options& options) {
  return options.allow_backup ? reinstate::backup_right::granted : reinstate::backup_right::denied;
}

exit_code import_licenses(std::vector<license> licenses, const common_options& common, output& out) {
  const home machine_home(common.home);
  const auto store = open_for_import(machine_home);
  if (!store) {
    const error_location location = machine_home.location_of(store.error());
    return out.failed(store.error(),
                      location.name.empty() ? error_location{error_subject::home, common.home.string()} : location);
  }
  keep_rights(**store, licenses);
  if (auto put = put_all(**store, licenses); !put)
    return out.failed(put.error(), machine_home.location_of(put.error()));
  return report_imported(licenses, out);
}

}  // namespace tool
