// SPDX-License-Identifier: BSL-1.0
#include "sqlite_file.hpp"

#include "posix_file.hpp"

#include <utility>

#include <fcntl.h>

namespace reinstate::sqlite {

namespace condition = posix::condition;

result<void> create_file(const std::filesystem::path& file) {
  // Before SQLite does, which would let others read the file. Only where there is none: opening and closing a file that
  // SQLite has open in this process would take its locks away. [sqlite.org/howtocorrupt.html, 2.2]
  const auto created = posix::create_at(AT_FDCWD, file.string());
  if (created || created.error() == condition::file_exists) return {};
  const error_code error = created.error();
  if (error == condition::no_such_file_or_directory || error == condition::not_a_directory) return errc::path_not_found;
  if (error == condition::no_space_on_device) return errc::store_full;
  if (error == condition::io_error) return errc::store_failed;
  return errc::store_not_accessible;
}

result<std::unique_ptr<database>> connect(const std::filesystem::path& file, const file_kind& kind) {
  auto opened = database::open(file);
  if (!opened) return opened.error();
  opened->wait_for_locks(kind.patience);
  if (auto done = opened->execute(kind.settings); !done) return done.error();
  return std::make_unique<database>(*std::move(opened));
}

result<content> content_of(database& in, const file_kind& kind) noexcept {
  const auto application = in.integer("PRAGMA application_id");
  if (!application) return application.error();
  const auto version = in.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*application == kind.application_id && *version > kind.version) return kind.version_unsupported;
  if (*application == kind.application_id && *version == kind.version) return content::tables;

  const auto objects = in.integer("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.error();
  if (*application != 0 || *version != 0 || *objects != 0) return kind.damaged;
  return content::nothing;
}

result<void> make_tables(database& in, const file_kind& kind) noexcept {
  auto change = transaction::begin_write(in);
  if (!change) return change.error();
  const auto found = content_of(in, kind);
  if (!found) return found.error();
  if (*found == content::tables) return {};
  if (auto done = in.execute(kind.tables); !done) return done;
  return change->commit();
}

void try_at_once(database& in, const char* sql, const file_kind& kind) noexcept {
  in.wait_for_locks(0);
  static_cast<void>(in.execute(sql));
  in.wait_for_locks(kind.patience);
}

}  // namespace reinstate::sqlite
