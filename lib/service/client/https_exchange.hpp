// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_CLIENT_HTTPS_EXCHANGE_HPP
#define REINSTATE_SERVICE_CLIENT_HTTPS_EXCHANGE_HPP

#include "service/client/service_url.hpp"
#include "service/client/stepper.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>

namespace reinstate::service {

using http_request = boost::beast::http::request<boost::beast::http::string_body>;
using http_answer = boost::beast::http::response<boost::beast::http::string_body>;

struct exchange_times {
  std::chrono::milliseconds connect;  // to look up the name, connect, and complete the TLS handshake
  std::chrono::milliseconds total;
};

inline constexpr std::size_t max_answer = 8 * 1024 * 1024;
inline constexpr std::size_t max_answer_header = 16 * 1024;

// Makes a client context for TLS 1.2 or newer that trusts the authorities of a PEM file, or those of the system if
// `file` is empty.
// Errors: path_not_found, certificate_unusable.
result<std::shared_ptr<boost::asio::ssl::context>> make_client_tls(const std::filesystem::path& file);

// One connection to a service, with an event loop that runs in the calling thread.
//
// Thread safety: one call at a time.
class https_connection {
 public:
  // `tls` is not used if the URL is without TLS.
  https_connection(const service_url& url, std::shared_ptr<boost::asio::ssl::context> tls);
  ~https_connection();

  // Connects if necessary, sends the request, and waits for the answer.
  // Errors: operation_canceled; service_unavailable if the service cannot be reached, takes too long, or disconnects
  // before the answer is complete; service_not_authentic if its certificate is not trusted or not for this host;
  // service_answer_invalid if the answer is not HTTP or too large. After an error the connection must not be used
  // again.
  result<http_answer> exchange(const http_request& request, const exchange_times& times, std::stop_token stop);

  // Returns true if the connection has been used and may be used again.
  bool is_open() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace reinstate::service

#endif
