// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RULES_MANAGED_RESTORE_HPP
#define REINSTATE_ENGINE_RULES_MANAGED_RESTORE_HPP

#include "core/failure.hpp"
#include "crypto/secret_buffer.hpp"
#include "engine/rules/issuer_check.hpp"

#include <reinstate/backup_restorer.hpp>

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace reinstate::engine {

// Restores managed licenses: gathers some, asks the service for all of them at once, and opens those it grants. Memory
// does not grow with their number.
//
// If the service gave no answer it is not asked again: later licenses are refused for the same reason.
//
// Lifetime: the configuration and the check must outlive this object. Not for several threads at a time.
class managed_restore {
 public:
  managed_restore(const backup_restorer_config& config, issuer_check& issuers, std::stop_token stop)
      : config_(config), issuers_(issuers), stop_(std::move(stop)) {}

  // Sets the owner who opened the backup with its recovery key, whose proof of ownership is sent to the service. With
  // `take_over_machine_slot` this machine asks for the machine slot of the one that made the backup.
  void owned_by(const backup_owner* owner, bool take_over_machine_slot) noexcept;

  // Sends the releases that wait in the store, since they free machine slots. Preconditions: no batch of the store is
  // open.
  // Errors: operation_canceled; those of the consent and of the store's notes.
  result<void> send_waiting_releases();

  // Adds a license with its issuer's statement and the version that the store has. Copies what it needs.
  // Errors: issuer_unknown for a license that is sealed to another service, license_not_authentic.
  result<void> add(const license_record& item, signed_statement statement, const license_version& present);

  bool is_full() const noexcept {
    return waiting_.size() == restore_request::max_licenses || seals_.size() == restore_request::max_seals ||
           bytes_ >= max_bytes;
  }

  // The outcome of one license: refused for a reason, or granted and opened. Valid during the call only.
  struct outcome {
    license_record license;   // as backed up; with its payload if it was granted
    license_version present;  // in the store; the state is as far along as the service knows
    error_code refused;
  };

  // Asks for all licenses that were added, and passes the outcome of each to `take`, in the order of their adding.
  // Errors: operation_canceled; those of the consent and of `take`.
  result<void> ask(const std::function<result<void>(const outcome&)>& take);

  // Counts over all calls so far.
  std::uint64_t granted() const noexcept { return granted_; }
  std::uint64_t refused() const noexcept { return refused_; }
  bool reached_limit() const noexcept { return reached_limit_; }

  // Returns the reason of the refusals that the user can do most about: the limit of machines, then the error of the
  // service; success if there were other reasons only.
  error_code refusal() const noexcept;
  const std::string& help_url() const noexcept { return help_url_; }

 private:
  static constexpr std::size_t max_bytes = 4 * 1024 * 1024;

  struct waiting_license {
    license_id id;
    key_id key;
    std::uint64_t revision = 0;
    license_state state;
    std::vector<std::byte> metadata;
    crypto::secret_buffer sealed;
    std::size_t seal = 0;  // an index into `seals_`
    signed_statement statement;
    license_version present;

    license_record record() const noexcept;
  };

  result<restore_answer> decide();
  result<consent_answer> ask_consent();
  result<restore_request> make_request() const;
  result<std::size_t> seal_of(crypto::byte_span certificate);
  result<void> tell(const waiting_license& item, license_answer& answer,
                    const std::function<result<void>(const outcome&)>& take);
  result<void> refuse(const waiting_license& item, error_code reason,
                      const std::function<result<void>(const outcome&)>& take);

  const backup_restorer_config& config_;
  issuer_check& issuers_;
  std::stop_token stop_;
  const backup_owner* owner_ = nullptr;
  bool same_machine_ = false;

  std::vector<waiting_license> waiting_;
  std::vector<std::vector<std::byte>> seals_;  // of those that wait
  std::size_t bytes_ = 0;
  std::optional<consent_answer> consent_;
  error_code unavailable_;  // why the service is no longer asked
  crypto::secret_buffer payload_;
  std::uint64_t granted_ = 0;
  std::uint64_t refused_ = 0;
  bool reached_limit_ = false;
  std::string help_url_;
};

}  // namespace reinstate::engine

#endif
