// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_JOB_HPP
#define REINSTATE_ENGINE_RESTORE_JOB_HPP

#include "archive_reader.hpp"
#include "backup_set.hpp"
#include "job.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>
#include <string>

namespace reinstate::engine {

// Reads a backup into the store, or into nothing.
class restore_job final : public job {
 public:
  enum class target { store, nothing };

  restore_job(std::shared_ptr<const backup_restorer_config> config, std::string path, target into);

  step_result run(step what) override;
  operation_report report() const override { return report_; }

 private:
  step_result open();
  step_result individualize();
  step_result begin();
  step_result copy();
  step_result commit();
  step_result abandon();

  result<void> check_other_files(const archive::manifest& manifest, const std::vector<medium_entry>& files);
  result<void> check_readme(std::string_view name, const crypto::digest& content);
  result<void> take(const license_record& item);
  result<void> store(const license_record& item);
  step_result done_so_far(bool more) const;

  std::shared_ptr<const backup_restorer_config> config_;
  std::string path_;
  target into_;
  operation_report report_;
  std::unique_ptr<backup_medium> medium_;
  archive::manifest manifest_;
  std::unique_ptr<age::identity> who_;
  std::unique_ptr<archive_reader> reader_;
  std::unique_ptr<write_batch> batch_;
  bool store_was_empty_ = false;
  std::uint64_t payload_bytes_ = 0;
};

}  // namespace reinstate::engine

#endif
