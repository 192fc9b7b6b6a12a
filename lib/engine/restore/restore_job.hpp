// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_RESTORE_JOB_HPP
#define REINSTATE_ENGINE_RESTORE_RESTORE_JOB_HPP

#include "engine/generation/archive_reader.hpp"
#include "engine/generation/merged.hpp"
#include "engine/operation/job.hpp"
#include "engine/restore/salvage_check.hpp"
#include "engine/restore/salvage_search.hpp"
#include "engine/restore/salvage_survey.hpp"
#include "engine/rules/issuer_check.hpp"
#include "engine/rules/managed_restore.hpp"
#include "engine/rules/plan_recorder.hpp"
#include "engine/set/backup_set.hpp"
#include "license/license_chain_check.hpp"
#include "license/selector.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace reinstate::engine {

// Reads a backup into the store, or into nothing to see whether that would work, or what would become of the store.
class restore_job final : public job {
 public:
  enum class purpose { restore, plan, verify };

  restore_job(std::shared_ptr<const backup_restorer_config> config, std::string path, restore_options options,
              purpose what_for, std::stop_token stop);

  step_result run(step what) override;
  operation_report report() const override { return report_; }

 private:
  using reader = merged_reader<archive_reader>;

  step_result open();
  step_result individualize();
  step_result begin();
  step_result copy();
  step_result commit();
  step_result abandon();

  result<void> open_identity(step_result& out);
  result<void> unlock_set(const std::vector<medium_entry>& files);
  result<chain> find(const std::vector<medium_entry>& files);
  void tell_generation();
  result<void> check_other_files(const std::vector<medium_entry>& files);
  result<void> begin_salvage(const std::vector<medium_entry>& files, const secret_bytes& authentication);
  std::unique_ptr<reader> make_reader();
  step_result all_copied() const;
  result<void> look_some();

  result<void> take(const license_record& item);
  result<void> take_salvaged(const license_record& item);
  result<void> take_earlier(const license_record& item);
  result<void> decide(const license_record& item);
  result<void> take_managed(const license_record& item, signed_statement said, const license_version& present);
  result<void> ask_service();
  result<void> take_answered(const managed_restore::outcome& answer);
  error_code refusal() const noexcept;
  result<void> store(license_record item, const license_version& present);
  result<std::optional<license_version>> present_version(const license_id& id);
  void pass_over(const license_record& item, error_code reason);
  void report_lost(const license_id& id);
  void warn(const license_record& item, error_code what);

  result<void> finish();
  result<void> check_index();
  void compare_indexes();
  void collect_damage();
  static failure failed_at(const backup_damage& damage);
  step_result fail(failure error);
  step_result failed(failure error);
  step_result done_so_far(bool more) const;

  std::shared_ptr<const backup_restorer_config> config_;
  const std::string path_;
  const restore_options options_;
  const purpose what_for_;
  operation_report report_;
  std::unique_ptr<backup_medium> medium_;

  chain chain_;
  std::unique_ptr<age::identity> who_;
  std::unique_ptr<reader> reader_;
  std::unique_ptr<reader> look_;  // the first of two walks, where a selection needs one
  selector selector_;
  issuer_check issuers_;
  managed_restore managed_;
  std::optional<backup_owner> owner_;  // who opened the backup, where that was not this machine
  license_chain_check chains_;
  plan_recorder plan_;
  std::optional<salvage_search> search_;
  std::optional<salvage_survey> survey_;  // of a salvage; what it found is in the next
  std::optional<salvage_check> salvage_;
  bool damage_is_known_ = false;  // the readers' damage is in the report

  std::unique_ptr<write_batch> batch_;
  bool needs_individualization_ = false;
  bool store_was_empty_ = false;
  std::unique_ptr<license_cursor> in_store_;  // of a plan
  std::optional<license_record> in_store_now_;
  std::uint64_t payload_bytes_ = 0;
};

}  // namespace reinstate::engine

#endif
