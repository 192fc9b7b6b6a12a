// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "commands/serve_options.hpp"
#include "service/dev_certificate.hpp"
#include "terminal/interrupt.hpp"

#include <reinstate/service/service_server.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <iostream>
#include <memory>
#include <utility>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;
using reinstate::result;

// Finds a free port. The address that clients are told must be known before the service listens.
result<std::uint16_t> find_free_port(const std::string& address) {
  using boost::asio::ip::tcp;
  error_code ec;
  const auto parsed = boost::asio::ip::make_address(address, ec);
  if (ec) return errc::invalid_argument;
  boost::asio::io_context context;
  tcp::acceptor acceptor(context);
  acceptor.open(parsed.is_v6() ? tcp::v6() : tcp::v4(), ec);
  if (!ec) acceptor.bind({parsed, 0}, ec);
  if (ec) return errc::address_not_available;
  return acceptor.local_endpoint().port();
}

std::string url_of(const serve_options& options) {
  if (!options.url.empty()) return options.url;
  const bool is_v6 = options.address.find(':') != std::string::npos;
  return (options.plain ? "http://" : "https://") + (is_v6 ? "[" + options.address + "]" : options.address) + ":" +
         std::to_string(options.port);
}

// Completes the options of --dev: every file is in one folder, which only its owner may read. Makes the folder and the
// certificate.
result<void> prepare_dev(serve_options& options, const std::filesystem::path& home) {
  if (options.folder.empty()) options.folder = home / "service-dev";
  std::error_code ec;
  std::filesystem::create_directories(options.folder, ec);
  if (!ec) std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, ec);
  if (!ec) options.folder = std::filesystem::canonical(options.folder, ec);
  if (ec) return errc::path_not_accessible;
  options.create = true;
  options.ledger = options.folder / "ledger.db";
  options.key = options.folder / "service-key";
  options.certificate = options.folder / "cert.pem";
  options.private_key = options.folder / "cert-key.pem";
  return make_dev_certificate(options.certificate, options.private_key);
}

// Makes a key only with --create: a mistyped name must not become a key that opens nothing.
result<reinstate::service_keys> load_keys(const serve_options& options) {
  auto loaded = reinstate::service_keys::load(options.key);
  if (loaded || !options.create || loaded.error() != errc::path_not_found) return loaded;
  auto generated = reinstate::service_keys::generate();
  if (auto saved = generated.save(options.key); !saved) return saved.error();
  return generated;
}

// Makes a ledger only with --create: a mistyped name must not become an empty ledger.
result<std::shared_ptr<reinstate::ledger>> open_ledger(const serve_options& options) {
  std::error_code ignored;
  if (!options.create && !std::filesystem::exists(options.ledger, ignored)) return errc::path_not_found;
  auto opened = reinstate::open_sqlite_ledger(options.ledger);
  if (!opened) return opened.error();
  return std::shared_ptr<reinstate::ledger>(std::move(*opened));
}

reinstate::service_server_config configure(const serve_options& options, reinstate::service_keys keys,
                                           std::shared_ptr<reinstate::ledger> ledger, bool is_quiet) {
  reinstate::service_server_config config;
  config.keys = std::make_shared<const reinstate::service_keys>(std::move(keys));
  config.desk = std::make_shared<reinstate::service_desk>(
      reinstate::service_desk::parts{std::move(ledger),
                                     config.keys,
                                     {options.name, url_of(options), options.privacy, config.keys->public_key()},
                                     url_of(options) + "/machines",
                                     options.policy});
  config.address = options.address;
  config.port = options.port;
  config.certificate = options.certificate;
  config.private_key = options.private_key;
  config.plain = options.plain;
  if (!is_quiet) config.log = [](std::string_view line) { std::cerr << std::string(line) + "\n" << std::flush; };
  return config;
}

// Prints what a client needs, as options of the tool, one per line.
void print_client_options(const serve_options& options, const reinstate::service_key& key, output& out) {
  const std::string url = url_of(options), key_text = to_string(key);
  out.line("--service " + url);
  out.line("--service-key " + key_text);
  if (options.dev) out.line("--service-certificate " + options.certificate.string());
  json all = {{"url", url}, {"service_key", key_text}};
  if (options.dev) all["certificate"] = options.certificate.string();
  out.object({{"serving", std::move(all)}});
}

// Returns what the error of a server that did not start is about.
error_location location_of(const error_code& error, const serve_options& options) {
  if (error == errc::certificate_unusable) return {error_subject::input_file, options.certificate.string()};
  if (error == errc::address_not_available || error == errc::invalid_argument)
    return {error_subject::none, options.address + ":" + std::to_string(options.port)};
  std::error_code ignored;
  const bool has_certificate = std::filesystem::exists(options.certificate, ignored);
  return {error_subject::input_file, (has_certificate ? options.private_key : options.certificate).string()};
}

// Starts the server and prints how to reach it. Sets `location` if this fails.
result<std::unique_ptr<reinstate::service_server>> start(serve_options& options, output& out,
                                                         error_location& location) {
  if (options.port == 0) {
    const auto port = find_free_port(options.address);
    location = {error_subject::none, options.address};
    if (!port) return port.error();
    options.port = *port;
  }
  location = {error_subject::service_key, options.key.string()};
  auto keys = load_keys(options);
  if (!keys) return keys.error();
  const reinstate::service_key key = keys->public_key();
  location = {error_subject::ledger, options.ledger.string()};
  auto ledger = open_ledger(options);
  if (!ledger) return ledger.error();
  auto server =
      reinstate::start_service_server(configure(options, std::move(*keys), std::move(*ledger), out.is_quiet()));
  if (!server)
    location = location_of(server.error(), options);
  else
    print_client_options(options, key, out);
  return server;
}

exit_code serve(const serve_options& given, const common_options& common, output& out) {
  serve_options options = given;
  if (options.dev)
    if (const auto prepared = prepare_dev(options, common.home); !prepared)
      return out.failed(prepared.error(), {error_subject::output_file, options.folder.string()});
  interrupt stop;
  const interrupt_signals signals(stop);
  error_location location;
  const auto server = start(options, out, location);
  if (!server) return out.failed(server.error(), location);
  stop.wait_readable(-1);  // waits for the interrupt alone
  (*server)->stop();
  return out.done();
}

}  // namespace

void add_serve(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<serve_options>();
  CLI::App& command = add_command(
      parent, "serve",
      "Run a License Management Service until it is interrupted: it counts how many machines managed licenses\n"
      "are on, and grants the keys that open them. Writes its log to standard error, one JSON object per line.\n"
      "\n"
      "--dev keeps everything in one folder, to try the service out on this machine, and prints the three options\n"
      "that a client needs.",
      "serve --dev");
  add_serve_options(command, *options);
  set_action(command, context, options, serve, check_serve_options);
}

}  // namespace tool
