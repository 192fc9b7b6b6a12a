// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_EXAMPLES_LOOPBACK_SERVER_HPP
#define REINSTATE_EXAMPLES_LOOPBACK_SERVER_HPP

#include <reinstate/secret_bytes.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace support {

namespace http = boost::beast::http;

struct answer {
  http::status status = http::status::not_found;
  std::string type = "text/plain";
  reinstate::secret_bytes body;  // wiped after it was sent
};

// Serves keys to a player on this machine only.
//
// Guarantees: listens on 127.0.0.1 only. Passes a request to the handler only if its path begins with a token that is
// new in each run, so that a web page in the user's browser cannot ask; if its host is this address, so that DNS
// rebinding does not help; and if it comes from no other origin. Answers every other request with 403. Forbids caching
// of all answers.
//
// Does not guarantee: protection from programs of the same user, which can read the player's memory anyway. Other users
// of the machine must not learn the address: keep it off command lines.
//
// Thread safety: one thread; `run` calls the handler.
class loopback_server {
 public:
  struct request {
    http::verb method;
    std::string_view path;  // below the token, without a slash at its beginning
    std::string_view body;
  };
  using handler = std::function<answer(const request&)>;

  // Throws boost::system::system_error, std::system_error.
  explicit loopback_server(handler handle) : handle_(std::move(handle)) {}

  // The base address for the player: "http://127.0.0.1:PORT/TOKEN/".
  std::string address() const { return "http://" + host_ + "/" + token_ + "/"; }

  // Answers requests until Ctrl-C or SIGTERM.
  void run() {
    signals_.async_wait([this](auto, int) { io_.stop(); });
    accept();
    io_.run();
  }

 private:
  using tcp = boost::asio::ip::tcp;
  using request_type = http::request<http::string_body>;
  using response_type = http::response<http::span_body<const char>>;
  static constexpr std::uint64_t max_body = 64 * 1024;
  static constexpr std::chrono::seconds request_timeout{30};

  // Serves one request of one connection.
  class session : public std::enable_shared_from_this<session> {
   public:
    session(loopback_server& server, tcp::socket socket) : server_(server), stream_(std::move(socket)) {
      parser_.body_limit(max_body);
    }

    void start() {
      stream_.expires_after(request_timeout);
      http::async_read(stream_, buffer_, parser_, [self = shared_from_this()](auto ec, std::size_t) {
        if (!ec) self->reply();
      });
    }

   private:
    void reply() {
      answer_ = server_.answer_to(parser_.get());
      const auto body = answer_.body.expose();
      response_.result(answer_.status);
      response_.set(http::field::content_type, answer_.type);
      response_.set(http::field::cache_control, "no-store");
      response_.set("Referrer-Policy", "no-referrer");
      response_.set("Cross-Origin-Resource-Policy", "same-origin");
      response_.set("X-Content-Type-Options", "nosniff");
      response_.body() = {reinterpret_cast<const char*>(body.data()), body.size()};
      response_.keep_alive(false);
      response_.prepare_payload();
      http::async_write(stream_, response_, [self = shared_from_this()](auto, std::size_t) {
        boost::system::error_code ignored;
        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
      });
    }

    loopback_server& server_;
    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
    http::request_parser<http::string_body> parser_;
    answer answer_;
    response_type response_;
  };

  static std::string make_token() {
    std::array<unsigned char, 16> random{};
    if (::getentropy(random.data(), random.size()) != 0) throw std::system_error(errno, std::generic_category());
    std::string out;
    for (const unsigned b : random) out.append({"0123456789abcdef"[b >> 4], "0123456789abcdef"[b & 15]});
    return out;
  }

  // Returns the path below the token, or nullopt if the request is not from the player.
  std::optional<std::string_view> path_of(const request_type& received) const {
    if (received[http::field::host] != host_) return std::nullopt;
    const auto origin = received.find(http::field::origin);
    if (origin != received.end() && origin->value() != "http://" + host_) return std::nullopt;
    const std::string_view target = received.target();
    if (!target.starts_with("/" + token_ + "/")) return std::nullopt;
    return target.substr(token_.size() + 2);
  }

  answer answer_to(const request_type& received) {
    const auto path = path_of(received);
    if (!path) return {http::status::forbidden, "text/plain", {}};
    return handle_({received.method(), *path, received.body()});
  }

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code ec, tcp::socket socket) {
      if (!ec) std::make_shared<session>(*this, std::move(socket))->start();
      accept();
    });
  }

  boost::asio::io_context io_{1};
  tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  const std::string host_ = "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  const std::string token_ = make_token();
  handler handle_;
};

// Returns the answer to a permitted request.
inline answer found(std::string type, reinstate::secret_bytes body) {
  return {http::status::ok, std::move(type), std::move(body)};
}

inline answer refused() {
  return {http::status::forbidden, "text/plain", {}};
}

// Returns a file as an answer, or 404 if it cannot be read.
inline answer file(const std::filesystem::path& path, std::string type) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return {};
  reinstate::secret_bytes bytes(static_cast<std::size_t>(in.tellg()));
  in.seekg(0).read(reinterpret_cast<char*>(bytes.expose_writable().data()), static_cast<std::streamsize>(bytes.size()));
  return in ? found(std::move(type), std::move(bytes)) : answer{};
}

}  // namespace support

#endif
