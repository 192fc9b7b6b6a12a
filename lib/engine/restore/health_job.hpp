// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_HEALTH_JOB_HPP
#define REINSTATE_ENGINE_RESTORE_HEALTH_JOB_HPP

#include "engine/generation/store_comparison.hpp"
#include "engine/operation/job.hpp"
#include "engine/restore/backup_source.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>
#include <optional>
#include <string>

namespace reinstate::engine {

// Compares a store with the indexes of its backup in one ordered pass.
class health_job final : public job {
 public:
  health_job(std::shared_ptr<const backup_restorer_config> config, std::string path, health_options options);

  step_result run(step next) override;
  operation_report report() const override { return report_; }

 private:
  step_result open();
  step_result compare();
  result<void> judge(const license_record& item, const archive::index_entry* backed_up);
  void report(const license_record& item, error_code finding);
  result<void> open_backup();
  result<void> open_store();
  step_result done_so_far(bool more) const;
  step_result fail(const failure& cause);

  std::shared_ptr<const backup_restorer_config> config_;
  const std::string path_;
  const health_options options_;
  operation_report report_;
  backup_source source_;
  store_description total_;
  std::optional<store_comparison> comparison_;  // from `open` on
};

}  // namespace reinstate::engine

#endif
