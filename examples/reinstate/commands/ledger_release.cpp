// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "commands/ledger_file.hpp"
#include "output/text.hpp"

#include <chrono>
#include <random>

namespace tool {
namespace {

struct ledger_release_options {
  std::filesystem::path ledger;
  reinstate::license_id license;
  std::array<std::byte, 32> machine{};
};

exit_code ledger_release(const ledger_release_options& options, const common_options&, output& out) {
  const auto ledger = open_existing_ledger(options.ledger);
  if (!ledger) return out.failed(ledger.error(), ledger_location(options.ledger));
  reinstate::slot_release order;
  order.license = options.license;
  order.machine = options.machine;
  order.by_operator = true;
  std::random_device random;  // makes the order differ from all earlier ones
  for (std::byte& b : order.order) b = static_cast<std::byte>(random() & 0xFFu);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto released = (*ledger)->release({&order, 1}, now);
  if (!released) return out.failed(released.error(), ledger_location(options.ledger));
  if (released->front().decision != reinstate::release_result::released)
    return out.failed(reinstate::errc::machine_not_found, {error_subject::none, hex_of(order.machine)});
  out.note("The machine slot is released.");
  return out.done({{"license_id", to_string(order.license)}, {"machine", hex_of(order.machine)}});
}

// Returns an empty string, or why the text is not valid.
std::string check_license_id(const std::string& text) {
  return license_id_from(text) ? std::string() : std::string("a license id is 32 hexadecimal digits");
}

}  // namespace

void add_ledger_release(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<ledger_release_options>();
  CLI::App& command = add_command(
      parent, "release",
      "Release the machine slot of a license, regardless of the time of the last release. The machine keeps what\n"
      "it has, but needs a new machine slot to restore the license again.",
      "ledger release 2f05477f-c24b-b4fa-efd8-6517156daffc e860... --ledger ledger.db");
  add_ledger_option(command, options->ledger);
  command
      .add_option_function<std::string>(
          "license",
          [license = &options->license](const std::string& text) { *license = license_id_from(text).value(); },
          "The id of the license")
      ->required()
      ->check(CLI::Validator(check_license_id, ""))
      ->type_name("LICENSE");
  add_public_key_argument(command, "machine", options->machine, "The id of the machine, as audit shows it");
  set_action(command, context, options, ledger_release);
}

}  // namespace tool
