// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_RESTORE_WALK_HPP
#define REINSTATE_ENGINE_RESTORE_RESTORE_WALK_HPP

#include "engine/restore/backup_source.hpp"
#include "engine/restore/salvage_check.hpp"
#include "engine/restore/salvage_survey.hpp"
#include "engine/restore/version_lookup.hpp"
#include "engine/rules/issuer_check.hpp"
#include "license/selector.hpp"

#include <reinstate/plan.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// The effect of a restore on one license.
enum class restore_effect {
  ignored,   // it is not selected, or the backup says that the store had it no longer
  left_out,  // for a reason
  kept,      // the store has it already
  stored,
  asked_for,  // stored if the service grants it
};

// The decision of a restore about one license.
struct restore_decision {
  planned_action planned = planned_action::keep;
  restore_effect effect = restore_effect::ignored;
  error_code reason = {};           // of `leave_out`
  error_code warning = {};          // told about a license that may come back all the same
  license_record license = {};      // as backed up; nothing but the id if it is lost
  std::optional<key_id> root = {};  // see `license::root`
  std::optional<license_version> present =
      {};  // what the store has; known of a license that is kept, stored or asked for
  std::optional<signed_statement> statement = {};  // of a license to ask for
};

// Walks the licenses of a backup and decides license by license; changes nothing. In salvage it also names the licenses
// that are lost, in their place.
//
// Lifetime: configuration, source and check must outlive it.
class restore_walk {
 public:
  restore_walk(const backup_restorer_config& config, const backup_source& source, const restore_options& options,
               issuer_check& issuers);

  // Makes the readers; in salvage reads the indexes, and `damage` receives those that are not whole.
  // Errors: those of the medium and of the identity.
  result<void> open(std::vector<backup_damage>& damage);

  // A selection of license chains and a salvage read the backup in part or once before they can decide. While
  // `is_preparing`, call `prepare_some`, which reads about a step. Errors: as `next`.
  bool is_preparing() const noexcept;
  result<void> prepare_some();

  // Returns the next decision, in ascending order of id and valid until the next call; nullopt at the end, when it is
  // known that the backup is whole. Preconditions: not preparing.
  // Errors: those of archive_reader, of the store and its notes.
  result<std::optional<restore_decision>> next(const version_lookup& lookup);

  // Checks that every index says what the volumes of its generation hold. Preconditions: `next` gave the end.
  // Errors: as read_index, and backup_damaged.
  result<void> check_indexes() const;

  // In salvage: returns the damage found since `open`, once.
  std::vector<backup_damage> take_damage();

  std::uint64_t licenses_seen() const noexcept { return licenses_seen_; }
  std::uint64_t bytes_read() const noexcept { return reader_->bytes_read(); }
  operation_progress progress(bool is_done) const;

 private:
  using reader = merged_reader<archive_reader>;

  result<void> read_next();
  void finish_salvage();
  void compare_indexes();
  result<restore_decision> decide_found(const version_lookup& lookup);
  result<restore_decision> decide_earlier(const version_lookup& lookup);
  result<restore_decision> decide(const version_lookup& lookup);
  result<planned_action> plan_for_version(const std::optional<license_version>& present) const;

  const backup_restorer_config& config_;
  const backup_source& source_;
  const bool repairs_;
  issuer_check& issuers_;
  selector selector_;
  std::unique_ptr<reader> look_;  // the first of two passes, if a selection needs one
  std::unique_ptr<reader> reader_;
  license_record found_;  // the license read last
  bool at_end_ = false;
  std::uint64_t licenses_seen_ = 0;
  std::uint64_t payload_bytes_ = 0;

  std::optional<salvage_survey> survey_;  // of a salvage, as are the following
  std::optional<salvage_check> check_;
  std::optional<salvage_check::verdict> verdict_;  // about `found_`, until it is decided
  std::vector<license_id> lost_;                   // licenses that should have come before `found_`
  std::size_t lost_told_ = 0;                      // the number of them that were given
  std::optional<failure> failure_;                 // to return after them
  std::vector<backup_damage> damage_;
  bool readers_damage_is_taken_ = false;
};

}  // namespace reinstate::engine

#endif
