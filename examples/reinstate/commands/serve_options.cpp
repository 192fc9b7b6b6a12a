// SPDX-License-Identifier: BSL-1.0
#include "commands/serve_options.hpp"

#include <chrono>

namespace tool {
namespace {

void add_files(CLI::App& command, serve_options& options, CLI::Option* dev) {
  const auto add = [&](const char* name, std::filesystem::path& file, const char* description) {
    return command.add_option(name, file, description)->type_name("FILE")->excludes(dev);
  };
  add("--ledger", options.ledger, "The record of issuers, machine slots and releases: a SQLite database");
  add("--key", options.key,
      "The private key of the service. Keep a copy offline: without it, no sealed license can be opened again");
  auto* const certificate =
      add("--tls-cert", options.certificate, "The certificate of the service's address, with its chain: PEM");
  auto* const key = add("--tls-key", options.private_key, "The private key of that certificate: PEM");
  command
      .add_flag("--plain", options.plain,
                "HTTP without TLS, on a loopback address only: behind a proxy that terminates TLS")
      ->excludes(dev)
      ->excludes(certificate)
      ->excludes(key);
  command.add_flag("--create", options.create, "Make the key and the ledger if there are none")->excludes(dev);
}

void add_policy(CLI::App& command, reinstate::service_policy& policy) {
  CLI::Option_group& group =
      *command.add_option_group("Policy", "applies to what the statements of issuers leave open");
  const auto add_duration = [&group](const char* name, auto unit, std::chrono::seconds& duration,
                                     const char* description, const char* unit_name) {
    group
        .add_option_function<std::uint32_t>(
            name, [&duration, unit](const std::uint32_t& count) { duration = count * unit; }, description)
        ->check(CLI::Range(0u, 1'000'000u))
        ->type_name(unit_name);
  };
  add_duration("--release-cool-down", std::chrono::hours(1), policy.release_cool_down,
               "Time between two releases of one license; 168 by default", "HOURS");
  add_duration("--ticket-lifetime", std::chrono::minutes(1), policy.ticket_lifetime,
               "How long a link to the page of the machines is valid; 15 by default", "MINUTES");
  add_duration("--clock-tolerance", std::chrono::seconds(1), policy.clock_tolerance,
               "How far the clock of a machine may be off; 300 by default", "SECONDS");
  group
      .add_option("--daily-restores", policy.daily_restores,
                  "New machines of one license in 24 hours; 0, the default: no limit")
      ->type_name("N");
  group
      .add_option("--former-self-times", policy.max_takeovers,
                  "How often in 30 days a reinstalled machine may take over its machine slot; 2 by default")
      ->type_name("N");
  group.add_flag("!--no-former-self", policy.allow_takeover, "A reinstalled machine needs a new machine slot");
}

}  // namespace

void add_serve_options(CLI::App& command, serve_options& options) {
  auto* const dev =
      command.add_flag("--dev", options.dev, "Try the service out: a key, a certificate and a ledger in FOLDER");
  command.add_option("folder", options.folder, "The folder of --dev; by default service-dev in the home folder")
      ->type_name("FOLDER")
      ->needs(dev);
  add_files(command, options, dev);
  command.add_option("--address", options.address, "The IP address to listen on; 127.0.0.1 by default")
      ->type_name("ADDRESS");
  command.add_option("--port", options.port, "The port to listen on; 8443 by default; 0: any free one")->type_name("N");
  command.add_option("--name", options.name, "The name of the service that users see")->type_name("TEXT");
  command.add_option("--url", options.url, "Where clients reach the service, if not at that address and port")
      ->type_name("URL");
  command.add_option("--privacy", options.privacy, "The web page with the privacy policy of the service")
      ->type_name("URL");
  add_policy(command, options.policy);
}

void check_serve_options(serve_options& options, const common_options&) {
  if (options.dev) return;
  if (options.ledger.empty()) throw CLI::RequiredError("--ledger (or --dev)");
  if (options.key.empty()) throw CLI::RequiredError("--key");
  if (options.plain) return;
  if (options.certificate.empty() || options.private_key.empty()) throw CLI::RequiredError("--tls-cert and --tls-key");
}

}  // namespace tool
