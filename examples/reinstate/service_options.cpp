// SPDX-License-Identifier: BSL-1.0
#include "option_parts.hpp"
#include "text.hpp"

#include <algorithm>
#include <optional>

namespace tool {
namespace {

using texts = std::vector<std::string>;

std::string check_service_key(const std::string& text) {
  return reinstate::parse_service_key(text) ? std::string()
                                            : std::string("a service key is what serve prints: reinstate-service:...");
}

// NAME=KEY, the key in hexadecimal digits.
std::optional<reinstate::trusted_issuer> issuer_from(const std::string& text) {
  const auto equals = text.rfind('=');
  if (equals == text.npos || equals == 0) return std::nullopt;
  const auto key = public_key_from(std::string_view(text).substr(equals + 1));
  return key ? std::optional(reinstate::trusted_issuer{text.substr(0, equals), *key}) : std::nullopt;
}

std::string check_issuer(const std::string& text) {
  return issuer_from(text) ? std::string() : std::string("an issuer is NAME=KEY, the key 64 hexadecimal digits");
}

std::string check_machine_name(const std::string& text) {
  return text.size() <= 100 ? std::string() : std::string("a name of a machine has up to 100 bytes");
}

void add_remembered(CLI::App& app, options& into) {
  CLI::App& service = *app.add_subcommand("service", "Say once which service managed licenses need");
  service.footer("Example: reinstate service show");
  service.require_subcommand(1);
  service.fallthrough();
  CLI::App& set = add_command(service, into, command::service_set, "set",
                              "Remember a service for this machine. What is not named stays as it was.",
                              "service set --service https://licenses.example --service-key reinstate-service:...");
  add_service_choice(set, into);
  add_command(service, into, command::service_show, "show", "Show the service of this machine.", "service show");
  add_command(service, into, command::service_forget, "forget", "Forget it.", "service forget");
}

void add_machines(CLI::App& app, options& into) {
  CLI::App& list =
      add_command(app, into, command::machines, "machines",
                  "List the machines that have managed licenses of a backup's owner. The backup is opened\n"
                  "to prove that it is yours; the service learns nothing that opens it.",
                  "machines /media/stick");
  add_path(list, into, "PATH", "The folder of the backup");
  add_service_choice(list, into);
  add_other_secrets(list, into);

  CLI::App& sub = add_command(app, into, command::release, "release",
                              "Take the managed licenses of a backup's owner from a machine, so that another one can\n"
                              "have them. Where the service cannot be reached, this is kept and sent later.",
                              "release /media/stick 'Old laptop'");
  auto* const send = sub.add_flag("--send", into.service.send, "Send what was kept, and do nothing else");
  auto* const path = sub.add_option("path", into.path, "The folder of the backup")->type_name("PATH")->excludes(send);
  auto* const machine =
      sub.add_option("machine", into.service.machine, "Its name, or the beginning of its id, as machines shows them")
          ->type_name("MACHINE")
          ->excludes(send);
  add_service_choice(sub, into);
  add_other_secrets(sub, into);
  sub.callback([&into, send, path, machine] {
    into.what = command::release;
    if (send->count() == 0 && (path->count() == 0 || machine->count() == 0))
      throw CLI::RequiredError("PATH and MACHINE (or --send)");
  });
}

void add_issuer_key(CLI::App& sub, options& into) {
  sub.add_option("--issuer-name", into.service.issuer_name, "The issuer's name")->required()->type_name("NAME");
  sub.add_option("--issuer-key", into.service.issuer_key_file, "His private key, as issuer key makes it")
      ->required()
      ->type_name("FILE");
}

void add_revoke(CLI::App& issuer, options& into) {
  CLI::App& sub = add_command(issuer, into, command::issuer_revoke, "revoke",
                              "Write a signed list of everything that an issuer has revoked so far.",
                              "issuer revoke list.bin --issuer-name Studio --issuer-key studio.key --version 2 ...");
  add_path(sub, into, "FILE", "A new file");
  add_issuer_key(sub, into);
  sub.add_option("--version", into.service.version, "Higher than that of the list before")->required()->type_name("N");
  const auto check_id = [](const std::string& text) {
    return license_id_from(text) ? std::string() : std::string("a license is 32 hexadecimal digits, as list shows it");
  };
  sub.add_option_function<texts>(
         "--license",
         [&into](const texts& all) {
           for (const auto& each : all) into.selection.licenses.push_back(license_id_from(each).value());
         },
         "This license; can be given more than once")
      ->check(CLI::Validator(check_id, ""))
      ->allow_extra_args(false)
      ->type_name("ID");
  sub.add_option_function<texts>(
         "--key-id",
         [&into](const texts& all) {
           for (const auto& each : all) into.selection.keys.push_back(key_id_from(each).value());
         },
         "All licenses of this key id; can be given more than once")
      ->check(CLI::Validator(check_key_id, ""))
      ->allow_extra_args(false)
      ->type_name("KEY_ID");
  sub.add_option("--user", into.service.users, "All licenses of this user; can be given more than once")
      ->allow_extra_args(false)
      ->type_name("ID");
}

void add_issuer(CLI::App& app, options& into) {
  CLI::App& issuer = *app.add_subcommand("issuer", "What issuers do: for trying a service out");
  issuer.footer("Example: reinstate issuer key studio.key");
  issuer.require_subcommand(1);
  issuer.fallthrough();
  CLI::App& key = add_command(issuer, into, command::issuer_key, "key",
                              "Print the public key of an issuer, and make his private key where there is none.",
                              "issuer key studio.key");
  add_path(key, into, "FILE", "The file of the private key");
  add_revoke(issuer, into);
}

}  // namespace

void add_service(CLI::App& app, options& into) {
  add_remembered(app, into);
  add_machines(app, into);
  add_issuer(app, into);
}

void add_service_choice(CLI::App& sub, options& into) {
  CLI::Option_group& group = *sub.add_option_group("The service of managed licenses", "as remembered by service set");
  service_options& to = into.service;
  group.add_option("--service", to.url, "Where it is; https://...")->type_name("URL");
  group
      .add_option_function<std::string>(
          "--service-key", [&to](const std::string& text) { to.key = reinstate::parse_service_key(text).value(); },
          "Its public key; a backup needs no more than this")
      ->check(CLI::Validator(check_service_key, ""))
      ->type_name("KEY");
  group
      .add_option("--service-certificate", to.certificate,
                  "Trust these authorities, or this self-signed certificate, instead of those of the system")
      ->type_name("FILE");
  group
      .add_option_function<std::string>(
          "--machine-name", [&to](const std::string& text) { to.machine_name = text; },
          "What you call this machine; the service shows it to you")
      ->check(CLI::Validator(check_machine_name, ""))
      ->type_name("TEXT");
  group
      .add_option_function<texts>(
          "--trusted-issuer",
          [&to](const texts& all) {
            for (const auto& each : all) to.issuers.push_back(issuer_from(each).value());
          },
          "An issuer whose statements count; licenses of others are then left out")
      ->check(CLI::Validator(check_issuer, ""))
      ->allow_extra_args(false)
      ->type_name("NAME=KEY");
}

void add_service_contact(CLI::App& sub, options& into) {
  service_options& to = into.service;
  auto* const offline = sub.add_flag("--offline", to.offline, "Never ask a service: managed licenses are left out");
  sub.add_flag("--agree", to.agree, "The service may be told what it needs, without a question")->excludes(offline);
  sub.add_flag("--same-machine", to.take_over_machine_slot,
               "This is the machine that made the backup, with a new system: it takes back its own place");
}

void add_statement(CLI::App& sub, options& into) {
  CLI::Option_group& group = *sub.add_option_group("As their issuer", "for trying a service out");
  service_options& to = into.service;
  auto* const name = group.add_option("--issuer-name", to.issuer_name, "The issuer's name")->type_name("NAME");
  auto* const key = group.add_option("--issuer-key", to.issuer_key_file, "His private key: signs what is permitted")
                        ->needs(name)
                        ->type_name("FILE");
  name->needs(key);
  auto* const managed =
      group.add_flag("--managed", to.managed, "Permit backups under a License Management Service only")->needs(key);
  group.add_option("--machines", to.machines, "On how many machines they may be; 4 by default")
      ->check(CLI::Range(1u, 1'000'000u))
      ->needs(managed)
      ->type_name("N");
  group.add_option("--user", to.user, "The issuer's name for whoever has them")->needs(key)->type_name("ID");
}

}  // namespace tool
