// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_HEALTH_JOB_HPP
#define REINSTATE_ENGINE_RESTORE_HEALTH_JOB_HPP

#include "engine/set/backup_set.hpp"
#include "engine/operation/job.hpp"
#include "engine/generation/store_comparison.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>
#include <optional>
#include <string>

namespace reinstate::engine {

// Compares a store with the indexes of its backup, side by side in one pass.
class health_job final : public job {
 public:
  health_job(std::shared_ptr<const backup_restorer_config> config, std::string path, health_options options);

  step_result run(step what) override;
  operation_report report() const override { return report_; }

 private:
  step_result open();
  step_result compare();
  result<void> judge(const license_record& item, const archive::index_entry* backed_up);
  void report(const license_record& item, error_code finding);
  step_result fail(failure error);
  step_result done_so_far(bool more) const;

  std::shared_ptr<const backup_restorer_config> config_;
  const std::string path_;
  const health_options options_;
  operation_report report_;
  std::unique_ptr<backup_medium> medium_;
  std::unique_ptr<age::identity> who_;
  store_description total_;
  std::optional<store_comparison> both_;  // from `open` on
};

}  // namespace reinstate::engine

#endif
