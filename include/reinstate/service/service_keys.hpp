// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVICE_KEYS_HPP
#define REINSTATE_SERVICE_SERVICE_KEYS_HPP

#include <reinstate/managed/license_management_service.hpp>

#include <filesystem>

namespace reinstate {

// The private keys of a License Management Service, all derived from one seed of 32 bytes. The seed opens everything
// that is sealed to the service; if it is lost, nothing can open that again: keep a copy offline.
//
// Thread safety: as a built-in type. Const functions may be called from several threads at once.
class service_keys {
 public:
  // Makes new keys from the system's random source. Throws std::bad_alloc.
  static service_keys generate();

  // Errors: invalid_argument if the seed is not 32 bytes. Throws std::bad_alloc.
  static result<service_keys> from_seed(const secret_bytes& seed);

  // Reads a file that `save` wrote.
  // Errors: path_not_found, path_not_accessible, service_key_exposed if other users may read it, service_key_damaged.
  static result<service_keys> load(const std::filesystem::path& file);

  // Writes a new file that only its owner may read, durably.
  // Errors: service_key_exists if the file exists, path_not_found, path_not_accessible, medium_full,
  // medium_read_only, medium_failed.
  result<void> save(const std::filesystem::path& file) const;

  const service_key& public_key() const noexcept { return public_; }

  // The X25519 private key, the Ed25519 seed, and the key for the tickets of the service's page; 32 bytes each.
  const secret_bytes& agreement() const noexcept { return agreement_; }
  const secret_bytes& signing_seed() const noexcept { return signing_; }
  const secret_bytes& ticket() const noexcept { return ticket_; }

 private:
  explicit service_keys(secret_bytes seed);

  secret_bytes seed_, agreement_, signing_, ticket_;
  service_key public_;
};

}  // namespace reinstate

#endif
