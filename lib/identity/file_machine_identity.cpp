// SPDX-License-Identifier: BSL-1.0
#include "core/hex.hpp"
#include "identity/machine_keys.hpp"
#include "posix/posix_file.hpp"
#include "crypto/random.hpp"

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

// What an error means to whoever uses the keys. Only what is wrong with the file itself is called damaged: the advice
// for that is to move it away, which would lose a good identity to a passing trouble.
error_code use_error(const error_code& ec) noexcept {
  switch (ec.value()) {
    case ENOENT: return errc::needs_individualization;
    case EOPNOTSUPP: return errc::identity_damaged;  // not a regular file
    case ENOTDIR: return errc::path_not_a_directory;
    case ENOMEM: return errc::out_of_memory;
    default: return errc::path_not_accessible;
  }
}

// What an error means to whoever creates them.
error_code making_error(const error_code& ec) noexcept {
  return posix::path_error(ec, errc::individualization_failed);
}

bool is_exposed(const struct stat& info) noexcept {
  return info.st_uid != ::geteuid() || (info.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

// Straight into fenced memory: no buffer on the way keeps a copy of the keys.
result<machine_keys> load_keys(int folder, const std::string& name) {
  const auto opened = posix::open_regular_at(folder, name);
  if (!opened) return use_error(opened.error());
  if (is_exposed(opened->info)) return errc::identity_exposed;
  if (opened->info.st_size > static_cast<off_t>(machine_keys::largest_image)) return errc::identity_damaged;

  secret_bytes image = secret_bytes::locked(static_cast<std::size_t>(opened->info.st_size));
  const auto got = posix::read_full(opened->file.get(), image.expose_writable());
  if (!got) return use_error(got.error());
  if (*got != image.size()) return errc::identity_damaged;
  return machine_keys::from_image(image);
}

std::string temporary_name() {
  return ".reinstate-" + hex_of(crypto::random_array<8>()) + ".new";
}

// Gives a finished file its final name, and fails where that exists: unlike rename, link never replaces.
result<void> write_and_link(int folder, const std::string& name, const secret_bytes& image) {
  const std::string temporary = temporary_name();
  if (auto written = posix::write_new_file(folder, temporary, image.expose()); !written) return written;
  const auto linked = posix::attempt([&] { return ::linkat(folder, temporary.c_str(), folder, name.c_str(), 0); });
  static_cast<void>(::unlinkat(folder, temporary.c_str(), 0));
  return linked;
}

// FAT has no links and says so in one of these ways.
bool is_without_links(const error_code& ec) noexcept {
  return ec == condition::operation_not_permitted || ec == condition::operation_not_supported ||
         ec == condition::not_supported || ec == condition::function_not_supported;
}

// Takes the place of whoever makes an identity in this folder, until the descriptor is closed; false where somebody has
// it. Where the file system has no locks everybody gets it: two who link cannot disturb each other, and without links
// the other sees a damaged file once and is right when it tries again. [C118]
bool take_turn(int folder) noexcept {
  const auto locked = posix::attempt([&] { return ::flock(folder, LOCK_EX | LOCK_NB); });
  return locked || locked.error() != condition::operation_would_block;
}

result<void> create_file(int folder, const std::string& name, const secret_bytes& image) {
  auto created = write_and_link(folder, name, image);
  if (created || !is_without_links(created.error())) return created;
  // A crash from here on can leave a file half written: it is refused as damaged and never taken for keys.
  return posix::write_new_file(folder, name, image.expose());
}

// Makes a found identity as durable as one made here: whoever made it may have died before doing so, or be about to.
result<void> settle(int folder, const std::string& name) noexcept {
  const auto opened = posix::open_regular_at(folder, name);
  if (!opened) return opened.error();
  // EROFS, EINVAL: where nothing can be written, nothing is left to write.
  const auto harmless = [](const result<void>& r) {
    return r || r.error() == condition::read_only_file_system || r.error() == condition::invalid_argument;
  };
  if (auto synced = posix::sync_file(opened->file.get()); !harmless(synced)) return synced;
  if (auto synced = posix::sync_folder(folder); !harmless(synced)) return synced;
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
    if (!folder) return making_error(folder.error());

    auto found = load_keys(folder->get(), name_);
    if (found) return settle_found(folder->get());
    if (!take_turn(folder->get())) return errc::individualizing;  // damaged may mean half written
    found = load_keys(folder->get(), name_);                      // the one before may have made it
    if (!found && found.error() == errc::needs_individualization) return create(folder->get());
    return found ? settle_found(folder->get()) : found.error();
  }

 private:
  result<posix::descriptor> open_folder() const noexcept {
    // The system would stop at a NUL and take another file than was named.
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
      // Somebody was first: theirs are the keys of this machine, if they can be used.
      if (const auto theirs = load_keys(folder, name_); !theirs) return theirs.error();
      return settle_found(folder);
    }
    if (!created) return making_error(created.error());
    // The name. Without it a power cut takes the keys, and with them every license sealed under them since.
    if (const auto synced = posix::sync_folder(folder); !synced) return making_error(synced.error());
    return {};
  }

  result<void> settle_found(int folder) const noexcept {
    if (const auto settled = settle(folder, name_); !settled) return making_error(settled.error());
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
