// SPDX-License-Identifier: BSL-1.0
#include "service/server/session.hpp"

#include "crypto/base64.hpp"
#include "crypto/random.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>
#include <type_traits>
#include <utility>

namespace reinstate::service {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using steady = std::chrono::steady_clock;
using plain_stream = beast::tcp_stream;
using tls_stream = beast::ssl_stream<plain_stream>;
using request_parser = http::request_parser<http::string_body>;

// How long the server keeps reading after a refusal, so that the refusal is not lost in a reset.
constexpr std::chrono::seconds drain_time{2};

// How much is read at once: little while a connection is idle, and a whole TLS record of a body.
constexpr std::size_t head_piece = 4096, body_piece = 16 * 1024;

auto into(error_code& ec) {
  return asio::redirect_error(asio::use_awaitable, ec);
}

std::string_view view(beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

// Returns the value of a field that appears exactly once; otherwise an empty string.
std::string_view single_value(const http::fields& fields, beast::string_view name) {
  const auto range = fields.equal_range(name);
  if (range.first == range.second || std::next(range.first) != range.second) return {};
  return view(range.first->value());
}

// A request as the router takes it, with the strings that it refers to.
struct received_request {
  explicit received_request(const http::request<http::string_body>& message)
      : method(view(message.method_string())), authority(single_value(message, "Host")) {
    std::ranges::transform(authority, authority.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
    const auto text = [&](beast::string_view name) { return std::string(single_value(message, name)); };
    request = {method,         view(message.target()),
               authority,      single_value(message, "Content-Type"),
               message.body(), {text("Content-Digest"), text("Signature-Input"), text("Signature")}};
  }
  received_request(const received_request&) = delete;
  received_request& operator=(const received_request&) = delete;

  std::string method, authority;
  server_request request;
};

// "Mon, 23 Nov 2026 05:22:05 GMT" (RFC 9110, 5.6.7)
std::string date_text(std::chrono::system_clock::time_point instant) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return out.data();
}

// Returns the status line and the header fields of an answer.
std::string head_of(const server_response& answer, unsigned version, bool keep_alive, bool is_tls,
                    const std::string& id) {
  http::response<http::empty_body> out;
  out.version(version);
  out.result(answer.status);
  for (const auto& [name, value] : answer.fields) out.set(name, value);
  out.set("Date", date_text(std::chrono::system_clock::now()));
  out.set("Request-Id", id);
  if (is_tls) out.set("Strict-Transport-Security", "max-age=31536000");
  out.keep_alive(keep_alive);
  out.content_length(answer.body.size());
  std::ostringstream text;
  text.exceptions(std::ios::badbit);  // otherwise half of a head would be sent when memory runs out
  text << out.base();
  return std::move(text).str();
}

// Returns why a request that could not be read is refused, or nullopt if there is no client to answer.
std::optional<problem> reason_of(const error_code& ec, const server_limits& limits) {
  if (ec == http::error::body_limit)
    return problem{413,
                   errc::request_too_large,
                   "The body may have at most " + std::to_string(limits.body_bytes) + " bytes.",
                   {},
                   {}};
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
    return problem{431,
                   errc::request_too_large,
                   "The header fields may have at most " + std::to_string(limits.header_bytes) + " bytes in total.",
                   {},
                   {}};
  const bool has_ended = ec == http::error::end_of_stream || ec == http::error::partial_message;
  if (ec.category() != http::make_error_code(http::error::bad_method).category() || has_ended) return std::nullopt;
  return problem{400, errc::request_malformed, "Malformed HTTP request.", {}, {}};
}

// The part of an answer that is logged and counted after it was written.
struct answer_record {
  std::string id;
  unsigned status = 0;
  std::string_view route;
  std::string machine;
};

std::string new_request_id() {
  return crypto::base64_encode(crypto::random_array<9>(), crypto::base64_alphabet::url);
}

template <class Stream>
class session final : public connection {
 public:
  template <class... Arguments>
  session(server_context& shared, worker& home, std::string address, std::string network, Arguments&&... stream)
      : shared_(shared),
        home_(home),
        address_(std::move(address)),
        network_(std::move(network)),
        stream_(std::forward<Arguments>(stream)...),
        buffer_(shared.limits.header_bytes + body_piece) {
    home_.add(*this);
    shared_.figures.connection_opened();
  }

  ~session() override {
    shared_.connections.leave(network_);
    shared_.figures.connection_closed();
    home_.remove(*this);
  }

  asio::awaitable<void> run() {
    bool is_open = co_await handshake();
    if (!is_open) co_return;
    while (is_open && !home_.is_stopping()) is_open = co_await serve_one();
    co_await close();
  }

  void finish() override {
    if (is_idle_) layer().cancel();
  }
  void cut_off() override { layer().close(); }

 private:
  static constexpr bool is_tls = std::is_same_v<Stream, tls_stream>;

  plain_stream& layer() noexcept { return beast::get_lowest_layer(stream_); }

  // Returns false if the handshake failed.
  asio::awaitable<bool> handshake() {
    error_code ec;
    if constexpr (is_tls) {
      layer().expires_after(shared_.limits.request_timeout);
      is_idle_ = true;
      co_await stream_.async_handshake(asio::ssl::stream_base::server, into(ec));
      is_idle_ = false;
    }
    co_return !ec;
  }

  // Waits for the first byte of a request. Returns false if none came while the connection may be idle.
  asio::awaitable<bool> wait_for_request() {
    if (buffer_.size() != 0) co_return true;
    error_code ec;
    layer().expires_after(shared_.limits.idle_timeout);
    is_idle_ = true;
    co_await read_some(head_piece, ec);
    is_idle_ = false;
    co_return !ec;
  }

  // Reads, decides and answers one request. Returns true if another one may follow.
  asio::awaitable<bool> serve_one() {
    if (!co_await wait_for_request()) co_return false;
    const auto started = steady::now();
    layer().expires_after(shared_.limits.request_timeout);
    request_parser parser;
    parser.header_limit(static_cast<std::uint32_t>(shared_.limits.header_bytes));
    parser.body_limit(shared_.limits.body_bytes);

    error_code ec;
    co_await read_header(parser, ec);
    std::optional<problem> refused = ec ? reason_of(ec, shared_.limits) : check_rate();
    if (ec && !refused) co_return false;  // the client disconnected, or was too slow
    if (!refused) {
      co_await send_continue(parser, ec);
      if (!ec) co_await read_body(parser, ec);
      if (ec && !(refused = reason_of(ec, shared_.limits))) co_return false;
    }
    co_return co_await answer(parser, std::move(refused), started);
  }

  // Enforces the size limit itself: the parser's own limit counts only what it leaves in the buffer, which lines that
  // arrive one by one would never reach.
  asio::awaitable<void> read_header(request_parser& parser, error_code& ec) {
    const std::size_t limit = shared_.limits.header_bytes;
    std::size_t size = 0;
    while (!parser.is_header_done() && !ec) {
      size += parse(parser, ec);
      if (ec != http::error::need_more) continue;
      ec = {};
      if (size + buffer_.size() > limit) ec = http::error::header_limit;
      if (!ec) co_await read_some(head_piece, ec);
    }
  }

  asio::awaitable<void> read_body(request_parser& parser, error_code& ec) {
    parser.eager(true);
    while (!parser.is_done()) {
      parse(parser, ec);
      if (ec == http::error::need_more) ec = {};
      if (!ec && !parser.is_done()) co_await read_some(body_piece, ec);
      if (ec) co_return;
    }
  }

  // Passes the buffer to the parser. Returns the number of bytes it consumed.
  std::size_t parse(request_parser& parser, error_code& ec) {
    const std::size_t used = parser.put(buffer_.data(), ec);
    buffer_.consume(used);
    return used;
  }

  asio::awaitable<void> read_some(std::size_t max_size, error_code& ec) {
    max_size = std::min(max_size, buffer_.max_size() - buffer_.size());
    if (max_size == 0)
      ec = http::error::buffer_overflow;
    else
      buffer_.commit(co_await stream_.async_read_some(buffer_.prepare(max_size), into(ec)));
  }

  // Returns nullopt if this address may send another request.
  std::optional<problem> check_rate() {
    const auto wait = shared_.rate.take(network_, steady::now());
    if (!wait) return std::nullopt;
    return problem{429, errc::service_busy, "Too many requests from this address.", *wait, {}};
  }

  // Sends "100 Continue" if the client waits for it before it sends the body.
  asio::awaitable<void> send_continue(const request_parser& parser, error_code& ec) {
    if (!beast::iequals(parser.get()[http::field::expect], "100-continue")) co_return;
    co_await write("HTTP/1.1 100 Continue\r\n\r\n", ec);
  }

  // Returns true if another request may follow.
  asio::awaitable<bool> answer(request_parser& parser, std::optional<problem> refused, steady::time_point started) {
    const http::request<http::string_body>& message = parser.get();
    const received_request received(message);
    const server_request& request = received.request;
    if (!refused && (request.target.empty() || request.target[0] != '/' || request.authority.empty()))
      refused = problem{400, errc::request_malformed, "The request needs one Host field and a path.", {}, {}};
    // No conditional expression: GCC 12 miscompiles one that contains co_await.
    server_response response;
    if (refused)
      response = shared_.routes.refuse(request, *refused);
    else
      response = co_await decide(request);
    const bool keep_alive = !refused && message.keep_alive() && !home_.is_stopping();
    const answer_record record{new_request_id(), response.status, response.route, response.machine};
    const std::string head = head_of(response, message.version(), keep_alive, is_tls, record.id);
    if (message.method() == http::verb::head) response.body.clear();
    response.body.insert(0, head);
    error_code ec;
    // Deciding may have used up the time for reading.
    layer().expires_after(shared_.limits.request_timeout);
    co_await write(response.body, ec);
    log_answer(record, request, steady::now() - started);
    if (!ec && refused) co_await drain();
    co_return !ec && keep_alive;
  }

  asio::awaitable<void> write(std::string_view text, error_code& ec) {
    co_await asio::async_write(stream_, asio::buffer(text), into(ec));
  }

  void log_answer(const answer_record& record, const server_request& request, steady::duration duration) {
    shared_.figures.count_request(record.route, record.status, duration);
    shared_.log.request({record.id, request.method, request.path(), record.status, duration, address_, record.machine});
  }

  // Decides on one of the threads that may block, and resumes on this one.
  asio::awaitable<server_response> decide(const server_request& request) {
    co_return co_await asio::co_spawn(
        shared_.deciding,
        [this, &request]() -> asio::awaitable<server_response> { co_return shared_.routes.answer(request); },
        asio::use_awaitable);
  }

  // Discards what the client still sends: closing a connection with unread bytes would make the client lose the answer.
  // Reads beneath TLS, since the content does not matter anymore.
  asio::awaitable<void> drain() {
    error_code ec;
    tcp::socket& socket = layer().socket();
    socket.shutdown(tcp::socket::shutdown_send, ec);
    layer().expires_after(std::min<steady::duration>(drain_time, shared_.limits.request_timeout));
    std::array<char, 16 * 1024> discarded;
    is_idle_ = true;
    while (!ec && !home_.is_stopping()) co_await layer().async_read_some(asio::buffer(discarded), into(ec));
    layer().close();
  }

  asio::awaitable<void> close() {
    error_code ec;
    if (!layer().socket().is_open()) co_return;
    if constexpr (is_tls) {
      // A stopping server does not wait long for a client that may be disconnected already.
      layer().expires_after(home_.is_stopping() ? steady::duration(std::chrono::milliseconds(100)) : drain_time);
      is_idle_ = true;
      co_await stream_.async_shutdown(into(ec));
    }
    layer().socket().shutdown(tcp::socket::shutdown_send, ec);
    layer().close();
  }

  server_context& shared_;
  worker& home_;
  const std::string address_, network_;
  Stream stream_;
  beast::flat_buffer buffer_;
  bool is_idle_ = false;  // nothing is lost if the connection ends now
};

template <class Stream>
void start(worker& home, std::shared_ptr<session<Stream>> owned) {
  auto& started = *owned;
  // An exception within a connection, out of memory included, ends that connection only.
  asio::co_spawn(home.context(), started.run(), [owned = std::move(owned)](std::exception_ptr) {});
}

}  // namespace

void start_session(server_context& shared, worker& home, tcp::socket socket, std::string network) {
  error_code disconnected;
  const std::string address = socket.remote_endpoint(disconnected).address().to_string();
  if (home.is_stopping() || disconnected) return shared.connections.leave(network);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (shared.tls)
    start(home, std::make_shared<session<tls_stream>>(shared, home, address, std::move(network), std::move(socket),
                                                      *shared.tls));
  else
    start(home, std::make_shared<session<plain_stream>>(shared, home, address, std::move(network), std::move(socket)));
}

}  // namespace reinstate::service
