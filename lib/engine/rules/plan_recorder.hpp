// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RULES_PLAN_RECORDER_HPP
#define REINSTATE_ENGINE_RULES_PLAN_RECORDER_HPP

#include "crypto/hash.hpp"
#include "engine/set/failure.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/plan.hpp>
#include <reinstate/report.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace reinstate::engine {

// Takes down the decisions of an operation as they are made: into a plan, or against one.
class plan_recorder {
 public:
  // `agreed` is what the operation must do; null where it is free.
  plan_recorder(std::shared_ptr<const operation_plan> agreed, std::size_t limit);

  // Something besides the licenses that the decisions rest on, such as the generation that is read.
  void depends_on(crypto::byte_span what);

  // What the plan says besides the licenses; complete before `finish`.
  operation_plan& about() noexcept { return plan_; }

  void add(planned_action what, const license_record& item, error_code reason = {});

  // After the last decision. Errors: plan_outdated, and `outcomes` receives the licenses about which another decision
  // was made, as far as the plan lists them.
  result<void> finish(std::vector<license_outcome>& outcomes);

  // The decisions as a plan; after `finish`.
  operation_plan take() { return std::move(plan_); }

 private:
  void digest_number(std::uint64_t number);
  void digest_what_is_about();
  void count(planned_action what, const license_record& item);
  void compare(const planned_license& now, const license_record& item);
  void report_change(const planned_license& of);
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
