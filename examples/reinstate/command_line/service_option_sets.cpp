// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "output/text.hpp"

namespace tool {
namespace {

using texts = std::vector<std::string>;

// Parses NAME=KEY, the key in hexadecimal digits. Returns nullopt if the text is something else.
std::optional<reinstate::trusted_issuer> issuer_from(const std::string& text) {
  const auto equals = text.rfind('=');
  if (equals == text.npos || equals == 0) return std::nullopt;
  const auto key = public_key_from(std::string_view(text).substr(equals + 1));
  return key ? std::optional(reinstate::trusted_issuer{text.substr(0, equals), *key}) : std::nullopt;
}

// Each check returns an empty string, or why the text is not valid.

std::string check_service_key(const std::string& text) {
  return reinstate::parse_service_key(text)
             ? std::string()
             : std::string("a service key is printed by serve and begins with reinstate-service:");
}

std::string check_issuer(const std::string& text) {
  return issuer_from(text) ? std::string() : std::string("an issuer is NAME=KEY, the key 64 hexadecimal digits");
}

std::string check_machine_name(const std::string& text) {
  return text.size() <= 100 ? std::string() : std::string("a machine name has at most 100 bytes");
}

}  // namespace

void add_service_choice(CLI::App& command, service_choice_options& options) {
  CLI::Option_group& group =
      *command.add_option_group("The service for managed licenses", "instead of what service set remembered");
  group.add_option("--service", options.url, "Its address, https://...")->type_name("URL");
  group
      .add_option_function<std::string>(
          "--service-key",
          [&options](const std::string& text) { options.key = reinstate::parse_service_key(text).value(); },
          "Its public key; a backup needs only this")
      ->check(CLI::Validator(check_service_key, ""))
      ->type_name("KEY");
  group
      .add_option("--service-certificate", options.certificate,
                  "Trust these authorities, or this self-signed certificate, instead of those of the system")
      ->type_name("FILE");
  group
      .add_option_function<std::string>(
          "--machine-name", [&options](const std::string& text) { options.machine_name = text; },
          "Your name for this machine; the service shows it to you")
      ->check(CLI::Validator(check_machine_name, ""))
      ->type_name("TEXT");
  group
      .add_option_function<texts>(
          "--trusted-issuer",
          [&options](const texts& all) {
            for (const auto& each : all) options.issuers.push_back(issuer_from(each).value());
          },
          "A trusted issuer: licenses that none of them has signed are left out; can be repeated")
      ->check(CLI::Validator(check_issuer, ""))
      ->allow_extra_args(false)
      ->type_name("NAME=KEY");
}

void add_service_contact(CLI::App& command, service_contact_options& options) {
  auto* const offline =
      command.add_flag("--offline", options.offline, "Never contact a service: managed licenses are left out");
  command.add_flag("--agree", options.agree, "Send the service what it needs to know, without asking first")
      ->excludes(offline);
  command.add_flag("--same-machine", options.take_over_machine_slot,
                   "This is the reinstalled machine that made the backup: take over its machine slot");
}

void add_statement(CLI::App& command, statement_options& options) {
  CLI::Option_group& group = *command.add_option_group("Acting as the issuer", "to try a service out");
  auto* const name =
      group.add_option("--issuer-name", options.issuer.name, "The name of the issuer")->type_name("NAME");
  auto* const key = group
                        .add_option("--issuer-key", options.issuer.key_file,
                                    "The private key of the issuer, which signs what the license permits")
                        ->needs(name)
                        ->type_name("FILE");
  name->needs(key);
  auto* const managed =
      group.add_flag("--managed", options.managed, "Permit backups only under a License Management Service")
          ->needs(key);
  group.add_option("--machines", options.machines, "How many machines a license may be on; 4 by default")
      ->check(CLI::Range(1u, 1'000'000u))
      ->needs(managed)
      ->type_name("N");
  group.add_option("--user", options.user, "The issuer's name for the user of the licenses")
      ->needs(key)
      ->type_name("ID");
}

}  // namespace tool
