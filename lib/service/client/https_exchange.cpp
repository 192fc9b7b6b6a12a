// SPDX-License-Identifier: BSL-1.0
#include "service/client/https_exchange.hpp"

#include "service/client/name_lookup.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <openssl/sslerr.h>

namespace reinstate::service {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

// Maps a failure of the connection to an error of exchange(). A service that disconnects half-way may be available at
// the next attempt.
error_code exchange_error(const error_code& ec) {
  if (ec.category() == error_category()) return ec;  // an error of the stepper
  if (ec.category() == asio::error::get_ssl_category() &&
      ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return errc::service_not_authentic;
  const bool is_of_http = ec.category() == make_error_code(http::error::end_of_stream).category();
  if (is_of_http && ec != http::error::end_of_stream && ec != http::error::partial_message)
    return errc::service_answer_invalid;
  return errc::service_unavailable;
}

}  // namespace

result<std::shared_ptr<asio::ssl::context>> make_client_tls(const std::filesystem::path& file) {
  const auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX* const raw = tls->native_handle();
  if (SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) != 1) return errc::certificate_unusable;
  error_code failed;
  if (file.empty()) {
    tls->set_default_verify_paths(failed);
  } else {
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(file, unknown)) return errc::path_not_found;
    tls->load_verify_file(file.string(), failed);
    // A certificate in the file is trusted even if it was signed by one that is not.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(raw), X509_V_FLAG_PARTIAL_CHAIN);
  }
  if (failed) return errc::certificate_unusable;
  tls->set_verify_mode(asio::ssl::verify_peer);
  return tls;
}

struct https_connection::state {
  state(const service_url& service, std::shared_ptr<asio::ssl::context> context)
      : url(service), tls(std::move(context)), stream(io, *tls) {}

  tcp::socket& socket() { return stream.next_layer(); }

  template <class Start>
  error_code step(stepper& steps, Start start) {
    return steps.run(std::move(start), [this] {
      error_code ignored;
      socket().close(ignored);
    });
  }

  // Calls `use` with the stream that carries HTTP.
  template <class Use>
  void with_stream(Use use) {
    if (url.tls)
      use(stream);
    else
      use(socket());
  }

  error_code connect(stepper& steps);
  error_code handshake(stepper& steps);
  error_code send(stepper& steps, const http_request& request);
  result<http_answer> receive(stepper& steps);

  service_url url;
  asio::io_context io{1};
  std::shared_ptr<asio::ssl::context> tls;
  asio::ssl::stream<tcp::socket> stream;
  boost::beast::flat_buffer received;
  bool open = false;
};

error_code https_connection::state::connect(stepper& steps) {
  const auto addresses = look_up(io, steps, url.host, url.port);
  if (!addresses) return addresses.error();
  const error_code ec =
      step(steps, [&](auto handler) { asio::async_connect(socket(), *addresses, std::move(handler)); });
  if (ec) return ec;
  error_code ignored;
  socket().set_option(tcp::no_delay(true), ignored);
  return url.tls ? handshake(steps) : error_code();
}

error_code https_connection::state::handshake(stepper& steps) {
  error_code not_an_address;
  asio::ip::make_address(url.host, not_an_address);
  // The name tells a server with several certificates which one to use; an address must not be sent. [RFC 6066, 3]
  if (not_an_address && SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str()) != 1)
    return errc::service_unavailable;
  stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
  return step(steps, [&](auto handler) { stream.async_handshake(asio::ssl::stream_base::client, std::move(handler)); });
}

error_code https_connection::state::send(stepper& steps, const http_request& request) {
  return step(steps, [&](auto handler) {
    with_stream([&](auto& transport) { http::async_write(transport, request, std::move(handler)); });
  });
}

result<http_answer> https_connection::state::receive(stepper& steps) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_answer);
  parser.header_limit(static_cast<std::uint32_t>(max_answer_header));
  const error_code ec = step(steps, [&](auto handler) {
    with_stream([&](auto& transport) { http::async_read(transport, received, parser, std::move(handler)); });
  });
  if (ec) return ec;
  // Unrequested bytes after an answer would be taken for the next one.
  open = parser.keep_alive() && received.size() == 0;
  return parser.release();
}

https_connection::https_connection(const service_url& url, std::shared_ptr<asio::ssl::context> tls)
    : state_(std::make_unique<state>(url, std::move(tls))) {
}

https_connection::~https_connection() = default;

bool https_connection::is_open() const noexcept {
  return state_->open;
}

result<http_answer> https_connection::exchange(const http_request& request, const exchange_times& times,
                                               std::stop_token stop) {
  const auto started = stepper::clock::now();
  stepper steps(state_->io, std::move(stop));
  error_code ec;
  if (!std::exchange(state_->open, false)) {
    steps.set_deadline(started + std::min(times.connect, times.total));
    ec = state_->connect(steps);
  }
  steps.set_deadline(started + times.total);
  if (!ec) ec = state_->send(steps, request);
  if (ec) return exchange_error(ec);
  auto answer = state_->receive(steps);
  if (!answer) return exchange_error(answer.error());
  return answer;
}

}  // namespace reinstate::service
