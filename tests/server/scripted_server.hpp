// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_SCRIPTED_SERVER_HPP
#define REINSTATE_TESTS_SCRIPTED_SERVER_HPP

#include "service/protocol/http_signature.hpp"
#include "temporary_directory.hpp"
#include "test_certificate.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <atomic>
#include <filesystem>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace reinstate::tests {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

// One connection, as seen by a server that does whatever a test wants of it. Each call blocks.
class peer {
 public:
  peer(tcp::socket socket, asio::ssl::context* tls, unsigned number)
      : number_(number), tls_(tls), stream_(std::move(socket), tls != nullptr ? *tls : no_tls()) {}

  unsigned number() const noexcept { return number_; }  // of the connection, from 0

  // Whether there is a connection to talk over.
  bool shake_hands() {
    boost::system::error_code ec;
    if (tls_ != nullptr) stream_.handshake(asio::ssl::stream_base::server, ec);
    return !ec;
  }

  // The next request, or nothing where the other side is gone.
  std::optional<http::request<http::string_body>> read() {
    http::request_parser<http::string_body> parser;
    parser.body_limit(64 * 1024 * 1024);
    boost::system::error_code ec;
    if (tls_ != nullptr)
      http::read(stream_, buffer_, parser, ec);
    else
      http::read(socket(), buffer_, parser, ec);
    if (ec) return std::nullopt;
    return parser.release();
  }

  // Whether the other side still takes something.
  bool send(std::string_view bytes) {
    boost::system::error_code ec;
    if (tls_ != nullptr)
      asio::write(stream_, asio::buffer(bytes), ec);
    else
      asio::write(socket(), asio::buffer(bytes), ec);
    return !ec;
  }

  // Returns when the other side ends the connection.
  void wait_for_end() {
    boost::system::error_code ec;
    char ignored[512];
    while (!ec) socket().read_some(asio::buffer(ignored), ec);
  }

  tcp::socket& socket() noexcept { return stream_.next_layer(); }

 private:
  static asio::ssl::context& no_tls() {
    static asio::ssl::context context(asio::ssl::context::tls_server);
    return context;
  }

  unsigned number_;
  asio::ssl::context* tls_;
  asio::ssl::stream<tcp::socket> stream_;
  boost::beast::flat_buffer buffer_;
};

// Listens on 127.0.0.1 and gives each connection, on a thread of its own, to a function.
class scripted_server {
 public:
  using script = std::function<void(peer&)>;

  struct options {
    bool tls = false;
    certificate_options certificate = {};
    int newest_tls = 0;  // 0: what OpenSSL has
  };

  explicit scripted_server(script what) : scripted_server(std::move(what), options()) {}

  scripted_server(script what, const options& with) : script_(std::move(what)) {
    if (with.tls) {
      const auto made = make_test_certificate(with.certificate);
      save(made, folder_.path());
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->use_certificate_chain(asio::buffer(made.certificate));
      SSL_CTX_set_max_proto_version(tls_->native_handle(), with.newest_tls);
      tls_->use_private_key(asio::buffer(made.private_key), asio::ssl::context::pem);
    }
    thread_ = std::thread([this] { accept(); });
  }

  ~scripted_server() {
    stopping_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // makes `accept` return
    thread_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const auto& open : open_) ::shutdown(open->native_handle(), SHUT_RDWR);
    }
    for (std::thread& each : threads_) each.join();
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(std::string_view host = "127.0.0.1") const {
    return (tls_ ? "https://" : "http://") + std::string(host) + ":" + std::to_string(port());
  }
  std::filesystem::path certificate() const { return tls_ ? folder_.path() / "cert.pem" : std::filesystem::path(); }
  unsigned connections() const noexcept { return connections_; }

 private:
  void accept() {
    for (;;) {
      boost::system::error_code ec;
      tcp::socket socket(io_);
      acceptor_.accept(socket, ec);
      if (ec || stopping_) return;
      threads_.emplace_back(
          [this, taken = std::move(socket), number = connections_++]() mutable { serve(std::move(taken), number); });
    }
  }

  void serve(tcp::socket socket, unsigned number) {
    peer other(std::move(socket), tls_ ? &*tls_ : nullptr, number);
    const auto entry = [&] {
      const std::lock_guard lock(mutex_);
      return open_.insert(open_.end(), &other.socket());
    }();
    if (!stopping_ && other.shake_hands()) script_(other);
    const std::lock_guard lock(mutex_);
    open_.erase(entry);
    boost::system::error_code ignored;
    other.socket().close(ignored);
  }

  script script_;
  temporary_directory folder_;
  std::optional<asio::ssl::context> tls_;
  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> stopping_ = false;
  std::atomic<unsigned> connections_ = 0;
  std::mutex mutex_;
  std::list<tcp::socket*> open_;  // guarded by mutex_
  std::list<std::thread> threads_;
  std::thread thread_;
};

// The text of an answer as the service with these keys would give it to this request.
inline std::string signed_answer(const service_keys& keys, const http::request<http::string_body>& request,
                                 unsigned status, const std::string& body, const std::string& more_fields = {}) {
  const auto at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto fields = service::sign_answer(keys, status, body, std::string(request["Signature"]), at);
  return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nContent-Digest: " + fields.content_digest + "\r\nSignature-Input: " + fields.signature_input +
         "\r\nSignature: " + fields.signature + "\r\n" + more_fields + "\r\n" + body;
}

}  // namespace reinstate::tests

#endif
