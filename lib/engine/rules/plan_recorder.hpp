// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RULES_PLAN_RECORDER_HPP
#define REINSTATE_ENGINE_RULES_PLAN_RECORDER_HPP

#include "core/failure.hpp"
#include "crypto/hash.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/plan.hpp>
#include <reinstate/report.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace reinstate::engine {

// Records the decisions of an operation as they are made: into a plan, or to compare them with one.
class plan_recorder {
 public:
  // `agreed` is the plan the operation must follow; null if there is none.
  plan_recorder(std::shared_ptr<const operation_plan> agreed, std::size_t limit);

  // Adds to the digest something else that the decisions depend on, such as the generation that is read.
  void depends_on(crypto::byte_span bytes);

  // The members of the plan besides the licenses; the caller completes them before `finish`.
  operation_plan& plan() noexcept { return plan_; }

  void add(planned_action action, const license_record& item, error_code reason = {});

  // Ends the recording, after the last decision. Errors: plan_outdated, and `outcomes` receives the licenses about
  // which another decision was made, as far as the plan lists them.
  result<void> finish(std::vector<license_outcome>& outcomes);

  // Returns the decisions as a plan, after `finish`.
  operation_plan take() { return std::move(plan_); }

 private:
  void digest_number(std::uint64_t number);
  void digest_summary();
  void count(planned_action action, const license_record& item);
  void compare(const planned_license& decided, const license_record& item);
  void report_change(const planned_license& license);
  bool lists_everything() const noexcept;

  std::shared_ptr<const operation_plan> agreed_;
  const std::size_t limit_;
  operation_plan plan_;
  crypto::hasher decisions_;
  std::size_t agreed_at_ = 0;  // the entry of the plan that comes next
  std::vector<license_outcome> changed_;
};

}  // namespace reinstate::engine

#endif
