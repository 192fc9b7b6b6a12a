// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_RESTORE_JOB_HPP
#define REINSTATE_ENGINE_RESTORE_RESTORE_JOB_HPP

#include "engine/operation/job.hpp"
#include "engine/restore/backup_source.hpp"
#include "engine/restore/restore_walk.hpp"
#include "engine/restore/version_lookup.hpp"
#include "engine/rules/issuer_check.hpp"
#include "engine/rules/managed_restore.hpp"
#include "engine/rules/plan_recorder.hpp"
#include "license/license_chain_check.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace reinstate::engine {

// Reads a backup into the store, or makes the plan of that: restore_walk decides, this job carries out.
class restore_job final : public job {
 public:
  enum class purpose { restore, plan };

  restore_job(std::shared_ptr<const backup_restorer_config> config, std::string path, restore_options options,
              restore_job::purpose purpose, std::stop_token stop);

  step_result run(step next) override;
  operation_report report() const override { return report_; }

 private:
  step_result open();
  step_result individualize();
  step_result begin();
  step_result copy();
  step_result commit();
  step_result abandon();

  bool is_plan() const noexcept { return purpose_ == purpose::plan; }
  result<void> open_backup();
  result<void> check_identity();
  result<void> open_store_for_plan();
  result<void> open_batch();

  result<void> carry_out(restore_decision& decision);
  result<void> carry_out(const managed_restore::outcome& answer);
  result<void> ask_service();
  result<void> put(license_record item, const license_version& present);

  step_result finish_copying();
  result<void> finish();
  service_answer answer_of_service() const;
  step_result done_so_far(bool more) const;
  step_result fail(const failure& cause);
  void report_damage();

  std::shared_ptr<const backup_restorer_config> config_;
  const std::string path_;
  const restore_options options_;
  const restore_job::purpose purpose_;
  operation_report report_;

  backup_source source_;
  issuer_check issuers_;
  std::optional<restore_walk> walk_;  // from `open` on
  managed_restore managed_;
  plan_recorder plan_;
  license_chain_check chains_;

  bool needs_individualization_ = false;
  std::unique_ptr<write_batch> batch_;  // null in a plan
  version_lookup lookup_;
};

}  // namespace reinstate::engine

#endif
