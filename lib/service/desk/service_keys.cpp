// SPDX-License-Identifier: BSL-1.0
#include "crypto/bytes.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "crypto/x25519.hpp"
#include "posix/posix_file.hpp"
#include "service/desk/service_key_text.hpp"

#include <reinstate/service/service_keys.hpp>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace reinstate {
namespace {

namespace condition = posix::condition;

constexpr std::size_t seed_size = 32;
constexpr off_t max_file_size = 4096;

// Derives the key for one purpose. No derived key reveals anything about another or the seed.
secret_bytes derived(const secret_bytes& seed, std::string_view purpose) {
  return crypto::hkdf_sha256(seed.expose(), {}, purpose);
}

bool is_exposed(const struct stat& info) noexcept {
  return info.st_uid != ::geteuid() || (info.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

error_code loading_error(const error_code& ec) noexcept {
  switch (ec.value()) {
    case ENOENT:
    case ENOTDIR: return errc::path_not_found;
    case EOPNOTSUPP: return errc::service_key_damaged;  // not a regular file
    case ENOMEM: return errc::out_of_memory;
    default: return errc::path_not_accessible;
  }
}

error_code saving_error(const error_code& ec) noexcept {
  if (ec == condition::file_exists) return errc::service_key_exists;
  if (ec == condition::not_a_directory) return errc::path_not_found;
  return posix::path_error(ec, errc::medium_failed);
}

result<posix::descriptor> folder_of(const std::filesystem::path& file) noexcept {
  // The system would stop at the NUL and use another file.
  if (file.native().find('\0') != std::string::npos) return make_error_code(condition::no_such_file_or_directory);
  return posix::open_folder(file.has_parent_path() ? file.parent_path() : ".");
}

}  // namespace

service_keys::service_keys(secret_bytes seed)
    : seed_(std::move(seed)),
      agreement_(derived(seed_, "reinstate service agreement v1")),
      signing_(derived(seed_, "reinstate service signing v1")),
      ticket_(derived(seed_, "reinstate service ticket v1")),
      public_{crypto::x25519_public_key(agreement_), crypto::ed25519_public_key(signing_)} {
}

service_keys service_keys::generate() {
  return service_keys(crypto::random_secret(seed_size));
}

result<service_keys> service_keys::from_seed(const secret_bytes& seed) {
  if (seed.size() != seed_size) return errc::invalid_argument;
  return service_keys(secret_bytes::locked_copy_of(seed.expose()));
}

result<service_keys> service_keys::load(const std::filesystem::path& file) {
  const auto folder = folder_of(file);
  if (!folder) return loading_error(folder.error());
  const auto opened = posix::open_regular_at(folder->get(), file.filename().string());
  if (!opened) return loading_error(opened.error());
  if (is_exposed(opened->info)) return errc::service_key_exposed;
  if (opened->info.st_size > max_file_size) return errc::service_key_damaged;

  // Reads straight into fenced memory, so that no other buffer keeps a copy.
  secret_bytes text = secret_bytes::locked(static_cast<std::size_t>(opened->info.st_size));
  const auto size = posix::read_full(opened->file.get(), text.expose_writable());
  if (!size) return loading_error(size.error());
  auto seed = service::read_key_text(crypto::text_of(text.expose().first(*size)));
  if (!seed) return errc::service_key_damaged;
  return service_keys(*std::move(seed));
}

result<void> service_keys::save(const std::filesystem::path& file) const {
  const auto folder = folder_of(file);
  if (!folder) return saving_error(folder.error());
  const secret_bytes content = service::write_key_text(seed_, public_);
  const std::string name = file.filename().string();
  const auto written = posix::write_new_file(folder->get(), name, content.expose());
  if (!written) return saving_error(written.error());
  const auto synced = posix::sync_folder(folder->get());
  if (synced) return {};
  static_cast<void>(::unlinkat(folder->get(), name.c_str(), 0));  // the keys may not be durable
  return saving_error(synced.error());
}

}  // namespace reinstate
