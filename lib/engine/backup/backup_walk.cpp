// SPDX-License-Identifier: BSL-1.0
#include "engine/backup/backup_walk.hpp"

#include "engine/operation/step_size.hpp"
#include "engine/rules/right_check.hpp"
#include "managed/managed_seal.hpp"

#include <utility>

namespace reinstate::engine {

using effect = backup_effect;

namespace {

// Returns true if the issuer wants a license out of backups. A license that was altered, or cannot be sealed without
// its service, stays as an earlier generation has it.
bool is_refused_by_issuer(const error_code& refusal) noexcept {
  return refusal == errc::backup_right_absent || refusal == errc::license_revoked;
}

std::size_t size_in_backup(const license_record& item) noexcept {
  return archive::encoded_size(item) + (item.backup == backup_right::managed ? managed::seal_overhead : 0);
}

}  // namespace

backup_walk::backup_walk(const backup_restorer_config& config, earlier_backup before,
                         const license_selection& selection)
    : config_(config),
      before_(std::move(before)),
      selector_(selection),
      issuers_(config),
      takes_everything_(selection.selects_all()),
      passed_something_over_(!before_.index && !takes_everything_) {
}

result<void> backup_walk::open() {
  auto cursor = config_.store->open_cursor();
  if (!cursor) return cursor.error();
  both_.emplace(std::move(*cursor), std::move(before_.index));
  if (!selector_.needs_look()) return {};
  auto look = config_.store->open_cursor();
  if (!look) return look.error();
  look_ = std::move(*look);
  return {};
}

result<void> backup_walk::look_some() {
  for (std::uint64_t i = 0; i != step_licenses; ++i) {
    const auto item = look_->next();
    if (!item) return item.error();
    if (!*item) {
      look_.reset();
      return {};
    }
    selector_.look(**item);
  }
  return {};
}

result<std::optional<backup_decision>> backup_walk::next() {
  auto decision = next_decision();
  if (!decision) return decision;
  if (!*decision) {
    if (const auto finished = finish_carrying(); !finished) return finished.error();
  } else if (before_.licenses && (*decision)->effect == effect::stays) {
    if (const auto carried = carry(**decision); !carried) return carried.error();
  }
  return decision;
}

result<std::optional<backup_decision>> backup_walk::next_decision() {
  const auto item = both_->next();
  if (!item) return item.error();
  if (!*item) return std::optional<backup_decision>();
  if (!(*item)->in_store) return std::optional(gone((*item)->in_backup->id));
  const auto decision = decide(*(*item)->in_store, (*item)->in_backup);
  if (!decision) return decision.error();
  return std::optional(*decision);
}

// Decides about a license that the store no longer has. With a selection it stays: only its id is known, which cannot
// be matched.
backup_decision backup_walk::gone(const license_id& id) const {
  backup_decision out;
  out.planned = takes_everything_ ? planned_action::remove : planned_action::keep;
  out.effect = takes_everything_ ? effect::removed : effect::stays;
  out.license.id = id;
  return out;
}

result<backup_decision> backup_walk::decide(const license_record& item, const archive::index_entry* backed_up) {
  const auto metadata = view_metadata(item.metadata);
  backup_decision out{planned_action::keep,
                      {},
                      backed_up ? effect::stays : effect::absent,
                      item,
                      metadata ? metadata->root : std::nullopt};
  if (!selector_.takes(item)) {
    passed_something_over_ = passed_something_over_ || !backed_up;
    return out;
  }
  error_code refusal = refusal_by_right(item, config_);
  const bool is_unchanged = backed_up && backed_up->revision == item.revision;
  if (!refusal && is_unchanged && !before_.licenses) return out;
  if (refusal == errc::service_required && is_unchanged) return out;  // it is there, sealed to a service

  // Opens the payload of a refused license too: only its seal tells whether its issuer refused it or it is damaged.
  const auto payload = both_->payload();
  if (!payload && payload.error() != errc::license_damaged) return payload.error();
  if (payload) out.license.payload = *payload;
  if (payload && !refusal) {
    const auto statement = issuers_.read_statement(item, metadata);
    refusal = statement ? issuers_.objection(*statement, *payload) : statement.error().code;
  }
  const bool is_too_large = size_in_backup(out.license) > config_.limits.license_bytes;
  if (!payload || refusal || is_too_large) {
    out.planned = planned_action::leave_out;
    out.reason = !payload ? payload.error().code : refusal ? refusal : error_code(errc::license_too_large);
    out.license.payload = {};
    const bool must_go = payload && is_refused_by_issuer(refusal);
    if (must_go && backed_up) out.effect = effect::removed;
    passed_something_over_ = passed_something_over_ || (!backed_up && !must_go);
    return out;
  }
  out.effect = effect::written;
  if (is_unchanged) return out;
  out.planned = !backed_up                            ? planned_action::take
                : item.revision > backed_up->revision ? planned_action::renew
                                                      : planned_action::replace;
  return out;
}

// Copies a license from the earlier backup. Both are in order of license id.
result<void> backup_walk::carry(backup_decision& decision) {
  has_carried_ = true;
  for (;;) {
    const auto item = before_.licenses->next();
    if (!item) return item.error();
    if (!*item || id_of(**item) > decision.license.id) return errc::backup_damaged;  // the index has it
    if (id_of(**item) != decision.license.id) continue;
    decision.license = (*item)->license;
    decision.root = root_of(decision.license);
    decision.effect = effect::carried;
    return {};
  }
}

// Reads the earlier backup to its end, which proves that the copied licenses are genuine.
result<void> backup_walk::finish_carrying() {
  while (has_carried_) {
    const auto item = before_.licenses->next();
    if (!item) return item.error();
    has_carried_ = item->has_value();
  }
  return {};
}

}  // namespace reinstate::engine
