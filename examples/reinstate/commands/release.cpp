// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "machine/home.hpp"
#include "output/text.hpp"
#include "service/owner_session.hpp"

#include <reinstate/managed/release_outbox.hpp>

#include <chrono>
#include <vector>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;
using reinstate::machine_id;
using reinstate::managed_machine;
using reinstate::owner_action;
using reinstate::owner_proof;
using reinstate::result;

struct release_options {
  owner_options owner;
  std::string machine;  // its name, or the beginning of its id
  bool send = false;
};

// Returns true if the service may be reachable later, so that a release can wait.
bool is_temporary(const error_code& ec) {
  return ec == errc::service_unavailable || ec == errc::service_busy;
}

// Finds the machine with this name, or else the only one whose id begins with the text.
// Errors: machine_not_found; invalid_argument if the text fits several machines.
result<machine_id> find_machine(const reinstate::machine_list& list, const std::string& text) {
  std::vector<machine_id> by_name, by_id;
  for (const managed_machine& each : list.machines) {
    if (each.name == text) by_name.push_back(each.id);
    if (hex_of(each.id).starts_with(text)) by_id.push_back(each.id);
  }
  const auto& found = by_name.empty() ? by_id : by_name;
  if (found.empty() || text.empty()) return errc::machine_not_found;
  if (found.size() > 1) return errc::invalid_argument;
  return found.front();
}

// Returns the machine whose whole id is given, as nothing less is known without the service. Returns `service_error` if
// the text is something else.
result<machine_id> machine_without_service(const std::string& text, const error_code& service_error) {
  const auto id = public_key_from(text);
  if (!id) return service_error;
  return *id;
}

// Stores a release that the service could not be sent.
exit_code queue_release(owner_session& owner, const owner_proof& order, output& out) {
  const home& machine_home = owner.machine_home();
  auto store = machine_home.open_store();
  if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));
  const auto kept = reinstate::queue_release(*(*store)->notes(), owner.service().description().key, order);
  if (!kept) return out.failed(kept.error(), machine_home.location_of(kept.error()));
  out.line(
      "The service cannot be reached. The release is kept, and sent with the next restore or with release --send.");
  return out.done({{"released", false}, {"kept", true}}, exit_partial);
}

exit_code send_kept_releases(const release_options& options, const common_options& common, output& out) {
  const home machine_home(common.home);
  error_location location;
  auto used = use_service(common.home, options.owner.service, machine_home.identity(), location);
  if (!used) return out.failed(used.error(), location);
  if (!used->service || used->service->description().url.empty()) return out.failed(errc::service_required, {});
  reinstate::sent_releases sent;
  if (machine_home.has_store()) {
    auto store = machine_home.open_store();
    if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));
    const auto done = reinstate::send_queued_releases(*(*store)->notes(), *used->service, {});
    if (!done) return out.failed(done.error(), machine_home.location_of(done.error()));
    sent = *done;
  }
  out.note("Acknowledged: " + std::to_string(sent.acknowledged) + ". Refused: " + std::to_string(sent.refused) +
           ". Still waiting: " + std::to_string(sent.waiting) + ".");
  return out.done({{"acknowledged", sent.acknowledged}, {"refused", sent.refused}, {"waiting", sent.waiting}},
                  sent.refused + sent.waiting == 0 ? exit_done : exit_partial);
}

exit_code report_released(const reinstate::release_receipt& receipt, output& out) {
  out.note("Released: " + license_count(receipt.licenses) + ".");
  if (receipt.next_release > std::chrono::system_clock::now())
    out.note("No other release before " + time_text(receipt.next_release) + ".");
  return out.done(
      {{"released", true}, {"licenses", receipt.licenses}, {"next_release", time_text(receipt.next_release)}});
}

exit_code release_machine(const release_options& options, const common_options& common, output& out) {
  owner_session owner(common, options.owner, out);
  if (const auto opened = owner.open(); !opened) return owner.failed(opened.error());
  const auto list = owner.machines();
  if (!list && !is_temporary(list.error())) return owner.failed(list.error());
  const auto machine =
      list ? find_machine(*list, options.machine) : machine_without_service(options.machine, list.error());
  const bool is_ambiguous = !machine && machine.error() == errc::invalid_argument;
  if (!machine && list)
    return out.failed(machine.error(),
                      {error_subject::none, options.machine + (is_ambiguous ? ", which fits several machines" : "")});
  if (!machine) return owner.failed(machine.error());

  const auto order = owner.prove(owner_action::release, *machine);
  if (!order) return owner.failed(order.error());
  if (!list) return queue_release(owner, *order, out);
  const auto receipt = owner.service().release(*order, {});
  if (!receipt && is_temporary(receipt.error())) return queue_release(owner, *order, out);
  if (!receipt) return owner.failed(receipt.error());
  return report_released(*receipt, out);
}

exit_code release(const release_options& options, const common_options& common, output& out) {
  return options.send ? send_kept_releases(options, common, out) : release_machine(options, common, out);
}

void check_options(release_options& options, const common_options&) {
  if (!options.send && (options.owner.backup_path.empty() || options.machine.empty()))
    throw CLI::RequiredError("PATH and MACHINE (or --send)");
}

}  // namespace

void add_release(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<release_options>();
  CLI::App& command =
      add_command(parent, "release",
                  "Release the machine slots of a machine, so that another machine can have the managed licenses of\n"
                  "the owner of a backup. If the service cannot be reached, the release is kept and sent later.",
                  "release /media/stick 'Old laptop'");
  auto* const send = command.add_flag("--send", options->send, "Only send the releases that were kept");
  command.add_option("path", options->owner.backup_path, "The folder of the backup")->type_name("PATH")->excludes(send);
  command.add_option("machine", options->machine, "Its name, or the beginning of its id, as machines shows them")
      ->type_name("MACHINE")
      ->excludes(send);
  add_service_choice(command, options->owner.service);
  add_unlock_options(command, options->owner.unlock);
  set_action(command, context, options, release, check_options);
}

}  // namespace tool
