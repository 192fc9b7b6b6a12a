// SPDX-License-Identifier: BSL-1.0
#include "option_parts.hpp"
#include "text.hpp"

#include <chrono>

namespace tool {
namespace {

constexpr const char* serve_text =
    "Run a License Management Service until it is interrupted: it counts on how many machines managed licenses\n"
    "are, and hands out what opens them. Its log, one JSON object per line, goes to standard error.\n"
    "\n"
    "--dev makes all it needs in a folder, for trying things out on this machine, and prints the three options\n"
    "that a client needs.";

void add_policy(CLI::App& sub, reinstate::service_policy& into) {
  CLI::Option_group& group = *sub.add_option_group("Policy", "what an issuer's statement does not say");
  const auto add_span = [&group](const char* name, auto unit, std::chrono::seconds& span, const char* text,
                                 const char* unit_name) {
    group
        .add_option_function<std::uint32_t>(
            name, [&span, unit](const std::uint32_t& count) { span = count * unit; }, text)
        ->check(CLI::Range(0u, 1'000'000u))
        ->type_name(unit_name);
  };
  add_span("--release-cool-down", std::chrono::hours(1), into.release_cool_down,
           "Between two releases of one license; 168 by default", "HOURS");
  add_span("--ticket-lifetime", std::chrono::minutes(1), into.ticket_lifetime,
           "Of a link to the page of the machines; 15 by default", "MINUTES");
  add_span("--clock-tolerance", std::chrono::seconds(1), into.clock_tolerance,
           "How far the clock of a machine may be off; 300 by default", "SECONDS");
  group
      .add_option("--daily-restores", into.daily_restores,
                  "New machines of one license in 24 hours; 0, the default: no limit")
      ->type_name("N");
  group
      .add_option("--former-self-times", into.max_takeovers,
                  "How often in 30 days a reinstalled machine may take back its place; 2 by default")
      ->type_name("N");
  group.add_flag("!--no-former-self", into.allow_takeover, "A reinstalled machine needs a new place");
}

void check_serve(options& into) {
  const serving_options& given = into.serving;
  into.what = command::serve;
  if (given.dev) return;
  if (given.ledger.empty()) throw CLI::RequiredError("--ledger (or --dev)");
  if (given.key.empty()) throw CLI::RequiredError("--key");
  if (given.plain) return;
  if (given.certificate.empty() || given.private_key.empty()) throw CLI::RequiredError("--tls-cert and --tls-key");
}

void add_files(CLI::App& sub, serving_options& into, CLI::Option* dev) {
  const auto add = [&](const char* name, std::filesystem::path& file, const char* text) {
    return sub.add_option(name, file, text)->type_name("FILE")->excludes(dev);
  };
  add("--ledger", into.ledger, "What the service must not forget: a SQLite database");
  add("--key", into.key, "Its private key. Keep a copy offline: without it, no sealed license can be opened again");
  auto* const certificate = add("--tls-cert", into.certificate, "The certificate of its address, with its chain: PEM");
  auto* const key = add("--tls-key", into.private_key, "The private key of that certificate: PEM");
  sub.add_flag("--plain", into.plain, "HTTP without TLS, on a loopback address only: behind a proxy that speaks TLS")
      ->excludes(dev)
      ->excludes(certificate)
      ->excludes(key);
  sub.add_flag("--create", into.create, "Make the key and the ledger where there are none")->excludes(dev);
}

void add_serve(CLI::App& app, options& into) {
  serving_options& to = into.serving;
  CLI::App& sub = add_command(app, into, command::serve, "serve", serve_text, "serve --dev");
  sub.callback([&into] { check_serve(into); });
  auto* const dev = sub.add_flag("--dev", to.dev, "For trying things out: a key, a certificate and a ledger in FOLDER");
  sub.add_option("folder", to.folder, "Where --dev keeps them; by default service-dev in the home folder")
      ->type_name("FOLDER")
      ->needs(dev);
  add_files(sub, to, dev);
  sub.add_option("--address", to.address, "To listen at: an IP address; 127.0.0.1 by default")->type_name("ADDRESS");
  sub.add_option("--port", to.port, "8443 by default; 0: any free one")->type_name("N");
  sub.add_option("--name", to.name, "What people call this service")->type_name("TEXT");
  sub.add_option("--url", to.url, "Where clients reach it, if not at that address and port")->type_name("URL");
  sub.add_option("--privacy", to.privacy, "A page that says what it does with what it learns")->type_name("URL");
  add_policy(sub, to.policy);
}

CLI::App& add_ledger_command(CLI::App& ledger, options& into, command what, const char* name, const char* text,
                             const char* example) {
  CLI::App& sub = add_command(ledger, into, what, name, text, example);
  sub.add_option("--ledger", into.serving.ledger, "The ledger; a service may be running on it")
      ->required()
      ->type_name("FILE");
  return sub;
}

std::string check_key(const std::string& text) {
  return public_key_from(text) ? std::string() : std::string("a key, or a machine, is 64 hexadecimal digits");
}

std::string check_license_id(const std::string& text) {
  return license_id_from(text) ? std::string() : std::string("a license id is 32 hexadecimal digits");
}

void add_key_option(CLI::App& sub, const char* name, std::array<std::byte, 32>& key, const char* text) {
  sub.add_option_function<std::string>(
         name, [&key](const std::string& given) { key = public_key_from(given).value(); }, text)
      ->required()
      ->check(CLI::Validator(check_key, ""))
      ->type_name("HEX");
}

void add_release(CLI::App& ledger, options& into) {
  CLI::App& sub = add_ledger_command(
      ledger, into, command::ledger_release, "release",
      "Take a license from a machine, whenever the last release was. The machine keeps what it has, and gets\n"
      "nothing new without a place.",
      "ledger release 2f05477f-c24b-b4fa-efd8-6517156daffc e860... --ledger ledger.db");
  sub.add_option_function<std::string>(
         "license", [&into](const std::string& text) { into.serving.license = license_id_from(text).value(); },
         "The id of the license")
      ->required()
      ->check(CLI::Validator(check_license_id, ""))
      ->type_name("LICENSE");
  add_key_option(sub, "machine", into.serving.machine, "The id of the machine, as audit shows it");
}

void add_ledger(CLI::App& app, options& into) {
  serving_options& to = into.serving;
  CLI::App& ledger = *app.add_subcommand("ledger", "Tell a License Management Service what it must know");
  ledger.footer("Example: reinstate ledger issuers --ledger ledger.db");
  ledger.require_subcommand(1);
  ledger.fallthrough();

  CLI::App& issuer = *ledger.add_subcommand("issuer", "Change whose licenses the service is for");
  issuer.require_subcommand(1);
  issuer.fallthrough();
  CLI::App& add =
      add_ledger_command(issuer, into, command::ledger_issuer_add, "add",
                         "Let the service decide about licenses of an issuer. Makes the ledger where there\n"
                         "is none.",
                         "ledger issuer add 'A studio' e860... --ledger ledger.db");
  add.add_option("name", to.issuer, "As its licenses carry it")->required()->type_name("NAME");
  add_key_option(add, "key", to.issuer_key, "The Ed25519 public key of its signatures");

  add_ledger_command(ledger, into, command::ledger_issuers, "issuers", "List the issuers.",
                     "ledger issuers --ledger ledger.db");
  CLI::App& revocations = add_ledger_command(ledger, into, command::ledger_revocations, "revocations",
                                             "Take in a revocation list that an issuer has signed.",
                                             "ledger revocations list.bin --ledger ledger.db");
  revocations.add_option("file", to.revocations, "The list; - is stdin")->required()->type_name("FILE");
  add_release(ledger, into);
  CLI::App& audit = add_ledger_command(ledger, into, command::ledger_audit, "audit",
                                       "Print the audit trail: what changed the places of machines, and when.",
                                       "ledger audit --ledger ledger.db");
  audit.add_option("--after", to.after, "Only what came after the entry of this number")->type_name("N");
}

}  // namespace

void add_serving(CLI::App& app, options& into) {
  add_serve(app, into);
  add_ledger(app, into);
}

}  // namespace tool
