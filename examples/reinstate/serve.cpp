// SPDX-License-Identifier: BSL-1.0
#include "dev_certificate.hpp"
#include "interrupt.hpp"
#include "serving.hpp"
#include "text.hpp"

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

// An error, and the file or address it is about.
struct trouble {
  error_code error;
  std::string where;
};

// The clients' address is told before the service listens, so that the port must be known.
result<std::uint16_t> free_port(const std::string& address) {
  using boost::asio::ip::tcp;
  error_code ec;
  const auto at = boost::asio::ip::make_address(address, ec);
  if (ec) return errc::invalid_argument;
  boost::asio::io_context context;
  tcp::acceptor acceptor(context);
  acceptor.open(at.is_v6() ? tcp::v6() : tcp::v4(), ec);
  if (!ec) acceptor.bind({at, 0}, ec);
  if (ec) return errc::address_not_available;
  return acceptor.local_endpoint().port();
}

std::string url_of(const serving_options& with) {
  if (!with.url.empty()) return with.url;
  const bool is_v6 = with.address.find(':') != std::string::npos;
  return (with.plain ? "http://" : "https://") + (is_v6 ? "[" + with.address + "]" : with.address) + ":" +
         std::to_string(with.port);
}

// Everything in one folder, for its owner only.
result<void> prepare_dev(serving_options& with, const std::filesystem::path& home, std::string& where) {
  if (with.folder.empty()) with.folder = home / "service-dev";
  where = with.folder.string();
  std::error_code ec;
  std::filesystem::create_directories(with.folder, ec);
  if (!ec) std::filesystem::permissions(with.folder, std::filesystem::perms::owner_all, ec);
  if (!ec) with.folder = std::filesystem::canonical(with.folder, ec);
  if (ec) return errc::path_not_accessible;
  with.create = true;
  with.ledger = with.folder / "ledger.db";
  with.key = with.folder / "service-key";
  with.certificate = with.folder / "cert.pem";
  with.private_key = with.folder / "cert-key.pem";
  return make_dev_certificate(with.certificate, with.private_key);
}

// A mistyped name must not become a key that opens nothing, or a ledger that has forgotten everything.
result<reinstate::service_keys> load_keys(const serving_options& with) {
  auto loaded = reinstate::service_keys::load(with.key);
  if (loaded || !with.create || loaded.error() != errc::path_not_found) return loaded;
  auto made = reinstate::service_keys::generate();
  if (auto saved = made.save(with.key); !saved) return saved.error();
  return made;
}

result<std::shared_ptr<reinstate::ledger>> open_ledger(const serving_options& with) {
  std::error_code ignored;
  if (!with.create && !std::filesystem::exists(with.ledger, ignored)) return errc::path_not_found;
  auto opened = reinstate::open_sqlite_ledger(with.ledger);
  if (!opened) return opened.error();
  return std::shared_ptr<reinstate::ledger>(std::move(*opened));
}

reinstate::service_server_config configure(const serving_options& with, reinstate::service_keys keys,
                                           std::shared_ptr<reinstate::ledger> ledger, bool is_quiet) {
  reinstate::service_server_config config;
  config.keys = std::make_shared<const reinstate::service_keys>(std::move(keys));
  config.desk = std::make_shared<reinstate::service_desk>(
      reinstate::service_desk::parts{std::move(ledger),
                                     config.keys,
                                     {with.name, url_of(with), with.privacy, config.keys->public_key()},
                                     url_of(with) + "/machines",
                                     with.policy});
  config.address = with.address;
  config.port = with.port;
  config.certificate = with.certificate;
  config.private_key = with.private_key;
  config.plain = with.plain;
  if (!is_quiet) config.log = [](std::string_view line) { std::cerr << std::string(line) + "\n" << std::flush; };
  return config;
}

// What a client needs: as its options, one in each line.
void tell(const serving_options& with, const reinstate::service_key& key, output& out) {
  const std::string url = url_of(with), key_text = to_string(key);
  out.line("--service " + url);
  out.line("--service-key " + key_text);
  if (with.dev) out.line("--service-certificate " + with.certificate.string());
  json all = {{"url", url}, {"service_key", key_text}};
  if (with.dev) all["certificate"] = with.certificate.string();
  out.object({{"serving", std::move(all)}});
}

std::string place_of(const error_code& error, const serving_options& with) {
  if (error == errc::certificate_unusable) return with.certificate.string();
  if (error == errc::address_not_available || error == errc::invalid_argument)
    return with.address + ":" + std::to_string(with.port);
  std::error_code ignored;
  return (std::filesystem::exists(with.certificate, ignored) ? with.private_key : with.certificate).string();
}

result<std::unique_ptr<reinstate::service_server>> start(serving_options& with, output& out, std::string& where) {
  if (with.port == 0) {
    const auto port = free_port(with.address);
    where = with.address;
    if (!port) return port.error();
    with.port = *port;
  }
  where = with.key.string();
  auto keys = load_keys(with);
  if (!keys) return keys.error();
  const reinstate::service_key key = keys->public_key();
  where = with.ledger.string();
  auto ledger = open_ledger(with);
  if (!ledger) return ledger.error();
  auto server = reinstate::start_service_server(configure(with, std::move(*keys), std::move(*ledger), out.is_quiet()));
  if (!server)
    where = place_of(server.error(), with);
  else
    tell(with, key, out);
  return server;
}

}  // namespace

exit_code serve(const options& what, output& out) {
  serving_options with = what.serving;
  std::string where;
  if (with.dev)
    if (const auto prepared = prepare_dev(with, what.home, where); !prepared)
      return out.failed(prepared.error(), where);
  interrupt stop;
  const interrupt_signals signals(stop);
  const auto server = start(with, out, where);
  if (!server) return out.failed(server.error(), where);
  stop.wait_readable(-1);  // of nothing but the interrupt
  (*server)->stop();
  return out.done();
}

}  // namespace tool
