// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_BACKUP_JOB_HPP
#define REINSTATE_ENGINE_BACKUP_BACKUP_JOB_HPP

#include "engine/backup/backup_keys.hpp"
#include "engine/backup/backup_walk.hpp"
#include "engine/generation/archive_reader.hpp"
#include "engine/generation/generation_writer.hpp"
#include "engine/operation/job.hpp"
#include "engine/rules/plan_recorder.hpp"
#include "engine/set/prune.hpp"
#include "license/license_chain_check.hpp"
#include "managed/managed_seal.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reinstate::engine {

// Writes a generation of a store's licenses to a medium: all of them, or those that changed since the newest
// generation. Or only plans what it would write.
//
// Order on the medium: README.txt and the key slots if they are new, the volumes and the index, all of them read
// again, then the manifest, which makes the generation exist; only then is anything older removed. Every file has a
// name that did not exist. A backup that is abandoned removes what it created.
class backup_job final : public job {
 public:
  enum class purpose { backup, plan };

  backup_job(std::shared_ptr<const backup_restorer_config> config, std::string path, backup_options options,
             purpose purpose);

  step_result run(step next) override;
  operation_report report() const override { return report_; }

 private:
  step_result open();
  step_result copy();
  step_result check();
  step_result commit();
  step_result clean_up();
  step_result abandon();

  step_result fail(failure error);
  bool has(backup_flags flag) const noexcept;
  bool is_plan() const noexcept { return purpose_ == purpose::plan; }
  bool has_plan() const noexcept { return is_plan() || options_.plan; }
  result<void> open_store();
  result<void> unlock_set(const std::vector<medium_entry>& files);
  result<void> build_on(const chain& newest, const std::vector<medium_entry>& files, bool is_newest_damaged);
  result<void> begin_writing(const std::vector<medium_entry>& files);
  result<void> check_file(const std::string& name, crypto::byte_span content);
  result<void> check_index();

  step_result copy_some(std::vector<status_event>& events);
  result<void> carry_out(const backup_decision& decision, std::vector<status_event>& events);
  result<void> write(const backup_decision& decision);
  void leave_out(const backup_decision& decision, std::vector<status_event>& events);
  operation_phase looking() const;
  result<removals> to_remove(const std::vector<medium_entry>& files);
  step_result finish_copying();
  result<void> finish_plan(bool is_unchanged);
  step_result done_so_far(operation_phase phase, bool more) const;

  std::shared_ptr<const backup_restorer_config> config_;
  const std::string path_;
  const backup_options options_;
  const purpose purpose_;
  operation_report report_;
  std::unique_ptr<backup_medium> medium_;

  archive::manifest manifest_;  // of the generation that is being written
  backup_keys keys_;
  std::optional<x25519_public_key> machine_;  // this one; nullopt if it has no identity yet
  bool begins_new_set_ = false;
  bool replaces_licenses_ = false;  // the present backup may hold licenses
  bool goes_on_ = false;            // the walk knows what the newest generation has
  bool changes_anything_ = false;   // the generation differs from the one it builds on

  store_description total_;
  std::optional<backup_walk> walk_;
  std::optional<generation_writer> writer_;
  std::optional<managed::payload_sealer> sealer_;  // made for the first managed license
  crypto::secret_buffer sealed_;
  plan_recorder plan_;
  license_chain_check chains_;
  std::uint64_t payload_bytes_ = 0;  // so far
  std::unique_ptr<archive_reader> check_;
};

}  // namespace reinstate::engine

#endif
