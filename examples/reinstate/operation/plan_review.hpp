// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_PLAN_REVIEW_HPP
#define REINSTATE_TOOL_PLAN_REVIEW_HPP

#include "operation/ending_report.hpp"
#include "operation/session.hpp"
#include "output/plan_text.hpp"
#include "terminal/confirm.hpp"

#include <reinstate/plan.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

// Implements --dry-run and --confirm of backup and restore.

namespace tool {

// How many licenses a question names: a screenful.
inline constexpr std::size_t max_named_in_question = 20;

// Shows what the operation would do, and changes nothing. Returns the exit code that the operation would have.
template <class Options>
exit_code show_plan(session& run, std::shared_ptr<reinstate::license_store> store, Options options, plan_kind kind,
                    const ending_report& report, output& out) {
  const ending end = run.run(std::move(store), reinstate::plan_for<Options>{std::move(options)});
  if (end.error.failed()) return report.fail(end);
  const reinstate::operation_plan& plan = *end.report.plan;
  out.line(plan_text(plan, kind, plan.licenses.size()));
  return report.finish_plan(end);
}

// Makes a plan, asks the user to confirm it if it changes anything, and puts it into the options. Returns nullopt if
// the operation is to go on, or else how the command ended.
template <class Options>
std::optional<exit_code> confirm_plan(session& run, std::shared_ptr<reinstate::license_store> store, Options& options,
                                      plan_kind kind, const ending_report& report, output& out) {
  const ending end = run.run(std::move(store), reinstate::plan_for<Options>{options});
  if (end.error.failed()) return report.fail(end);
  options.plan = end.report.plan;
  if (!changes_anything(*options.plan, kind)) return std::nullopt;
  const auto confirmed = confirm(plan_text(*options.plan, kind, max_named_in_question), run.stop());
  if (!confirmed) return out.failed(confirmed.error(), {});
  return std::nullopt;
}

}  // namespace tool

#endif
