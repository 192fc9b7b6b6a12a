// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_ASKED_HPP
#define REINSTATE_TESTS_ASKED_HPP

#include "backup_fixture.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

// What a machine can be asked beyond the documented flags, and what a report answers.

namespace reinstate::test {

using shared_files = std::shared_ptr<memory_files>;

inline ended ask(machine& m, const shared_files& stick, backup_options options) {
  m.open(stick);
  return m.run([&](auto handler) { async_backup_licenses(*m.restorer, options, handler); });
}

inline ended ask(machine& m, const shared_files& stick, restore_options options) {
  options.flags = restore_flags::individualize;
  m.open(stick);
  return m.run([&](auto handler) { async_restore_licenses(*m.restorer, options, handler); });
}

inline ended ask(machine& m, const shared_files& stick, verify_options options) {
  m.open(stick);
  return m.run([&](auto handler) { async_verify_backup(*m.restorer, options, handler); });
}

inline ended ask(machine& m, const shared_files& stick, health_options options) {
  m.open(stick);
  return m.run([&](auto handler) { async_check_health(*m.restorer, options, handler); });
}

inline ended plan(machine& m, const shared_files& stick, backup_options options) {
  m.open(stick);
  return m.run([&](auto handler) { async_plan_backup(*m.restorer, options, handler); });
}

inline ended plan(machine& m, const shared_files& stick, restore_options options) {
  options.flags = restore_flags::individualize;
  m.open(stick);
  return m.run([&](auto handler) { async_plan_restore(*m.restorer, options, handler); });
}

inline shared_files copy_of(const shared_files& stick) {
  return std::make_shared<memory_files>(*stick);
}

inline license_id id_of(unsigned number) {
  return make_license(number).id;
}

inline license with_uses(license item, std::optional<std::uint64_t> uses, std::uint64_t revision) {
  item.state.uses_left = uses;
  item.revision = revision;
  return item;
}

// The next revision of a license in a store, after `change`.
template <class Change>
void edit(license_store& store, unsigned number, Change change) {
  license item = *store.find(id_of(number));
  ++item.revision;
  change(item);
  (void)put_license(store, item);
}

inline void remove(license_store& store, unsigned number) {
  const auto batch = *store.begin_batch();
  (void)batch->remove(id_of(number));
  (void)batch->commit();
}

inline std::set<license_id> ids_in(license_store& store) {
  std::set<license_id> out;
  for (const auto& [id, item] : contents(store)) out.insert(id);
  return out;
}

// What a list of outcomes says, by license; a license twice in it is a mistake.
inline std::map<license_id, error_code> reasons(const std::vector<license_outcome>& outcomes) {
  std::map<license_id, error_code> out;
  for (const license_outcome& each : outcomes)
    if (!out.emplace(each.id, each.reason).second) throw std::logic_error("a license is listed twice");
  return out;
}

// All progress a machine told of, in order.
inline std::vector<operation_progress> progress_of(const machine& m) {
  std::vector<operation_progress> out;
  for (const status_event& event : m.events)
    if (event.status == status::progress) out.push_back(std::get<operation_progress>(event.payload));
  return out;
}

}  // namespace reinstate::test

#endif
