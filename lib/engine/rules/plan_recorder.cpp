// SPDX-License-Identifier: BSL-1.0
#include "engine/rules/plan_recorder.hpp"

#include "format/archive/archive_record.hpp"
#include "license/metadata.hpp"

#include <algorithm>

namespace reinstate::engine {

plan_recorder::plan_recorder(std::shared_ptr<const operation_plan> agreed, std::size_t limit)
    : agreed_(std::move(agreed)), limit_(limit) {
}

void plan_recorder::digest_number(std::uint64_t number) {
  decisions_.update(crypto::big_endian(number));
}

void plan_recorder::depends_on(crypto::byte_span bytes) {
  digest_number(bytes.size());
  decisions_.update(bytes);
}

void plan_recorder::count(planned_action action, const license_record& item) {
  switch (action) {
    case planned_action::take: ++plan_.taken; break;
    case planned_action::renew: ++plan_.renewed; break;
    case planned_action::replace: ++plan_.replaced; break;
    case planned_action::keep: ++plan_.kept; return;
    case planned_action::remove: ++plan_.removed; return;
    case planned_action::leave_out: ++plan_.left_out; return;
  }
  plan_.payload_bytes += item.payload.size();
}

void plan_recorder::add(planned_action action, const license_record& item, error_code reason) {
  count(action, item);
  decisions_.update(archive::encode({item.id, false, item.revision}));
  const std::array<std::byte, 2> decision{static_cast<std::byte>(action),
                                          static_cast<std::byte>(reason.value() & 0xff)};
  decisions_.update(decision);
  if (action == planned_action::keep) return;
  if (agreed_) return compare({item.id, item.key, {}, action, reason, item.revision}, item);
  if (plan_.licenses.size() < limit_)
    plan_.licenses.push_back({item.id, item.key, short_title_of(item), action, reason, item.revision});
}

// Compares a decision with the plan. Both are in order of license id.
void plan_recorder::compare(const planned_license& decided, const license_record& item) {
  const auto& licenses = agreed_->licenses;
  for (; agreed_at_ != licenses.size() && licenses[agreed_at_].id < decided.id; ++agreed_at_)
    report_change(licenses[agreed_at_]);
  if (agreed_at_ == licenses.size() || licenses[agreed_at_].id != decided.id) {
    if (agreed_at_ == licenses.size() && !lists_everything()) return;
    // The plan does not list the titles of licenses it keeps.
    return report_change(
        {decided.id, decided.key, short_title_of(item), decided.action, decided.reason, decided.revision});
  }
  const planned_license& agreed = licenses[agreed_at_++];
  const bool is_same =
      agreed.action == decided.action && agreed.reason == decided.reason && agreed.revision == decided.revision;
  if (!is_same) report_change(agreed);
}

// Returns true if the list of the plan was not cut at the limit.
bool plan_recorder::lists_everything() const noexcept {
  return agreed_->licenses.size() < limit_;
}

void plan_recorder::report_change(const planned_license& license) {
  if (changed_.size() < limit_) changed_.push_back({license.id, license.key, license.title, errc::changed_since_plan});
}

void plan_recorder::digest_summary() {
  for (const std::uint64_t number :
       {std::uint64_t{plan_.generation}, std::uint64_t{plan_.builds_on}, std::uint64_t{plan_.needs_individualization},
        std::uint64_t{plan_.begins_new_set}, plan_.machine_slots})
    digest_number(number);
  for (const std::uint32_t generation : plan_.generations_removed) digest_number(generation);
}

result<void> plan_recorder::finish(std::vector<license_outcome>& outcomes) {
  digest_summary();
  std::ranges::copy(decisions_.finish(), plan_.digest.begin());
  // Lists may have been cut at another length; the digest is of everything.
  if (!agreed_ || plan_.digest == agreed_->digest) return {};
  for (; agreed_at_ != agreed_->licenses.size(); ++agreed_at_) report_change(agreed_->licenses[agreed_at_]);
  outcomes = std::move(changed_);
  return errc::plan_outdated;
}

}  // namespace reinstate::engine
