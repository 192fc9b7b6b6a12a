// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"

#include "describe.hpp"
#include "home.hpp"
#include "issuer.hpp"
#include "license_walk.hpp"
#include "passphrase.hpp"
#include "secret_input.hpp"
#include "text.hpp"

#include <reinstate/import/clearkey.hpp>
#include <reinstate/import/content_key.hpp>
#include <reinstate/import/keygen.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;
using reinstate::license;
using reinstate::result;
using reinstate::secret_bytes;

// Up to `limit` bytes of an open file, in memory that is wiped.
result<secret_bytes> read_some(int fd, std::size_t limit) {
  secret_bytes buffer(limit);
  const auto size = read_into(fd, buffer.expose_writable());
  if (!size) return size.error();
  return secret_bytes::copy_of(buffer.expose().first(*size));
}

result<secret_bytes> read_file(const std::string& path, std::size_t limit) {
  const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? errc::path_not_found : errc::path_not_accessible;
  auto content = read_some(fd, limit);
  if (fd != STDIN_FILENO) ::close(fd);
  return content;
}

// What a license without a name is called.
std::string title_by_file(const options& what) {
  return !what.title.empty() || what.path == "-" ? what.title : std::filesystem::path(what.path).stem().string();
}

reinstate::backup_right right_for(const options& what) {
  return what.allow_backup ? reinstate::backup_right::granted : reinstate::backup_right::denied;
}

result<std::vector<license>> read_clearkey(const options& what) {
  reinstate::clearkey_import_options how;
  how.title = title_by_file(what);
  how.backup = right_for(what);
  const auto text = read_file(what.path, how.max_bytes + 1);  // one more, to tell a file that is too large
  if (!text) return text.error();
  auto licenses = reinstate::import_clearkey(text_of(*text), how);
  if (!licenses) return licenses;
  for (license& item : *licenses) item.root = what.root;
  if (const auto added = add_statements(*licenses, what.service); !added) return added.error();
  return licenses;
}

result<std::vector<license>> read_keygen(const options& what, secret_bytes license_key) {
  reinstate::keygen_import_options how;
  how.public_key = what.public_key;
  how.license_key = std::move(license_key);
  how.fingerprint = what.fingerprint;
  how.title = what.title;
  how.backup = right_for(what);
  const auto text = read_file(what.path, how.max_bytes + 1);  // as above
  if (!text) return text.error();
  auto item = reinstate::import_keygen(text_of(*text), how);
  if (!item) return item.error();
  if (item->title.empty()) item->title = title_by_file(what);
  std::vector<license> out;
  out.push_back(std::move(*item));
  return out;
}

// A license that was imported with the backup right keeps it when it is imported again without.
void keep_rights(reinstate::license_store& store, std::vector<license>& licenses) {
  for (license& item : licenses)
    if (auto present = store.find(item.id); present && present->rights.backup != reinstate::backup_right::denied) {
      if (!item.statement.empty()) continue;  // its issuer has just said what he permits
      item.rights.backup = present->rights.backup;
      item.issuer = std::move(present->issuer);
      item.statement = std::move(present->statement);
    }
}

// Puts all licenses into the store, or none. One that is there already is replaced, and gets no use back.
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

// The store of a machine that is being given its identity, if it has none yet.
result<std::shared_ptr<reinstate::license_store>> open_for_import(const home& here) {
  if (auto created = here.create(); !created) return created.error();
  auto store = here.open_store();
  if (!store) return store;
  // A store with licenses needs the identity it has: a new one could not open them.
  if (const auto readable = (*store)->open_cursor(); !readable) return readable.error();
  if (auto made = here.identity()->individualize(); !made) return made.error();
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
  if (std::ranges::any_of(licenses, is_denied)) out.note("A backup will leave them out: --allow-backup was not given.");
  return out.done({{"licenses", std::move(list)}});
}

void put_hex(output& out, const secret_bytes& key) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const std::byte b : key.expose()) {
    // Digit by digit: no text with the whole key is left in memory.
    out.raw(digits.substr(std::to_integer<std::size_t>(b >> 4), 1));
    out.raw(digits.substr(std::to_integer<std::size_t>(b & std::byte{0x0F}), 1));
  }
}

exit_code import_licenses(result<std::vector<license>> licenses, const options& what, output& out) {
  if (!licenses) return out.failed(licenses.error(), what.path);
  const home here(what.home);
  auto store = open_for_import(here);
  if (!store) {
    const std::string place = here.place_of(store.error());
    return out.failed(store.error(), place.empty() ? what.home.string() : place);
  }
  keep_rights(**store, *licenses);
  if (auto put = put_all(**store, *licenses); !put) return out.failed(put.error(), here.place_of(put.error()));
  return report_imported(*licenses, out);
}

}  // namespace

exit_code import_clearkey(const options& what, output& out) {
  return import_licenses(read_clearkey(what), what, out);
}

exit_code import_keygen(const options& what, output& out) {
  secret_bytes license_key;
  if (!what.license_key_file.empty()) {
    auto line = given_passphrase(what.license_key_file);
    if (!line) return out.failed(line.error(), what.license_key_file);
    license_key = std::move(**line);
  }
  return import_licenses(read_keygen(what, std::move(license_key)), what, out);
}

exit_code list(const options& what, output& out) {
  const home here(what.home);
  std::uint64_t count = 0;
  if (here.has_store()) {
    auto store = here.open_store();
    if (!store) return out.failed(store.error(), here.place_of(store.error()));
    const auto walked = for_each_license(**store, [&](const auto& record, auto& cursor) -> result<void> {
      const auto payload = cursor.payload();
      if (!payload && payload.error() != errc::license_damaged) return payload.error();
      const license_line item = line_of(record, payload.has_error());
      if (count++ == 0) out.line(license_heading());
      out.line(license_text(item));
      out.object(license_json(item));
      return {};
    });
    if (!walked) return out.failed(walked.error(), here.place_of(walked.error()));
  }
  if (count == 0) out.note("There are no licenses in " + printable(what.home.string()) + ".");
  return out.done({{"licenses", count}});
}

exit_code print_key(const options& what, output& out) {
  const home here(what.home);
  if (!here.has_store()) return out.failed(errc::license_not_found, "");
  auto store = here.open_store();
  if (!store) return out.failed(store.error(), here.place_of(store.error()));
  const auto key = reinstate::content_key(**store, what.key);
  if (!key) return out.failed(explained(key.error()), here.place_of(explained(key.error())));
  if (out.is_json())
    out.raw(R"({"result":"done","error":null,"key_id":")" + to_string(what.key) + R"(","content_key":")");
  put_hex(out, *key);
  out.raw(out.is_json() ? "\"}\n" : "\n");
  return exit_done;
}

}  // namespace tool
