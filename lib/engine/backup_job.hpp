// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_JOB_HPP
#define REINSTATE_ENGINE_BACKUP_JOB_HPP

#include "archive_reader.hpp"
#include "backup_keys.hpp"
#include "generation_writer.hpp"
#include "job.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reinstate::engine {

// Writes a full generation of a store's licenses to a medium.
//
// Order on the medium: README.txt and the recovery file if they are new, the volumes, all of them restored into
// nothing, then the manifest, which makes the generation exist; only then is anything older removed. Every file has a
// name that did not exist. A backup that is abandoned removes what it created.
class backup_job final : public job {
 public:
  backup_job(std::shared_ptr<const backup_restorer_config> config, std::string path, bool overwrite);

  step_result run(step what) override;
  operation_report report() const override { return report_; }

 private:
  step_result open();
  step_result copy();
  step_result check();
  step_result commit();
  step_result clean_up();
  step_result abandon();

  result<void> open_keys(const std::vector<medium_entry>& files);
  result<void> write_readme(const std::vector<medium_entry>& files);
  result<void> check_file(const std::string& name, crypto::byte_span content);

  result<void> check_alone();
  bool is_recovery_file(const std::string& name) const;
  bool is_shared(const std::string& name);

  result<void> finish_archive();
  result<void> take(license_record item, std::vector<status_event>& events);
  void leave_out(const license_record& item, error_code reason, std::vector<status_event>& events);
  step_result done_so_far(operation_progress::phase phase, bool more) const;

  std::shared_ptr<const backup_restorer_config> config_;
  std::string path_;
  bool overwrite_;
  operation_report report_;
  std::unique_ptr<backup_medium> medium_;

  archive::manifest manifest_;  // of the generation that is being written
  backup_keys keys_;
  std::optional<x25519_public_key> machine_;  // this one; nothing where it has no identity yet
  bool replaces_licenses_ = false;            // what this backup replaces may hold licenses

  store_description total_;
  std::unique_ptr<license_cursor> cursor_;
  std::optional<generation_writer> writer_;
  bool lost_something_ = false;  // a license of the store could not be read

  std::uint64_t payload_bytes_seen_ = 0;
  license_id last_id_;
  std::unique_ptr<archive_reader> check_;
};

}  // namespace reinstate::engine

#endif
