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

// How long a connection that was refused is read on, so that the refusal is not lost in a reset.
constexpr std::chrono::seconds drain_time{2};

// How much is read at once: little while nobody has asked for anything, and a TLS record of a body.
constexpr std::size_t head_piece = 4096, body_piece = 16 * 1024;

auto into(error_code& ec) {
  return asio::redirect_error(asio::use_awaitable, ec);
}

std::string_view view(beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

// The value of a field that is there once; otherwise nothing.
std::string_view only(const http::fields& fields, beast::string_view name) {
  const auto range = fields.equal_range(name);
  if (range.first == range.second || std::next(range.first) != range.second) return {};
  return view(range.first->value());
}

// A request, and what of it has to be made first.
struct read_request {
  explicit read_request(const http::request<http::string_body>& from)
      : method(view(from.method_string())), authority(only(from, "Host")) {
    std::ranges::transform(authority, authority.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
    const auto text = [&](beast::string_view name) { return std::string(only(from, name)); };
    seen = {method,      view(from.target()),
            authority,   only(from, "Content-Type"),
            from.body(), {text("Content-Digest"), text("Signature-Input"), text("Signature")}};
  }
  read_request(const read_request&) = delete;
  read_request& operator=(const read_request&) = delete;

  std::string method, authority;
  server_request seen;
};

// "Mon, 23 Nov 2026 05:22:05 GMT" (RFC 9110, 5.6.7)
std::string date_text(std::chrono::system_clock::time_point at) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return out.data();
}

// What goes before the body of an answer.
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
  text.exceptions(std::ios::badbit);  // for want of memory, half of a head would be sent
  text << out.base();
  return std::move(text).str();
}

// Why a request that could not be read is refused; nothing where there is nobody to tell it.
std::optional<problem> reason_of(const error_code& ec, const server_limits& limits) {
  if (ec == http::error::body_limit)
    return problem{
        413, errc::request_too_large, "A body may have " + std::to_string(limits.body_bytes) + " bytes.", {}, {}};
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
    return problem{431,
                   errc::request_too_large,
                   "All header fields together may have " + std::to_string(limits.header_bytes) + " bytes.",
                   {},
                   {}};
  const bool has_ended = ec == http::error::end_of_stream || ec == http::error::partial_message;
  if (ec.category() != http::make_error_code(http::error::bad_method).category() || has_ended) return std::nullopt;
  return problem{400, errc::request_malformed, "It is no HTTP request.", {}, {}};
}

// What is told of an answer after it was written.
struct noted {
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
  session(server_context& shared, worker& home, std::string address, std::string party, Arguments&&... stream)
      : shared_(shared),
        home_(home),
        address_(std::move(address)),
        party_(std::move(party)),
        stream_(std::forward<Arguments>(stream)...),
        buffer_(shared.limits.header_bytes + body_piece) {
    home_.entered(*this);
    shared_.figures.connection_opened();
  }
  ~session() override {
    shared_.connections.leave(party_);
    shared_.figures.connection_closed();
    home_.left(*this);
  }

  asio::awaitable<void> run() {
    bool goes_on = co_await shake_hands();
    if (!goes_on) co_return;
    while (goes_on && !home_.is_stopping()) goes_on = co_await serve_one();
    co_await end();
  }

  void finish() override {
    if (is_idle_) layer().cancel();
  }
  void cut_off() override { layer().close(); }

 private:
  static constexpr bool is_tls = std::is_same_v<Stream, tls_stream>;

  plain_stream& layer() noexcept { return beast::get_lowest_layer(stream_); }

  asio::awaitable<bool> shake_hands() {
    error_code ec;
    if constexpr (is_tls) {
      layer().expires_after(shared_.limits.request_time);
      is_idle_ = true;
      co_await stream_.async_handshake(asio::ssl::stream_base::server, into(ec));
      is_idle_ = false;
    }
    co_return !ec;
  }

  // Waits for the first byte of a request, as long as a connection may be idle.
  asio::awaitable<bool> begins() {
    if (buffer_.size() != 0) co_return true;
    error_code ec;
    layer().expires_after(shared_.limits.idle_time);
    is_idle_ = true;
    co_await read_some(head_piece, ec);
    is_idle_ = false;
    co_return !ec;
  }

  // Reads, decides and answers one request. Returns whether another one may follow.
  asio::awaitable<bool> serve_one() {
    if (!co_await begins()) co_return false;
    const auto begun = steady::now();
    layer().expires_after(shared_.limits.request_time);
    request_parser parser;
    parser.header_limit(static_cast<std::uint32_t>(shared_.limits.header_bytes));
    parser.body_limit(shared_.limits.body_bytes);

    error_code ec;
    co_await read_header(parser, ec);
    std::optional<problem> refused = ec ? reason_of(ec, shared_.limits) : too_often();
    if (ec && !refused) co_return false;  // it went away, or was too slow
    if (!refused) {
      co_await invite_body(parser, ec);
      if (!ec) co_await read_body(parser, ec);
      if (ec && !(refused = reason_of(ec, shared_.limits))) co_return false;
    }
    co_return co_await answer(parser, std::move(refused), begun);
  }

  // The parser's own limit counts only what it leaves in the buffer: lines that come one by one would never reach it.
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

  // Gives the parser what was read. Returns how much of it was taken.
  std::size_t parse(request_parser& parser, error_code& ec) {
    const std::size_t used = parser.put(buffer_.data(), ec);
    buffer_.consume(used);
    return used;
  }

  asio::awaitable<void> read_some(std::size_t most, error_code& ec) {
    most = std::min(most, buffer_.max_size() - buffer_.size());
    if (most == 0)
      ec = http::error::buffer_overflow;
    else
      buffer_.commit(co_await stream_.async_read_some(buffer_.prepare(most), into(ec)));
  }

  std::optional<problem> too_often() {
    const auto wait = shared_.rate.take(party_, steady::now());
    if (!wait) return std::nullopt;
    return problem{429, errc::service_busy, "Too much is asked from this address.", *wait, {}};
  }

  // A client that waits until it is told that its body is wanted.
  asio::awaitable<void> invite_body(const request_parser& parser, error_code& ec) {
    if (!beast::iequals(parser.get()[http::field::expect], "100-continue")) co_return;
    co_await write("HTTP/1.1 100 Continue\r\n\r\n", ec);
  }

  asio::awaitable<bool> answer(request_parser& parser, std::optional<problem> refused, steady::time_point begun) {
    const http::request<http::string_body>& request = parser.get();
    const read_request read(request);
    if (!refused && (read.seen.target.empty() || read.seen.target[0] != '/' || read.authority.empty()))
      refused = problem{400, errc::request_malformed, "It needs one Host field and a path.", {}, {}};
    // No conditional expression: GCC 12 makes broken code of one with co_await in it.
    server_response decided;
    if (refused)
      decided = shared_.routes.refuse(read.seen, *refused);
    else
      decided = co_await decide(read.seen);
    const bool keep_alive = !refused && request.keep_alive() && !home_.is_stopping();
    const noted note{new_request_id(), decided.status, decided.route, decided.machine};
    const std::string head = head_of(decided, request.version(), keep_alive, is_tls, note.id);
    if (request.method() == http::verb::head) decided.body.clear();
    decided.body.insert(0, head);
    error_code ec;
    // The time for reading may have been used up by deciding.
    layer().expires_after(shared_.limits.request_time);
    co_await write(decided.body, ec);
    tell(note, read.seen, steady::now() - begun);
    if (!ec && refused) co_await drain();
    co_return !ec && keep_alive;
  }

  asio::awaitable<void> write(std::string_view text, error_code& ec) {
    co_await asio::async_write(stream_, asio::buffer(text), into(ec));
  }

  void tell(const noted& of, const server_request& request, steady::duration took) {
    shared_.figures.count_request(of.route, of.status, took);
    shared_.log.request({of.id, request.method, request.path(), of.status, took, address_, of.machine});
  }

  // On one of the threads that may block, and back.
  asio::awaitable<server_response> decide(const server_request& request) {
    co_return co_await asio::co_spawn(
        shared_.deciding,
        [this, &request]() -> asio::awaitable<server_response> { co_return shared_.routes.answer(request); },
        asio::use_awaitable);
  }

  // Bytes that were not read when a connection is closed make the other side lose the answer. Beneath TLS, since what
  // they say is not asked any more.
  asio::awaitable<void> drain() {
    error_code ec;
    tcp::socket& socket = layer().socket();
    socket.shutdown(tcp::socket::shutdown_send, ec);
    layer().expires_after(std::min<steady::duration>(drain_time, shared_.limits.request_time));
    std::array<char, 16 * 1024> dropped;
    is_idle_ = true;
    while (!ec && !home_.is_stopping()) co_await layer().async_read_some(asio::buffer(dropped), into(ec));
    layer().close();
  }

  asio::awaitable<void> end() {
    error_code ec;
    if (!layer().socket().is_open()) co_return;
    if constexpr (is_tls) {
      // Nobody has to wait for somebody who may be gone already.
      layer().expires_after(home_.is_stopping() ? steady::duration(std::chrono::milliseconds(100)) : drain_time);
      is_idle_ = true;
      co_await stream_.async_shutdown(into(ec));
    }
    layer().socket().shutdown(tcp::socket::shutdown_send, ec);
    layer().close();
  }

  server_context& shared_;
  worker& home_;
  const std::string address_, party_;
  Stream stream_;
  beast::flat_buffer buffer_;
  bool is_idle_ = false;  // nothing is lost where it ends now
};

template <class Stream>
void start(worker& home, std::shared_ptr<session<Stream>> made) {
  auto& one = *made;
  // What goes wrong within a connection, memory included, ends that connection.
  asio::co_spawn(home.context(), one.run(), [made = std::move(made)](std::exception_ptr) {});
}

}  // namespace

void start_session(server_context& shared, worker& home, tcp::socket socket, std::string party) {
  error_code gone;
  const std::string address = socket.remote_endpoint(gone).address().to_string();
  if (home.is_stopping() || gone) return shared.connections.leave(party);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (shared.tls)
    start(home, std::make_shared<session<tls_stream>>(shared, home, address, std::move(party), std::move(socket),
                                                      *shared.tls));
  else
    start(home, std::make_shared<session<plain_stream>>(shared, home, address, std::move(party), std::move(socket)));
}

}  // namespace reinstate::service
