// SPDX-License-Identifier: BSL-1.0
#include "sqlite/sqlite_file.hpp"

#include "posix/posix_file.hpp"

#include <utility>

#include <fcntl.h>

namespace reinstate::sqlite {

namespace condition = posix::condition;

result<void> create_file(const std::filesystem::path& file) {
  // Done before SQLite does it, which would let others read the file. An existing file is not opened: closing a file
  // that SQLite has open in this process would release SQLite's locks. [sqlite.org/howtocorrupt.html, 2.2]
  const auto created = posix::create_at(AT_FDCWD, file.string());
  if (created || created.error() == condition::file_exists) return {};
  const error_code reason = created.error();
  if (reason == condition::no_such_file_or_directory || reason == condition::not_a_directory)
    return error::folder_not_found;
  if (reason == condition::no_space_on_device) return error::full;
  if (reason == condition::io_error) return error::failed;
  return error::not_accessible;
}

result<std::unique_ptr<database>> connect(const std::filesystem::path& file, const file_kind& kind) {
  auto opened = database::open(file);
  if (!opened) return opened.error();
  opened->wait_for_locks(kind.lock_timeout);
  if (auto done = opened->execute(kind.settings); !done) return done.error();
  return std::make_unique<database>(*std::move(opened));
}

result<content> content_of(database& connection, const file_kind& kind) noexcept {
  const auto application = connection.integer("PRAGMA application_id");
  if (!application) return application.error();
  const auto version = connection.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*application == kind.application_id && *version > kind.version) return error::version_unsupported;
  if (*application == kind.application_id && *version == kind.version) return content::tables;

  const auto objects = connection.integer("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.error();
  if (*application != 0 || *version != 0 || *objects != 0) return error::damaged;
  return content::none;
}

result<void> make_tables(database& connection, const file_kind& kind) noexcept {
  auto change = transaction::begin_write(connection);
  if (!change) return change.error();
  const auto found = content_of(connection, kind);
  if (!found) return found.error();
  if (*found == content::tables) return {};
  if (auto done = connection.execute(kind.tables); !done) return done;
  return change->commit();
}

void try_at_once(database& connection, const char* sql, const file_kind& kind) noexcept {
  connection.wait_for_locks(0);
  static_cast<void>(connection.execute(sql));
  connection.wait_for_locks(kind.lock_timeout);
}

}  // namespace reinstate::sqlite
