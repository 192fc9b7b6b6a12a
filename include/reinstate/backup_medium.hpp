// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BACKUP_MEDIUM_HPP
#define REINSTATE_BACKUP_MEDIUM_HPP

#include <reinstate/error.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate {

// One file of a backup medium, open for reading from its beginning.
// Thread safety: one call at a time; calls may come from different threads.
class medium_reader {
 public:
  virtual ~medium_reader() = default;

  // The size when the file was opened, in bytes.
  virtual std::uint64_t size() const = 0;

  // Reads up to into.size() bytes and returns how many; fewer only at the end of the file, 0 when it is reached.
  virtual result<std::size_t> read(std::span<std::byte> into) = 0;
};

// One new file of a backup medium. Destroyed without `finish`, what was written may stay behind or not.
// After any error the file is dead: it is never written to again, only removed.
// Thread safety: one call at a time; calls may come from different threads.
class medium_writer {
 public:
  virtual ~medium_writer() = default;

  virtual result<void> write(std::span<const std::byte> bytes) = 0;

  // A hint: nothing more will be written, and `finish` follows, maybe after that of other files. A medium that begins
  // to write now makes several files durable in little more time than one.
  virtual void begin_finish() noexcept {}

  // Makes content, name and folder durable: when it returns success, they survive a power cut.
  virtual result<void> finish() = 0;
};

struct medium_entry {
  std::string name;
  std::uint64_t size = 0;

  friend bool operator==(const medium_entry&, const medium_entry&) = default;
};

// Where a backup set is written: a folder, usually on something that can be pulled out and carried away.
//
// Files are only ever created under a name that did not exist, made durable, read and removed: never renamed, never
// overwritten, because no order of renaming survives a power cut on FAT. Names are relative, one or two segments
// joined by '/', as `is_medium_name` says; whatever else lies at the place is not seen and not touched.
// reinstate/testing/backup_medium_suite.hpp checks an implementation.
//
// Errors of every function: invalid_argument for what is no medium name, path_not_found, path_not_a_directory,
// path_not_accessible, medium_read_only, medium_full, medium_failed.
//
// Thread safety: one call at a time per object, from any thread. Readers and writers outlive calls on the medium, but
// not the medium.
class backup_medium {
 public:
  virtual ~backup_medium() = default;

  // Every file whose name is a medium name, in ascending order of name.
  virtual result<std::vector<medium_entry>> list() = 0;

  // Opens a file. Errors: path_not_found where there is no such regular file; links are never followed.
  virtual result<std::unique_ptr<medium_reader>> open(std::string_view name) = 0;

  // Creates a file, and its folder where that does not exist. From then on the name is taken: `list` shows it, and
  // nobody else can create it. Errors: medium_failed where the name exists.
  virtual result<std::unique_ptr<medium_writer>> create(std::string_view name) = 0;

  // Removes a file durably, and its folder when that has become empty. A file that does not exist is no error.
  virtual result<void> remove(std::string_view name) = 0;
};

// Whether a name may appear on a medium: one or two segments of 1 to 64 characters of [A-Za-z0-9._-], each starting
// with a letter or digit, joined by '/'. Everything that could leave the folder, or mean a device, falls outside.
bool is_medium_name(std::string_view name) noexcept;

// Makes the medium for a path, as given in the property BackupPath or RestorePath. Called on the `work` executor,
// and by backup_licenses without overwrite also in the caller's thread, to answer whether a backup exists.
using medium_factory = std::function<result<std::unique_ptr<backup_medium>>(const std::string& path)>;

}  // namespace reinstate

#endif
