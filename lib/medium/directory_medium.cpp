// SPDX-License-Identifier: BSL-1.0
#include "posix/posix_file.hpp"

#include <reinstate/plugins/directory_medium.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace reinstate {
namespace {

namespace condition = posix::condition;

// Readable by everyone, within the umask: on a stick with file owners, the same user often has another number on the
// new machine and could not read the backup. It is encrypted, and must be safe in the hands of a finder anyway.
constexpr mode_t readable_file = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
constexpr mode_t readable_folder = S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;

error_code medium_error(const error_code& ec) noexcept {
  return posix::path_error(ec, errc::medium_failed);
}

// A medium name, split at its slash.
struct split_name {
  std::string folder;  // empty for a file at the top
  std::string file;
};

split_name split(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {{}, std::string(name)};
  return {std::string(name.substr(0, slash)), std::string(name.substr(slash + 1))};
}

// Opens the folder of a file. Returns a descriptor of its own even for the top, so that the caller can always close it.
result<posix::descriptor> open_folder_of(int top, const split_name& path) noexcept {
  return posix::open_folder_at(top, path.folder.empty() ? "." : path.folder);
}

bool is_missing(const error_code& ec) noexcept {
  return ec == condition::no_such_file_or_directory || ec == condition::not_a_directory ||
         ec == condition::operation_not_supported;
}

// Advises the system to drop the cached pages of a file. Only advice, so an error is ignored.
#ifdef POSIX_FADV_DONTNEED
void drop_cached_pages(int file) noexcept {
  static_cast<void>(::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED));
}
#else
void drop_cached_pages(int) noexcept {
}
#endif

class directory_reader final : public medium_reader {
 public:
  explicit directory_reader(posix::regular_file opened) noexcept : opened_(std::move(opened)) {}

  std::uint64_t size() const override { return static_cast<std::uint64_t>(opened_.info.st_size); }

  result<std::size_t> read(std::span<std::byte> buffer) override {
    const auto size = posix::read_full(opened_.file.get(), buffer);
    if (!size) return medium_error(size.error());
    return *size;
  }

 private:
  posix::regular_file opened_;
};

class directory_writer final : public medium_writer {
 public:
  // `top` belongs to the medium, which outlives its writers; it is -1 if `folder` is the top itself.
  directory_writer(int top, posix::descriptor folder) noexcept : top_(top), folder_(std::move(folder)) {}

  // Creates the file. Called once, before any other function.
  result<void> create(const std::string& name) noexcept {
    auto file = posix::create_at(folder_.get(), name, readable_file);
    if (!file) return file.error();
    file_ = std::move(*file);
    return {};
  }

  result<void> write(std::span<const std::byte> bytes) override {
    if (failure_.failed()) return failure_;
    if (const auto written = posix::write_all(file_.get(), bytes); !written) return fail(written.error());
    size_ += bytes.size();
    constexpr std::uint64_t piece = std::uint64_t{2} << 20;
    if (size_ - started_ >= piece) begin_finish();
    return {};
  }

  // Starts the write-out of the bytes so far, so that the fsync at the end has little left to do.
  void begin_finish() noexcept override {
#ifdef __linux__
    // An error is ignored: it stays with the file, and fsync reports it.
    static_cast<void>(::sync_file_range(file_.get(), static_cast<off_t>(started_), static_cast<off_t>(size_ - started_),
                                        SYNC_FILE_RANGE_WRITE));
#endif
    started_ = size_;
  }

  result<void> finish() override {
    if (failure_.failed()) return failure_;
    const auto done = make_durable();
    if (!done) return fail(done.error());
    // The writer is spent: a further call is a mistake of the caller and must not look like a success.
    failure_ = errc::medium_failed;
    return {};
  }

 private:
  // Makes the file durable in the order that lost nothing in any power-cut state of ext4, FAT and exFAT: the content
  // first, since a name must never become durable before its content; then the folder with the name; then the folder's
  // own name in its parent.
  result<void> make_durable() noexcept {
    if (auto synced = posix::sync_file(file_.get()); !synced) return synced;
    // The backup is read back after writing. That finds a disk that did not write only if it reads from the disk and
    // not from cached pages. Only pages that were written back can be dropped.
    drop_cached_pages(file_.get());
    if (auto closed = file_.close(); !closed) return closed;
    if (auto synced = posix::sync_folder(folder_.get()); !synced) return synced;
    // Done also if the folder existed: the process that created it may have died before this line.
    if (top_ == -1) return {};
    return posix::sync_folder(top_);
  }

  // Makes every later call fail: after a failed write or fsync the system may drop the pages and report success for the
  // next fsync.
  error_code fail(const error_code& ec) noexcept {
    return failure_ = medium_error(ec);
  }

  int top_;
  posix::descriptor folder_;
  posix::descriptor file_;
  std::uint64_t size_ = 0;
  std::uint64_t started_ = 0;  // bytes whose write-out was started
  error_code failure_;
};

// A walk over the names in one folder.
class folder_walk {
 public:
  static result<folder_walk> open(posix::descriptor folder) noexcept {
    DIR* stream = ::fdopendir(folder.get());
    if (stream == nullptr) return posix::last_error();
    static_cast<void>(folder.release());  // the stream closes it
    return folder_walk(stream);
  }

  int folder() const noexcept { return ::dirfd(stream_.get()); }

  // Returns the next name, or null at the end.
  result<const char*> next() noexcept {
    errno = 0;  // the only way to tell the end from an error
    const dirent* entry = ::readdir(stream_.get());
    if (entry == nullptr && errno != 0) return posix::last_error();
    return entry == nullptr ? nullptr : &entry->d_name[0];
  }

 private:
  struct closer {
    void operator()(DIR* stream) const noexcept { ::closedir(stream); }
  };

  explicit folder_walk(DIR* stream) noexcept : stream_(stream) {}

  std::unique_ptr<DIR, closer> stream_;
};

enum class level { top, inner };

result<void> list_folder(posix::descriptor folder, const std::string& prefix, level depth,
                         std::vector<medium_entry>& entries);

// Adds the file with this name, or the files of the folder, to `entries`. Ignores everything else: links, devices, and
// folders below the top.
result<void> list_entry(int folder, const char* name, const std::string& prefix, level depth,
                        std::vector<medium_entry>& entries) {
  struct stat info {};
  const auto known = posix::attempt([&] { return ::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW); });
  if (!known && known.error() == condition::no_such_file_or_directory) return {};  // removed in the meantime
  if (!known) return known;
  if (S_ISREG(info.st_mode)) entries.push_back({prefix + name, static_cast<std::uint64_t>(info.st_size)});
  if (!S_ISDIR(info.st_mode) || depth != level::top) return {};

  auto inner = posix::open_folder_at(folder, name);
  if (!inner && is_missing(inner.error())) return {};  // replaced in the meantime
  if (!inner) return inner.error();
  return list_folder(std::move(*inner), std::string(name).append("/"), level::inner, entries);
}

result<void> list_folder(posix::descriptor folder, const std::string& prefix, level depth,
                         std::vector<medium_entry>& entries) {
  auto walk = folder_walk::open(std::move(folder));
  if (!walk) return walk.error();
  for (;;) {
    const auto name = walk->next();
    if (!name) return name.error();
    if (*name == nullptr) return {};
    // The name of a directory entry has no slash, so this also holds for its name with the prefix.
    if (!is_medium_name(*name)) continue;
    if (auto added = list_entry(walk->folder(), *name, prefix, depth, entries); !added) return added;
  }
}

class directory_medium final : public backup_medium {
 public:
  explicit directory_medium(posix::descriptor top) noexcept : top_(std::move(top)) {}

  result<std::vector<medium_entry>> list() override {
    // Opened for every walk, since duplicates of a descriptor share one position.
    auto folder = posix::open_folder_at(top_.get(), ".");
    if (!folder) return medium_error(folder.error());
    std::vector<medium_entry> entries;
    const auto listed = list_folder(std::move(*folder), {}, level::top, entries);
    if (!listed) return medium_error(listed.error());
    std::ranges::sort(entries, {}, &medium_entry::name);
    return entries;
  }

  result<std::unique_ptr<medium_reader>> open(std::string_view name) override {
    if (!is_medium_name(name)) return errc::invalid_argument;
    const split_name path = split(name);
    const auto folder = open_folder_of(top_.get(), path);
    if (!folder) return missing_or(folder.error());
    auto opened = posix::open_regular_at(folder->get(), path.file);
    if (!opened) return missing_or(opened.error());
    return std::make_unique<directory_reader>(std::move(*opened));
  }

  result<std::unique_ptr<medium_writer>> create(std::string_view name) override {
    if (!is_medium_name(name)) return errc::invalid_argument;
    const split_name path = split(name);
    if (const auto made = make_folder(path); !made) return made.error();
    auto folder = open_folder_of(top_.get(), path);
    if (!folder) return occupied_or(folder.error());
    // Allocated before the file is created, so that nothing can fail once the file exists.
    const int parent = path.folder.empty() ? -1 : top_.get();
    auto writer = std::make_unique<directory_writer>(parent, std::move(*folder));
    if (const auto created = writer->create(path.file); !created) {
      if (!path.folder.empty()) static_cast<void>(remove_folder_if_empty(path.folder));
      return occupied_or(created.error());
    }
    return writer;
  }

  result<void> remove(std::string_view name) override {
    if (!is_medium_name(name)) return errc::invalid_argument;
    const split_name path = split(name);
    const auto folder = open_folder_of(top_.get(), path);
    if (!folder && is_missing(folder.error())) return {};
    if (!folder) return medium_error(folder.error());
    if (const auto removed = unlink_durably(folder->get(), path.file); !removed) return medium_error(removed.error());
    if (path.folder.empty()) return {};
    if (const auto removed = remove_folder_if_empty(path.folder); !removed) return medium_error(removed.error());
    return {};
  }

 private:
  static error_code missing_or(const error_code& ec) noexcept {
    return is_missing(ec) ? make_error_code(errc::path_not_found) : medium_error(ec);
  }

  // Returns medium_failed if a link or a file is in place of the folder: this medium cannot take the file.
  static error_code occupied_or(const error_code& ec) noexcept {
    return ec == condition::not_a_directory ? make_error_code(errc::medium_failed) : medium_error(ec);
  }

  result<void> make_folder(const split_name& path) noexcept {
    if (path.folder.empty()) return {};
    const auto made = posix::attempt([&] { return ::mkdirat(top_.get(), path.folder.c_str(), readable_folder); });
    if (made || made.error() == condition::file_exists) return {};
    return medium_error(made.error());
  }

  static result<void> unlink_durably(int folder, const std::string& file) noexcept {
    struct stat info {};
    const auto known = posix::attempt([&] { return ::fstatat(folder, file.c_str(), &info, AT_SYMLINK_NOFOLLOW); });
    if (known && !S_ISREG(info.st_mode)) return {};  // not a file of a medium
    const auto removed = known ? posix::attempt([&] { return ::unlinkat(folder, file.c_str(), 0); }) : known;
    if (!removed && removed.error() != condition::no_such_file_or_directory) return removed;
    // Done also if the file did not exist: an earlier attempt may have ended before this line. Until then a power cut
    // may bring the file back.
    return posix::sync_folder(folder);
  }

  result<void> remove_folder_if_empty(const std::string& name) noexcept {
    const auto removed = posix::attempt([&] { return ::unlinkat(top_.get(), name.c_str(), AT_REMOVEDIR); });
    // "Not empty" has two error codes. A read-only file system reports that before it looks for the file, which did not
    // exist: its own removal would have failed before.
    const bool is_kept =
        !removed && (removed.error() == condition::directory_not_empty || removed.error() == condition::file_exists ||
                     removed.error() == condition::read_only_file_system);
    if (is_kept) return {};
    if (!removed && removed.error() != condition::no_such_file_or_directory) return removed;
    // Like the file, the folder may come back until its parent is durable.
    return posix::sync_folder(top_.get());
  }

  posix::descriptor top_;
};

}  // namespace

result<std::unique_ptr<backup_medium>> open_directory_medium(const std::filesystem::path& folder) {
  auto top = posix::open_folder(folder);
  if (!top) return medium_error(top.error());
  return std::make_unique<directory_medium>(std::move(*top));
}

medium_factory directory_medium_factory() {
  return [](const std::string& path) {
    return open_directory_medium(std::filesystem::path(std::u8string(path.begin(), path.end())));
  };
}

}  // namespace reinstate
