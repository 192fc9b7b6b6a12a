// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_GENERATION_FIXTURE_HPP
#define REINSTATE_TESTS_GENERATION_FIXTURE_HPP

#include "backup_fixture.hpp"

#include <reinstate/inspect.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// Backups that add to each other, and what they should hold.

namespace reinstate::test {

inline license revised(unsigned number, std::uint64_t revision, std::size_t payload_size = 200) {
  license item = make_license(number, payload_size);
  item.revision = revision;
  item.payload.expose_writable()[0] = static_cast<std::byte>(revision);
  return item;
}

inline license denied(unsigned number) {
  license item = make_license(number);
  item.revision = 2;
  item.rights.backup = backup_right::denied;
  return item;
}

using stick_files = std::shared_ptr<memory_files>;

inline stick_files empty_stick() {
  return std::make_shared<memory_files>();
}

inline stick_files copy_of(const stick_files& stick) {
  return std::make_shared<memory_files>(*stick);
}

// What tells two states of a license apart.
using license_image = std::tuple<std::uint64_t, std::string, std::vector<std::byte>>;
using store_image = std::map<license_id, license_image>;

inline license_image image_of(const license& item) {
  const auto payload = item.payload.expose();
  return {item.revision, item.title, {payload.begin(), payload.end()}};
}

inline store_image image_of(license_store& store) {
  store_image out;
  for (const auto& [id, item] : contents(store)) out.emplace(id, image_of(item));
  return out;
}

inline ended run_backup(machine& m, medium_factory media, backup_options options) {
  m.open(std::move(media));
  return m.run([&](auto handler) { async_backup_licenses(*m.restorer, std::move(options), handler); });
}

inline ended run_backup(machine& m, stick_files stick, backup_options options) {
  return run_backup(
      m, [stick](const std::string&) { return make_memory_medium(stick); }, std::move(options));
}

inline ended update(machine& m, stick_files stick, keep_policy keep = {}) {
  return run_backup(m, std::move(stick), {.flags = backup_flags::update, .keep = keep});
}

struct restored {
  error_code error;
  operation_report report;
  store_image licenses;
};

// On a machine that never saw the backup, with the passphrase of every machine of these tests.
inline restored restore_elsewhere(stick_files stick, std::uint32_t generation = 0) {
  machine fresh;
  fresh.open(std::move(stick));
  restore_options options{.flags = restore_flags::individualize, .generation = generation};
  ended end = fresh.run([&](auto handler) { async_restore_licenses(*fresh.restorer, options, handler); });
  return {end.error, std::move(end.report), image_of(*fresh.store)};
}

inline std::vector<generation_summary> listed(const stick_files& stick) {
  auto found = list_generations(*make_memory_medium(stick));
  return found ? std::move(*found) : std::vector<generation_summary>();
}

// The numbers of those that are whole, newest first.
inline std::vector<std::uint32_t> whole_generations(const stick_files& stick) {
  std::vector<std::uint32_t> out;
  for (const generation_summary& each : listed(stick))
    if (!each.error) out.push_back(each.generation);
  return out;
}

// A store some of whose licenses can no longer be opened.
class spoiled_store final : public license_store {
 public:
  explicit spoiled_store(std::shared_ptr<license_store> inner) : inner_(std::move(inner)) {}

  std::set<license_id> damaged;

  result<store_description> describe() override { return inner_->describe(); }
  result<std::unique_ptr<write_batch>> begin_batch() override { return inner_->begin_batch(); }
  result<license> find(const license_id& id) override {
    if (damaged.contains(id)) return errc::license_damaged;
    return inner_->find(id);
  }
  result<std::unique_ptr<license_cursor>> open_cursor() override {
    auto opened = inner_->open_cursor();
    if (!opened) return opened;
    return std::make_unique<cursor>(damaged, std::move(*opened));
  }
  note_store* notes() noexcept override { return inner_->notes(); }

 private:
  struct cursor final : license_cursor {
    cursor(std::set<license_id> damaged, std::unique_ptr<license_cursor> inner)
        : damaged(std::move(damaged)), inner(std::move(inner)) {}

    result<std::optional<license_record>> next() override {
      auto item = inner->next();
      is_damaged = item && *item && damaged.contains((*item)->id);
      return item;
    }
    result<std::span<const std::byte>> payload() override {
      if (is_damaged) return errc::license_damaged;
      return inner->payload();
    }

    const std::set<license_id> damaged;
    std::unique_ptr<license_cursor> inner;
    bool is_damaged = false;
  };

  std::shared_ptr<license_store> inner_;
};

inline void take_out(license_store& store, const license_id& id) {
  auto batch = *store.begin_batch();
  (void)batch->remove(id);
  (void)batch->commit();
}

}  // namespace reinstate::test

#endif
