// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_SERVER_FIXTURE_HPP
#define REINSTATE_TESTS_SERVER_FIXTURE_HPP

#include "service/protocol/http_signature.hpp"
#include "service/protocol/wire.hpp"
#include "temporary_directory.hpp"
#include "test_certificate.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/service/service_server.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reinstate::tests {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using http_answer = http::response<http::string_body>;

// A server on loopback with a ledger in memory and a clock that stands still until it is set.
class live_server {
 public:
  explicit live_server(server_limits limits = {}, bool plain = true, std::shared_ptr<ledger> on = make_memory_ledger(),
                       service_policy policy = {})
      : book(std::move(on)), keys(std::make_shared<const service_keys>(service_keys::generate())) {
    save(make_test_certificate(), folder.path());
    desk = std::make_shared<service_desk>(service_desk::parts{
        book, keys, {"A <b>studio</b>", "", "", keys->public_key()}, "https://localhost/machines", policy, [this] {
          return now();
        }});
    service_server_config config;
    config.desk = desk;
    config.keys = keys;
    config.plain = plain;
    config.threads = 2;
    config.certificate = folder.path() / "cert.pem";
    config.private_key = folder.path() / "key.pem";
    config.limits = limits;
    config.log = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_.append(line).append("\n");
    };
    auto started = start_service_server(config);
    if (!started) throw std::runtime_error(started.error().message());
    server = std::move(*started);
  }

  std::chrono::sys_seconds now() const { return std::chrono::sys_seconds(std::chrono::seconds(now_)); }
  void pass(std::chrono::seconds span) { now_ += span.count(); }

  std::uint16_t port() const {
    const std::string url = server->url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  std::string authority() const { return "127.0.0.1:" + std::to_string(port()); }
  std::string log() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  temporary_directory folder;
  std::shared_ptr<ledger> book;
  std::shared_ptr<const service_keys> keys;
  std::shared_ptr<service_desk> desk;

 private:
  std::atomic<std::int64_t> now_ = 1'800'000'000;
  mutable std::mutex mutex_;
  std::string log_;

 public:
  std::unique_ptr<service_server> server;  // the last: it ends first
};

// A client that says whatever a test wants. Blocks; the time-out of the test ends what hangs.
class raw_client {
 public:
  explicit raw_client(const live_server& to) : socket_(context_) {
    socket_.connect({asio::ip::address_v4::loopback(), to.port()});
  }

  // Returns whether all of it was taken.
  bool send(std::string_view bytes) {
    error_code ec;
    asio::write(socket_, asio::buffer(bytes), ec);
    return !ec;
  }

  http_answer receive(bool is_head = false) {
    http::response_parser<http::string_body> parser;
    parser.skip(is_head);
    http::read(socket_, buffer_, parser);
    return parser.release();
  }

  http_answer ask(std::string_view bytes) {
    send(bytes);
    return receive();
  }

  // Whether the server has ended the connection, and sent nothing more before.
  bool is_over() {
    error_code ec;
    char byte = 0;
    return buffer_.size() == 0 && socket_.read_some(asio::buffer(&byte, 1), ec) == 0 && ec;
  }

  tcp::socket& socket() { return socket_; }

 private:
  asio::io_context context_;
  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

// The same, with TLS.
class tls_client {
 public:
  explicit tls_client(const live_server& to) : stream_(context_, trust(tls_, to)) {
    stream_.next_layer().connect({asio::ip::address_v4::loopback(), to.port()});
    stream_.set_verify_callback(asio::ssl::host_name_verification("localhost"));
    stream_.handshake(asio::ssl::stream_base::client);
  }

  http_answer ask(std::string_view bytes) {
    asio::write(stream_, asio::buffer(bytes));
    http_answer out;
    http::read(stream_, buffer_, out);
    return out;
  }

  int version() { return SSL_version(stream_.native_handle()); }

 private:
  static asio::ssl::context& trust(asio::ssl::context& context, const live_server& to) {
    context.load_verify_file((to.folder.path() / "cert.pem").string());
    context.set_verify_mode(asio::ssl::verify_peer);
    return context;
  }

  asio::io_context context_;
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  asio::ssl::stream<tcp::socket> stream_;
  boost::beast::flat_buffer buffer_;
};

inline std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

inline std::string post_form(std::string_view body) {
  return "POST /machines HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// A machine that signs what it sends; each part can be replaced after it was signed.
struct signed_post {
  std::string path = std::string(service::reports_path);
  std::string body = R"({"uses":[]})";
  service::signature_fields fields;
  std::string authority;

  std::string text() const {
    return "POST " + path + " HTTP/1.1\r\nHost: " + authority +
           "\r\nContent-Type: application/json\r\nContent-Digest: " + fields.content_digest +
           "\r\nSignature-Input: " + fields.signature_input + "\r\nSignature: " + fields.signature +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
};

inline std::shared_ptr<machine_identity> new_machine() {
  auto made = make_memory_machine_identity();
  made->individualize().value();
  return made;
}

inline signed_post sign_post(machine_identity& machine, const live_server& to, std::string_view path,
                             std::string_view body, std::chrono::sys_seconds when) {
  signed_post out{std::string(path), std::string(body), {}, to.authority()};
  out.fields = service::sign_request(machine, {"POST", out.authority, path, body}, when).value();
  return out;
}

inline signed_post sign_post(machine_identity& machine, const live_server& to) {
  return sign_post(machine, to, service::reports_path, R"({"uses":[]})", to.now());
}

// Whether the service signed this answer to this request.
inline bool is_signed(const http_answer& answer, const signed_post& request, const live_server& by) {
  const auto field = [&](const char* name) { return std::string(answer[name]); };
  return service::check_answer(by.keys->public_key().signing, answer.result_int(), answer.body(),
                               request.fields.signature,
                               {field("Content-Digest"), field("Signature-Input"), field("Signature")})
      .has_value();
}

inline service::problem problem_of(const http_answer& answer) {
  return service::read_problem(answer.body()).value();
}

}  // namespace reinstate::tests

#endif
