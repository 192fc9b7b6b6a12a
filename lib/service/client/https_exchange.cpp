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

// What a failure of the connection means. Whoever ends it half-way may be there again at the next attempt.
error_code meaning_of(const error_code& ec) {
  if (ec.category() == error_category()) return ec;  // of the stepper
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
    // A certificate that is named is trusted, even where it was signed by another that is not.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(raw), X509_V_FLAG_PARTIAL_CHAIN);
  }
  if (failed) return errc::certificate_unusable;
  tls->set_verify_mode(asio::ssl::verify_peer);
  return tls;
}

struct https_connection::state {
  state(const service_url& url, std::shared_ptr<asio::ssl::context> with)
      : where(url), tls(std::move(with)), stream(io, *tls) {}

  tcp::socket& socket() { return stream.next_layer(); }

  template <class Start>
  error_code step(stepper& steps, Start start) {
    return steps.run(std::move(start), [this] {
      error_code ignored;
      socket().close(ignored);
    });
  }

  // Calls `use` with what HTTP is spoken over.
  template <class Use>
  void with_stream(Use use) {
    if (where.tls)
      use(stream);
    else
      use(socket());
  }

  error_code connect(stepper& steps);
  error_code shake_hands(stepper& steps);
  error_code send(stepper& steps, const http_request& request);
  result<http_answer> receive(stepper& steps);

  service_url where;
  asio::io_context io{1};
  std::shared_ptr<asio::ssl::context> tls;
  asio::ssl::stream<tcp::socket> stream;
  boost::beast::flat_buffer received;
  bool open = false;
};

error_code https_connection::state::connect(stepper& steps) {
  const auto found = look_up(io, steps, where.host, where.port);
  if (!found) return found.error();
  const error_code ec = step(steps, [&](auto handler) { asio::async_connect(socket(), *found, std::move(handler)); });
  if (ec) return ec;
  error_code ignored;
  socket().set_option(tcp::no_delay(true), ignored);
  return where.tls ? shake_hands(steps) : error_code();
}

error_code https_connection::state::shake_hands(stepper& steps) {
  error_code no_address;
  asio::ip::make_address(where.host, no_address);
  // The name tells a server with several certificates which to show; an address must not be sent. [RFC 6066, 3]
  if (no_address && SSL_set_tlsext_host_name(stream.native_handle(), where.host.c_str()) != 1)
    return errc::service_unavailable;
  stream.set_verify_callback(asio::ssl::host_name_verification(where.host));
  return step(steps, [&](auto handler) { stream.async_handshake(asio::ssl::stream_base::client, std::move(handler)); });
}

error_code https_connection::state::send(stepper& steps, const http_request& request) {
  return step(steps, [&](auto handler) {
    with_stream([&](auto& over) { http::async_write(over, request, std::move(handler)); });
  });
}

result<http_answer> https_connection::state::receive(stepper& steps) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_answer);
  parser.header_limit(static_cast<std::uint32_t>(max_answer_header));
  const error_code ec = step(steps, [&](auto handler) {
    with_stream([&](auto& over) { http::async_read(over, received, parser, std::move(handler)); });
  });
  if (ec) return ec;
  // What comes after an answer was not asked for, and would be taken for the next one.
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
  const auto begin = stepper::clock::now();
  stepper steps(state_->io, std::move(stop));
  error_code ec;
  if (!std::exchange(state_->open, false)) {
    steps.set_deadline(begin + std::min(times.connect, times.whole));
    ec = state_->connect(steps);
  }
  steps.set_deadline(begin + times.whole);
  if (!ec) ec = state_->send(steps, request);
  if (ec) return meaning_of(ec);
  auto answer = state_->receive(steps);
  if (!answer) return meaning_of(answer.error());
  return answer;
}

}  // namespace reinstate::service
