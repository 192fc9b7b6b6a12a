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

// For everybody, as far as the umask lets it: on a stick with owners, the same person often is another number on the
// new machine and would not get at his own backup. It is encrypted, and has to be safe in a finder's hands anyway.
constexpr mode_t readable_file = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
constexpr mode_t readable_folder = S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;

error_code medium_error(const error_code& ec) noexcept {
  return posix::path_error(ec, errc::medium_failed);
}

// A medium name taken apart.
struct place {
  std::string folder;  // empty for a file at the top
  std::string file;
};

place place_of(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {{}, std::string(name)};
  return {std::string(name.substr(0, slash)), std::string(name.substr(slash + 1))};
}

// A descriptor of its own even for the top, so that whoever holds it need not ask which of the two it is.
result<posix::descriptor> enter(int top, const place& where) noexcept {
  return posix::open_folder_at(top, where.folder.empty() ? "." : where.folder);
}

bool is_missing(const error_code& ec) noexcept {
  return ec == condition::no_such_file_or_directory || ec == condition::not_a_directory ||
         ec == condition::operation_not_supported;
}

// Tells the system how pages of a file will be used; it may ignore that, and so do we its answer.
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

  result<std::size_t> read(std::span<std::byte> into) override {
    const auto got = posix::read_full(opened_.file.get(), into);
    if (!got) return medium_error(got.error());
    return *got;
  }

 private:
  posix::regular_file opened_;
};

class directory_writer final : public medium_writer {
 public:
  // `top` belongs to the medium, which outlives its writers; -1 where `folder` is the top itself.
  directory_writer(int top, posix::descriptor folder) noexcept : top_(top), folder_(std::move(folder)) {}

  // Creates the file, once; nothing else may be called before.
  result<void> create(const std::string& name) noexcept {
    auto file = posix::create_at(folder_.get(), name, readable_file);
    if (!file) return file.error();
    file_ = std::move(*file);
    return {};
  }

  result<void> write(std::span<const std::byte> bytes) override {
    if (dead_.failed()) return dead_;
    if (const auto written = posix::write_all(file_.get(), bytes); !written) return die(written.error());
    size_ += bytes.size();
    constexpr std::uint64_t piece = std::uint64_t{2} << 20;
    if (size_ - started_ >= piece) begin_finish();
    return {};
  }

  // Keeps the medium busy meanwhile, so that the fsync at the end has little left to do.
  void begin_finish() noexcept override {
#ifdef __linux__
    // Only a hint: an error stays with the file, and fsync reports it.
    static_cast<void>(::sync_file_range(file_.get(), static_cast<off_t>(started_), static_cast<off_t>(size_ - started_),
                                        SYNC_FILE_RANGE_WRITE));
#endif
    started_ = size_;
  }

  result<void> finish() override {
    if (dead_.failed()) return dead_;
    const auto done = make_durable();
    if (!done) return die(done.error());
    // Spent: the next call is a mistake of the caller and must not look like a success.
    dead_ = errc::medium_failed;
    return {};
  }

 private:
  // The order is the one that lost nothing in any power-cut state of ext4, FAT and exFAT: the content first, since a
  // name must never become durable before what it stands for; then the folder with the name; then the folder's own
  // name in the one above.
  result<void> make_durable() noexcept {
    if (auto synced = posix::sync_file(file_.get()); !synced) return synced;
    // The backup is read back after writing. A disk that lies about having written is only found out when that comes
    // from the disk and not from the pages still in memory; only pages written back already can be dropped.
    drop_cached_pages(file_.get());
    if (auto closed = file_.close(); !closed) return closed;
    if (auto synced = posix::sync_folder(folder_.get()); !synced) return synced;
    // Also where the folder was found and not made: whoever made it may have died before this line.
    if (top_ == -1) return {};
    return posix::sync_folder(top_);
  }

  // After a failed write or fsync the system may drop the pages and call the next fsync a success.
  error_code die(const error_code& ec) noexcept {
    return dead_ = medium_error(ec);
  }

  int top_;
  posix::descriptor folder_;
  posix::descriptor file_;
  std::uint64_t size_ = 0;
  std::uint64_t started_ = 0;  // up to here the system was asked to write
  error_code dead_;
};

// Walks the names in one folder.
class folder_walk {
 public:
  static result<folder_walk> over(posix::descriptor folder) noexcept {
    DIR* stream = ::fdopendir(folder.get());
    if (stream == nullptr) return posix::last_error();
    static_cast<void>(folder.release());  // the stream closes it
    return folder_walk(stream);
  }

  int folder() const noexcept { return ::dirfd(stream_.get()); }

  // The next name, or nullptr at the end.
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

// Adds what has this name to `entries`. Whatever is neither a regular file nor, at the top, a folder is not seen.
result<void> list_entry(int folder, const char* name, const std::string& prefix, level depth,
                        std::vector<medium_entry>& entries) {
  struct stat info {};
  const auto known = posix::attempt([&] { return ::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW); });
  if (!known && known.error() == condition::no_such_file_or_directory) return {};  // removed since it was named
  if (!known) return known;
  if (S_ISREG(info.st_mode)) entries.push_back({prefix + name, static_cast<std::uint64_t>(info.st_size)});
  if (!S_ISDIR(info.st_mode) || depth != level::top) return {};

  auto inner = posix::open_folder_at(folder, name);
  if (!inner && is_missing(inner.error())) return {};  // replaced since we looked
  if (!inner) return inner.error();
  return list_folder(std::move(*inner), std::string(name).append("/"), level::inner, entries);
}

result<void> list_folder(posix::descriptor folder, const std::string& prefix, level depth,
                         std::vector<medium_entry>& entries) {
  auto walk = folder_walk::over(std::move(folder));
  if (!walk) return walk.error();
  for (;;) {
    const auto name = walk->next();
    if (!name) return name.error();
    if (*name == nullptr) return {};
    // With a prefix a slash would be one too many; without, no name in a folder has one.
    if (!is_medium_name(*name)) continue;
    if (auto added = list_entry(walk->folder(), *name, prefix, depth, entries); !added) return added;
  }
}

class directory_medium final : public backup_medium {
 public:
  explicit directory_medium(posix::descriptor top) noexcept : top_(std::move(top)) {}

  result<std::vector<medium_entry>> list() override {
    // Opened anew for every walk: descriptors of one opening share one position.
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
    const place where = place_of(name);
    const auto folder = enter(top_.get(), where);
    if (!folder) return missing_or(folder.error());
    auto opened = posix::open_regular_at(folder->get(), where.file);
    if (!opened) return missing_or(opened.error());
    return std::make_unique<directory_reader>(std::move(*opened));
  }

  result<std::unique_ptr<medium_writer>> create(std::string_view name) override {
    if (!is_medium_name(name)) return errc::invalid_argument;
    const place where = place_of(name);
    if (const auto made = make_folder(where); !made) return made.error();
    auto folder = enter(top_.get(), where);
    if (!folder) return occupied_or(folder.error());
    // Before the file, so that nothing can fail once it exists.
    const int above = where.folder.empty() ? -1 : top_.get();
    auto writer = std::make_unique<directory_writer>(above, std::move(*folder));
    if (const auto created = writer->create(where.file); !created) {
      if (!where.folder.empty()) static_cast<void>(remove_folder_if_empty(where.folder));
      return occupied_or(created.error());
    }
    return writer;
  }

  result<void> remove(std::string_view name) override {
    if (!is_medium_name(name)) return errc::invalid_argument;
    const place where = place_of(name);
    const auto folder = enter(top_.get(), where);
    if (!folder && is_missing(folder.error())) return {};
    if (!folder) return medium_error(folder.error());
    if (const auto gone = unlink_durably(folder->get(), where.file); !gone) return medium_error(gone.error());
    if (where.folder.empty()) return {};
    if (const auto gone = remove_folder_if_empty(where.folder); !gone) return medium_error(gone.error());
    return {};
  }

 private:
  static error_code missing_or(const error_code& ec) noexcept {
    return is_missing(ec) ? make_error_code(errc::path_not_found) : medium_error(ec);
  }

  // A link or a file where a folder is needed, or the name taken: nothing to be done about it on this medium.
  static error_code occupied_or(const error_code& ec) noexcept {
    return ec == condition::not_a_directory ? make_error_code(errc::medium_failed) : medium_error(ec);
  }

  result<void> make_folder(const place& where) noexcept {
    if (where.folder.empty()) return {};
    const auto made = posix::attempt([&] { return ::mkdirat(top_.get(), where.folder.c_str(), readable_folder); });
    if (made || made.error() == condition::file_exists) return {};
    return medium_error(made.error());
  }

  static result<void> unlink_durably(int folder, const std::string& file) noexcept {
    struct stat info {};
    const auto known = posix::attempt([&] { return ::fstatat(folder, file.c_str(), &info, AT_SYMLINK_NOFOLLOW); });
    if (known && !S_ISREG(info.st_mode)) return {};  // not one of ours
    const auto gone = known ? posix::attempt([&] { return ::unlinkat(folder, file.c_str(), 0); }) : known;
    if (!gone && gone.error() != condition::no_such_file_or_directory) return gone;
    // Also where it was gone already: an earlier attempt may have ended before this line. Until here a power cut may
    // bring the file back.
    return posix::sync_folder(folder);
  }

  result<void> remove_folder_if_empty(const std::string& name) noexcept {
    const auto gone = posix::attempt([&] { return ::unlinkat(top_.get(), name.c_str(), AT_REMOVEDIR); });
    // "Not empty" has two names. A read-only medium answers before it looks; the file was missing then, or its own
    // removal would have failed.
    const bool is_left =
        !gone && (gone.error() == condition::directory_not_empty || gone.error() == condition::file_exists ||
                  gone.error() == condition::read_only_file_system);
    if (is_left) return {};
    if (!gone && gone.error() != condition::no_such_file_or_directory) return gone;
    // As for the file: the folder is gone for good only when the one above is on the disk.
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
