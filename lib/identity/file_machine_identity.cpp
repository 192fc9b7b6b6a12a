// SPDX-License-Identifier: BSL-1.0
#include "core/hex.hpp"
#include "crypto/random.hpp"
#include "identity/machine_keys.hpp"
#include "posix/posix_file.hpp"

#include <reinstate/plugins/file_machine_identity.hpp>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace reinstate {
namespace {

namespace condition = posix::condition;

// Returns the error of a function that uses the keys. Only faults of the file itself are called damaged: the advice for
// that is to move the file away, which would lose a good identity to a passing fault.
error_code use_error(const error_code& ec) noexcept {
  switch (ec.value()) {
    case ENOENT: return errc::needs_individualization;
    case EOPNOTSUPP: return errc::identity_damaged;  // not a regular file
    case ENOTDIR: return errc::path_not_a_directory;
    case ENOMEM: return errc::out_of_memory;
    default: return errc::path_not_accessible;
  }
}

// Returns the error of individualize().
error_code individualize_error(const error_code& ec) noexcept {
  return posix::path_error(ec, errc::individualization_failed);
}

bool is_exposed(const struct stat& info) noexcept {
  return info.st_uid != ::geteuid() || (info.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

// Reads the keys straight into locked memory, so that no buffer keeps a copy of them.
result<machine_keys> load_keys(int folder, const std::string& name) {
  const auto opened = posix::open_regular_at(folder, name);
  if (!opened) return use_error(opened.error());
  if (is_exposed(opened->info)) return errc::identity_exposed;
  if (opened->info.st_size > static_cast<off_t>(machine_keys::max_image_size)) return errc::identity_damaged;

  secret_bytes image = secret_bytes::locked(static_cast<std::size_t>(opened->info.st_size));
  const auto size = posix::read_full(opened->file.get(), image.expose_writable());
  if (!size) return use_error(size.error());
  if (*size != image.size()) return errc::identity_damaged;
  return machine_keys::from_image(image);
}

std::string temporary_name() {
  return ".reinstate-" + hex_of(crypto::random_array<8>()) + ".new";
}

// Writes a file under a temporary name and links it to its final one. Fails if that exists: unlike rename, link never
// replaces a file.
result<void> write_and_link(int folder, const std::string& name, const secret_bytes& image) {
  const std::string temporary = temporary_name();
  if (auto written = posix::write_new_file(folder, temporary, image.expose()); !written) return written;
  const auto linked = posix::attempt([&] { return ::linkat(folder, temporary.c_str(), folder, name.c_str(), 0); });
  static_cast<void>(::unlinkat(folder, temporary.c_str(), 0));
  return linked;
}

// Returns true for the errors with which a file system without hard links, such as FAT, refuses one.
bool is_link_unsupported(const error_code& ec) noexcept {
  return ec == condition::operation_not_permitted || ec == condition::operation_not_supported ||
         ec == condition::not_supported || ec == condition::function_not_supported;
}

// Locks the folder for the creation of an identity until the descriptor is closed. Returns false if another process
// holds the lock. Without file locks every process gets true: two processes that link cannot disturb each other, and
// without links the second sees a damaged file once and succeeds when it tries again. [C118]
bool lock_folder(int folder) noexcept {
  const auto locked = posix::attempt([&] { return ::flock(folder, LOCK_EX | LOCK_NB); });
  return locked || locked.error() != condition::operation_would_block;
}

result<void> create_file(int folder, const std::string& name, const secret_bytes& image) {
  auto created = write_and_link(folder, name, image);
  if (created || !is_link_unsupported(created.error())) return created;
  // A crash from here on can leave a file half written, which is refused as damaged.
  return posix::write_new_file(folder, name, image.expose());
}

// Makes an identity durable that another process created: that process may have died before it did so, or may die yet.
result<void> sync_identity(int folder, const std::string& name) noexcept {
  const auto opened = posix::open_regular_at(folder, name);
  if (!opened) return opened.error();
  // EROFS, EINVAL: nothing is left to write on a file system that cannot be written.
  const auto is_harmless = [](const result<void>& synced) {
    return synced || synced.error() == condition::read_only_file_system ||
           synced.error() == condition::invalid_argument;
  };
  if (auto synced = posix::sync_file(opened->file.get()); !is_harmless(synced)) return synced;
  if (auto synced = posix::sync_folder(folder); !is_harmless(synced)) return synced;
  return {};
}

class file_machine_identity final : public machine_identity {
 public:
  explicit file_machine_identity(const std::filesystem::path& file)
      : folder_(file.has_parent_path() ? file.parent_path() : "."), name_(file.filename()) {}

  result<machine_public_identity> public_identity() override {
    const auto keys = load();
    if (!keys) return keys.error();
    return keys->public_identity();
  }

  result<ed25519_signature> sign(std::span<const std::byte> message) override {
    const auto keys = load();
    if (!keys) return keys.error();
    return keys->sign(message);
  }

  result<secret_bytes> agree(const x25519_public_key& peer) override {
    const auto keys = load();
    if (!keys) return keys.error();
    return keys->agree(peer);
  }

  result<secret_bytes> store_key() override {
    const auto keys = load();
    if (!keys) return keys.error();
    return keys->store_key();
  }

  result<void> individualize() override {
    const auto folder = open_folder();
    if (!folder) return individualize_error(folder.error());

    auto found = load_keys(folder->get(), name_);
    if (found) return sync_found(folder->get());
    if (!lock_folder(folder->get())) return errc::individualizing;  // damaged may mean half written
    found = load_keys(folder->get(), name_);  // the previous holder of the lock may have created it
    if (!found && found.error() == errc::needs_individualization) return create(folder->get());
    return found ? sync_found(folder->get()) : found.error();
  }

 private:
  result<posix::descriptor> open_folder() const noexcept {
    // The system would stop at a NUL and open a file of another name.
    if (name_.find('\0') != std::string::npos) return make_error_code(condition::no_such_file_or_directory);
    return posix::open_folder(folder_);
  }

  result<machine_keys> load() const {
    const auto folder = open_folder();
    if (!folder) return use_error(folder.error());
    return load_keys(folder->get(), name_);
  }

  result<void> create(int folder) const {
    const auto created = create_file(folder, name_, machine_keys::generate().to_image());
    if (!created && created.error() == condition::file_exists) {
      // Another process was first: its keys are those of this machine, if they can be used.
      if (const auto existing = load_keys(folder, name_); !existing) return existing.error();
      return sync_found(folder);
    }
    if (!created) return individualize_error(created.error());
    // Makes the name durable. Without it a power cut loses the keys, and all licenses sealed under them since.
    if (const auto synced = posix::sync_folder(folder); !synced) return individualize_error(synced.error());
    return {};
  }

  result<void> sync_found(int folder) const noexcept {
    if (const auto synced = sync_identity(folder, name_); !synced) return individualize_error(synced.error());
    return {};
  }

  std::filesystem::path folder_;
  std::string name_;
};

}  // namespace

std::unique_ptr<machine_identity> make_file_machine_identity(std::filesystem::path file) {
  return std::make_unique<file_machine_identity>(file);
}

}  // namespace reinstate
