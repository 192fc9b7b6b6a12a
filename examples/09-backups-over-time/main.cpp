// SPDX-License-Identifier: BSL-1.0
// A player backs up every evening for a while: each backup writes little, every state can be restored, and the whole
// parts of a damaged stick are salvaged. Everything is in memory.
#include <reinstate/async.hpp>
#include <reinstate/plugins/memory_license_store.hpp>
#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/plugins/memory_medium.hpp>
#include <reinstate/runtime.hpp>

#include <boost/asio/use_future.hpp>

#include <functional>
#include <iostream>
#include <utility>

using namespace reinstate;
namespace asio = boost::asio;

namespace {

constexpr unsigned licenses = 1000;
using stick_files = std::shared_ptr<memory_files>;

license make_license(unsigned number, std::uint64_t revision = 1) {
  license item;
  item.id.bytes[0] = static_cast<std::byte>(number >> 8);
  item.id.bytes[1] = static_cast<std::byte>(number & 0xff);
  item.revision = revision;
  item.title = "Film " + std::to_string(number);
  item.rights.backup = backup_right::granted;
  item.payload = secret_bytes(1000);
  return item;
}

// A machine with a player, and the stick that is plugged in.
struct machine {
  explicit machine(stick_files stick) {
    backup_restorer_config config;
    config.store = store;
    config.identity = make_memory_machine_identity();
    config.identity->individualize().value();  // the user agreed when the player was installed
    config.medium = [stick](const std::string&) { return make_memory_medium(stick); };
    config.passphrase = [](passphrase_purpose) { return secret_bytes::locked_copy_of("four words you chose"); };
    config.io = threads.io();
    config.work = threads.work();
    restorer = create_backup_restorer(std::move(config)).value();
    restorer->set_prop(backup_path_property, "stick").value();
    restorer->set_prop(restore_path_property, "stick").value();
  }

  std::shared_ptr<license_store> store = make_memory_license_store();
  runtime threads;  // joined after the restorer and before the store are destroyed
  std::unique_ptr<backup_restorer> restorer;
};

void expect(bool condition, const char* expectation) {
  if (!condition) throw std::runtime_error(std::string("expected: ") + expectation);
}

// [both]
// A token for a future of the error and the report, which does not throw the error.
auto both() {
  return asio::use_future(
      [](error_code error, operation_report report) { return std::pair(error, std::move(report)); });
}
// [/both]

// [update]
// Adds the changes since the newest generation as the next one. The first generation has everything.
operation_report back_up(backup_restorer& restorer, keep_policy keep = {}) {
  backup_options options;
  options.flags = backup_flags::update;
  options.keep = keep;
  return async_backup_licenses(restorer, options, asio::use_future).get();
}
// [/update]

// [plan]
using question = std::function<bool(const operation_plan&)>;

// Carries out exactly the plan that the user agreed to; asks again if something has changed meanwhile.
bool back_up_if_agreed(backup_restorer& restorer, const question& agrees) {
  backup_options options;
  options.flags = backup_flags::update;
  for (;;) {
    const std::shared_ptr plan = async_plan_backup(restorer, options, asio::use_future).get().plan;
    if (!agrees(*plan)) return false;
    const backup_options agreed{.flags = options.flags, .plan = plan};
    const auto [error, report] = async_backup_licenses(restorer, agreed, both()).get();
    if (!error) return true;
    if (error != errc::plan_outdated) throw boost::system::system_error(error);
  }
}
// [/plan]

// [health]
// Checks the backup when a player starts. Reads ids and revisions only, no license.
void tell_health(backup_restorer& restorer) {
  const auto health = async_check_health(restorer, health_options{}, asio::use_future).get();
  std::cout << health.licenses_done << " licenses are safe in generation " << health.generation << ".\n";
  for (const license_outcome& each : health.outcomes)
    std::cout << "  " << each.title << ": " << each.reason.message() << '\n';
}
// [/health]

// [verify]
// Opens and checks everything that a restore of the newest generation needs, and continues after the first damage.
bool is_whole(backup_restorer& restorer) {
  const auto [error, report] =
      async_verify_backup(restorer, verify_options{.continue_after_damage = true}, both()).get();
  std::cout << report.licenses_done << " licenses can be restored, " << report.licenses_left_out << " cannot.\n";
  for (const backup_damage& each : report.damage)
    std::cout << "  " << each.file << ": " << each.error.message() << '\n';
  return !error;
}
// [/verify]

// [generation]
operation_report restore_generation(backup_restorer& restorer, std::uint32_t number) {
  return async_restore_licenses(restorer, restore_options{.generation = number}, asio::use_future).get();
}
// [/generation]

// [salvage]
// Restores the whole parts of a damaged backup. The report names the rest: ids, and titles if they are known.
operation_report salvage(backup_restorer& restorer) {
  auto [error, report] = async_restore_licenses(restorer, restore_options{.salvage = true}, both()).get();
  if (error && error != errc::backup_salvaged) throw boost::system::system_error(error);
  return report;
}
// [/salvage]

void back_up_over_time(machine& player) {
  for (unsigned i = 0; i != licenses; ++i) put_license(*player.store, make_license(i)).value();
  const auto first = back_up(*player.restorer);
  for (unsigned i = 0; i != licenses; i += 100) put_license(*player.store, make_license(i, 2)).value();
  const auto second = back_up(*player.restorer);
  std::cout << "Generation 1 has " << first.licenses_done << " licenses, generation 2 adds " << second.licenses_done
            << ".\n";
  expect(second.licenses_kept == 990 && second.builds_on == 1, "generation 2 builds on generation 1");
  expect(second.bytes * 20 < first.bytes, "an update of one license in a hundred takes less than a twentieth");

  put_license(*player.store, make_license(licenses)).value();
  tell_health(*player.restorer);
  const bool agreed = back_up_if_agreed(*player.restorer, [](const operation_plan& plan) {
    std::cout << "Generation " << plan.generation << " would take " << plan.licenses.front().title << ".\n";
    return plan.taken == 1 && plan.removed == 0;
  });
  expect(agreed, "one license is new, and none is gone");
  tell_health(*player.restorer);
  expect(is_whole(*player.restorer), "the backup is whole");
}

// Restores an earlier generation, and salvages a damaged copy, each on a new machine.
void bring_back(const stick_files& stick) {
  machine earlier(stick);
  const auto restored = restore_generation(*earlier.restorer, 1);
  std::cout << "Restored " << restored.licenses_done << " licenses of generation " << restored.generation << ".\n";
  expect(earlier.store->find(make_license(0).id).value().revision == 1, "the license is in its first revision");

  const auto copy = std::make_shared<memory_files>(*stick);
  auto& volume = copy->at("000001/licenses-001.age");
  volume[volume.size() / 2] ^= std::byte{1};
  machine salvaged(copy);
  expect(!is_whole(*salvaged.restorer), "a flipped bit is found");
  const auto report = salvage(*salvaged.restorer);
  std::cout << "Salvaged " << report.licenses_done << " licenses.\n";
  expect(report.licenses_done + report.licenses_left_out == licenses + 1, "every license is restored or named");
  expect(report.licenses_done > 900, "a flipped bit costs one page");
}

// [keep]
// Keeps the two newest generations and those they build on. From time to time a generation holds everything again, so
// that earlier ones can be removed.
void keep_two(machine& player) {
  std::size_t removed = 0;
  for (std::uint64_t revision = 3; revision != 6; ++revision) {
    put_license(*player.store, make_license(0, revision)).value();
    const auto report = back_up(*player.restorer, {.last = 2});
    std::cout << "Generation " << report.generation << " builds on " << report.builds_on << ", and "
              << report.generations_removed.size() << " are removed.\n";
    removed += report.generations_removed.size();
  }
  expect(removed == 3, "generations 1 to 3 are removed when no other needs them");
}
// [/keep]

}  // namespace

int main() {
  try {
    const auto stick = std::make_shared<memory_files>();
    machine player(stick);
    back_up_over_time(player);
    bring_back(stick);
    keep_two(player);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
