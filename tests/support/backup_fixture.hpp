// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_BACKUP_FIXTURE_HPP
#define REINSTATE_TESTS_BACKUP_FIXTURE_HPP

#include <reinstate/async.hpp>
#include <reinstate/plugins/memory_license_store.hpp>
#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/plugins/memory_medium.hpp>
#include <reinstate/testing/stepped_executors.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

// Two machines and a stick between them, all in memory and on one thread.

namespace reinstate::test {

inline license make_license(unsigned number, std::size_t payload_size = 200) {
  license item;
  item.id.bytes[0] = static_cast<std::byte>(number >> 8 & 0xff);
  item.id.bytes[1] = static_cast<std::byte>(number & 0xff);
  item.key.bytes[15] = static_cast<std::byte>(number & 0xff);
  item.format = "opaque";
  item.title = "Title " + std::to_string(number);
  item.rights.backup = backup_right::granted;
  item.payload = secret_bytes(payload_size);
  for (std::size_t i = 0; i != payload_size; ++i)
    item.payload.expose_writable()[i] = static_cast<std::byte>((number * 31 + i * 7) & 0xff);
  return item;
}

struct ended {
  error_code error;
  operation_report report;
};

// A player: a store, an identity, and a restorer that is driven by hand.
struct machine {
  std::shared_ptr<license_store> store = make_memory_license_store();
  std::shared_ptr<machine_identity> identity = make_memory_machine_identity();
  std::string passphrase = "correct horse battery staple";
  int passphrases_asked = 0;
  bool begin_new_set = false;
  operation_limits limits{.scrypt_work_factor = 4};  // the tests are about other things
  std::vector<status_event> events;
  testing::stepped_executors executors;
  std::unique_ptr<backup_restorer> restorer;

  backup_restorer& open(std::shared_ptr<memory_files> stick) {
    return open([stick](const std::string&) { return make_memory_medium(stick); });
  }

  backup_restorer& open(medium_factory media) { return open(config_with(std::move(media))); }

  backup_restorer& open(backup_restorer_config config) {
    restorer = *create_backup_restorer(std::move(config));
    (void)restorer->set_prop(backup_path_property, "stick");
    (void)restorer->set_prop(restore_path_property, "stick");
    return *restorer;
  }

  backup_restorer_config config_with(medium_factory media) {
    backup_restorer_config config;
    config.store = store;
    config.identity = identity;
    config.medium = std::move(media);
    config.passphrase = [this](passphrase_purpose) -> result<secret_bytes> {
      ++passphrases_asked;
      return secret_bytes::locked_copy_of(passphrase);
    };
    config.begin_new_set = begin_new_set;
    config.io = executors.io();
    config.work = executors.work();
    config.callback = make_status_callback([this](const status_event& event) { events.push_back(event); });
    config.limits = limits;
    return config;
  }

  template <class Start>
  ended run(Start start) {
    std::optional<ended> got;
    events.clear();
    start([&](error_code error, operation_report report) { got = {error, std::move(report)}; });
    executors.run_until_idle();
    return got.value();
  }

  ended backup(std::shared_ptr<memory_files> stick, backup_flags flags = backup_flags::none) {
    open(std::move(stick));
    return run([&](auto handler) { async_backup_licenses(*restorer, flags, handler); });
  }

  ended restore(std::shared_ptr<memory_files> stick, restore_flags flags = restore_flags::individualize) {
    open(std::move(stick));
    return run([&](auto handler) { async_restore_licenses(*restorer, flags, handler); });
  }

  ended verify(std::shared_ptr<memory_files> stick) {
    open(std::move(stick));
    return run([&](auto handler) { async_verify_backup(*restorer, handler); });
  }

  void put(const license& item) { (void)put_license(*store, item); }

  std::vector<status> statuses() const {
    std::vector<status> out;
    for (const status_event& event : events)
      if (event.status != status::progress) out.push_back(event.status);
    return out;
  }
};

inline machine& individualized(machine& m) {
  (void)m.identity->individualize();
  return m;
}

// Everything in a store, by id.
inline std::map<license_id, license> contents(license_store& store) {
  std::map<license_id, license> out;
  auto cursor = *store.open_cursor();
  for (;;) {
    auto item = *cursor->next();
    if (!item) return out;
    item->payload = *cursor->payload();
    license got = *unpack(*item);
    out.emplace(got.id, std::move(got));
  }
}

inline bool same(const license& a, const license& b) {
  return a.id == b.id && a.key == b.key && a.revision == b.revision && a.state == b.state && a.title == b.title &&
         a.rights.backup == b.rights.backup && a.payload == b.payload;
}

inline bool same_contents(license_store& a, license_store& b) {
  const auto left = contents(a), right = contents(b);
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](auto& x, auto& y) { return same(x.second, y.second); });
}

}  // namespace reinstate::test

#endif
