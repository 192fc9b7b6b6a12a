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

// A file of a backup medium, open for reading from its beginning.
// Thread safety: one call at a time; calls may come from different threads.
class medium_reader {
 public:
  virtual ~medium_reader() = default;

  // Returns the size of the file in bytes, as of when it was opened.
  virtual std::uint64_t size() const = 0;

  // Reads up to buffer.size() bytes and returns how many; fewer only at the end of the file, 0 once the end is reached.
  virtual result<std::size_t> read(std::span<std::byte> buffer) = 0;
};

// A new file of a backup medium. If it is destroyed without `finish`, what was written may or may not remain. After any
// error the file is unusable: it is never written to again, only removed.
// Thread safety: one call at a time; calls may come from different threads.
class medium_writer {
 public:
  virtual ~medium_writer() = default;

  // Appends bytes to the file.
  virtual result<void> write(std::span<const std::byte> bytes) = 0;

  // Hints that nothing more will be written and that `finish` follows, possibly after that of other files. A medium
  // that starts flushing now makes several files durable in little more time than one.
  virtual void begin_finish() noexcept {}

  // Makes content, name and folder durable: once it returns success, they survive a power failure.
  virtual result<void> finish() = 0;
};

// The name and size in bytes of a file on a medium.
struct medium_entry {
  std::string name;
  std::uint64_t size = 0;

  friend bool operator==(const medium_entry&, const medium_entry&) = default;
};

// A location for a backup set: a folder, usually on a removable device.
//
// Files are only ever created under a name that did not exist, made durable, read and removed: never renamed and never
// overwritten, because no order of renames survives a power failure on FAT. Names are relative, one or two segments
// joined by '/', as `is_medium_name` defines; other files in the same folder are neither listed nor touched.
// reinstate/testing/backup_medium_suite.hpp checks an implementation.
//
// Errors of every function: invalid_argument if a name is not a medium name, path_not_found, path_not_a_directory,
// path_not_accessible, medium_read_only, medium_full, medium_failed.
//
// Thread safety: one call at a time per object, from any thread.
// Lifetime: readers and writers stay valid across calls on the medium, but must not outlive the medium.
class backup_medium {
 public:
  virtual ~backup_medium() = default;

  // Returns every file whose name is a medium name, in ascending order of name.
  virtual result<std::vector<medium_entry>> list() = 0;

  // Opens a file for reading. Never follows links. Errors: path_not_found if no regular file has this name.
  virtual result<std::unique_ptr<medium_reader>> open(std::string_view name) = 0;

  // Creates a file, and its folder if it does not exist. From then on the name is taken: `list` shows it, and no other
  // caller can create it. Errors: medium_failed if the name exists.
  virtual result<std::unique_ptr<medium_writer>> create(std::string_view name) = 0;

  // Removes a file durably, and its folder if that has become empty. Removing a file that does not exist is not an
  // error.
  virtual result<void> remove(std::string_view name) = 0;
};

// Returns true if a name may appear on a medium: one or two segments of 1 to 64 characters of [A-Za-z0-9._-], each
// starting with a letter or digit, joined by '/'. This excludes every name that could leave the folder or denote a
// device.
bool is_medium_name(std::string_view name) noexcept;

// Creates the medium for a path, as given in the property BackupPath or RestorePath. Called on the `work` executor;
// backup_licenses without overwrite also calls it in the caller's thread, to check whether a backup exists.
using medium_factory = std::function<result<std::unique_ptr<backup_medium>>(const std::string& path)>;

}  // namespace reinstate

#endif
