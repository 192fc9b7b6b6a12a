// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_VERIFICATION_HPP
#define REINSTATE_ENGINE_RESTORE_VERIFICATION_HPP

#include "engine/operation/job.hpp"
#include "engine/restore/backup_source.hpp"
#include "engine/restore/restore_walk.hpp"
#include "engine/rules/issuer_check.hpp"
#include "license/license_chain_check.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>
#include <optional>
#include <string>

namespace reinstate::engine {

// Proves a backup whole: walks it as a restore into an empty store would, and checks the files that a restore can do
// without. Needs no identity and changes nothing.
class verification final : public job {
 public:
  verification(std::shared_ptr<const backup_restorer_config> config, std::string path, const verify_options& options);

  step_result run(step next) override;
  operation_report report() const override { return report_; }

 private:
  step_result open();
  step_result check_some();

  result<void> open_backup();
  result<void> check_sidecars();
  void record(const restore_decision& decision);
  result<void> finish();
  step_result done_so_far(bool more) const { return {.more = more, .progress = walk_->progress(!more)}; }
  step_result fail(const failure& cause);
  void report_damage();

  std::shared_ptr<const backup_restorer_config> config_;
  const std::string path_;
  const verify_options options_;
  operation_report report_;

  backup_source source_;
  issuer_check issuers_;
  std::optional<restore_walk> walk_;  // from `open` on
  license_chain_check chains_;
};

}  // namespace reinstate::engine

#endif
