// SPDX-License-Identifier: BSL-1.0
#include "operations.hpp"

#include "confirm.hpp"
#include "describe.hpp"
#include "finish.hpp"
#include "report_text.hpp"
#include "session.hpp"

#include <reinstate/plugins/memory_license_store.hpp>

#include <optional>
#include <utility>

namespace tool {
namespace {

using reinstate::backup_options;
using reinstate::errc;
using reinstate::plan_for;
using reinstate::restore_options;

using shared_store = std::shared_ptr<reinstate::license_store>;

// Enough to see in a terminal what it is about.
constexpr std::size_t listed_in_question = 20;

// The licenses of this machine, or of one that has none: looking leaves no trace.
reinstate::result<shared_store> store_to_look_at(const session& run) {
  return run.here().has_store() ? run.open_store() : shared_store(reinstate::make_memory_license_store());
}

// Shows what an operation would do. Nothing is done; the exit code is what the operation's would be.
template <class Options>
exit_code show_plan(session& run, shared_store store, Options how, plan_kind kind, const options& what, output& out) {
  const ending end = run.run(std::move(store), plan_for<Options>{std::move(how)});
  if (end.error.failed()) return finish(end, what, run.here(), out, {});
  const reinstate::operation_plan& plan = *end.report.plan;
  out.line(plan_text(plan, kind, plan.licenses.size()));
  return finish_plan(end, what, out);
}

// Makes a plan, and has the user agree to it; then the options have it. Otherwise returns how the command ends.
template <class Options>
std::optional<exit_code> agree(session& run, shared_store store, Options& how, plan_kind kind, const options& what,
                               output& out) {
  const ending end = run.run(std::move(store), plan_for<Options>{how});
  if (end.error.failed()) return finish(end, what, run.here(), out, {});
  how.plan = end.report.plan;
  if (!changes_anything(*how.plan, kind)) return std::nullopt;  // nothing to agree to
  const auto agreed = confirm(plan_text(*how.plan, kind, listed_in_question), run.stop());
  if (!agreed) return out.failed(agreed.error(), "");
  return std::nullopt;
}

reinstate::backup_flags flags_of_backup(const options& what) {
  if (what.update) return reinstate::backup_flags::update;
  return what.overwrite ? reinstate::backup_flags::overwrite : reinstate::backup_flags::none;
}

restore_options options_of_restore(const options& what) {
  restore_options how;
  if (what.individualize) how.flags = reinstate::restore_flags::individualize;
  how.selection = what.selection;
  how.generation = what.generation;
  how.salvage = what.salvage;
  how.repair = what.repair;
  how.take_over_machine_slot = what.service.take_over_machine_slot;
  return how;
}

}  // namespace

exit_code backup(const options& what, output& out) {
  session run(what, out);
  std::string where;
  if (const auto taken = run.take_secrets(where); !taken) return out.failed(taken.error(), where);
  if (const auto taken = run.take_service(where); !taken) return out.failed(taken.error(), where);
  if (!run.here().has_store()) return out.failed(errc::store_not_found, run.here().store_file().string());
  auto store = run.open_store();
  if (!store) return out.failed(store.error(), run.here().place_of(store.error()));

  backup_options how{flags_of_backup(what), what.selection, what.keep};
  if (what.dry_run) return show_plan(run, *store, how, plan_kind::backup, what, out);
  if (what.confirm)
    if (const auto ended = agree(run, *store, how, plan_kind::backup, what, out)) return *ended;
  const ending end = run.run(*store, how);
  return finish(end, what, run.here(), out, backup_summary(end.report));
}

exit_code restore(const options& what, output& out) {
  session run(what, out);
  std::string where;
  if (const auto taken = run.take_secrets(where); !taken) return out.failed(taken.error(), where);
  if (const auto taken = run.take_service(where); !taken) return out.failed(taken.error(), where);
  restore_options how = options_of_restore(what);
  if (what.dry_run || what.confirm) {
    auto store = store_to_look_at(run);
    if (!store) return out.failed(store.error(), run.here().place_of(store.error()));
    if (what.dry_run) return show_plan(run, *store, how, plan_kind::restore, what, out);
    if (const auto ended = agree(run, *store, how, plan_kind::restore, what, out)) return *ended;
    // The plan said so, and the user agreed.
    if (how.plan->needs_individualization) how.flags = reinstate::restore_flags::individualize;
  }
  if (auto created = run.here().create(); !created) return out.failed(created.error(), what.home.string());
  auto store = run.open_store();
  if (!store) return out.failed(store.error(), run.here().place_of(store.error()));
  const ending end = run.run(*store, how);
  return finish(end, what, run.here(), out, restore_summary(end.report, end.error == errc::backup_salvaged));
}

exit_code verify(const options& what, output& out) {
  session run(what, out);
  std::string where;
  if (const auto taken = run.take_secrets(where); !taken) return out.failed(taken.error(), where);
  // A verification stores nothing, and must leave no trace on a machine without licenses.
  const ending end = run.run(reinstate::make_memory_license_store(),
                             reinstate::verify_options{what.generation, what.continue_after_damage});
  return finish(end, what, run.here(), out, verify_summary(end.report));
}

exit_code health(const options& what, output& out) {
  session run(what, out);
  std::string where;
  if (const auto taken = run.take_secrets(where); !taken) return out.failed(taken.error(), where);
  if (const auto taken = run.take_service(where); !taken) return out.failed(taken.error(), where);
  auto store = store_to_look_at(run);
  if (!store) return out.failed(store.error(), run.here().place_of(store.error()));
  const ending end = run.run(*store, reinstate::health_options{what.open_payloads});
  return end.error.failed() ? finish(end, what, run.here(), out, {}) : finish_health(end, what, out);
}

}  // namespace tool
