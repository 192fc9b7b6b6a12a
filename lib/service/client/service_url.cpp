// SPDX-License-Identifier: BSL-1.0
#include "service/client/service_url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace reinstate::service {
namespace {

namespace ip = boost::asio::ip;

bool is_name(std::string_view host) noexcept {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, fits);
}

bool is_loopback(const std::string& host) {
  boost::system::error_code not_an_address;
  const auto address = ip::make_address(host, not_an_address);
  return host == "localhost" || (!not_an_address && address.is_loopback());
}

bool is_path(std::string_view path) noexcept {
  const auto fits = [](char c) { return c > ' ' && c < '\x7f' && c != '?' && c != '#' && c != '"'; };
  return std::ranges::all_of(path, fits) && path.find("//") == path.npos;
}

// Reads ":port" or an empty text, which leaves `port` as it is.
bool read_port(std::string_view text, std::uint16_t& port) noexcept {
  if (text.empty()) return true;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data() + 1, end, port);
  return text.front() == ':' && failed == std::errc() && stop == end && port != 0;
}

// Reads "name", "1.2.3.4" or "[::1]", and removes it from `text`.
bool read_host(std::string_view& text, std::string& host) {
  if (!text.starts_with('[')) {
    host = text.substr(0, text.find(':'));
    text.remove_prefix(host.size());
    std::ranges::transform(host, host.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return is_name(host);
  }
  const auto end = text.find(']');
  if (end == text.npos) return false;
  boost::system::error_code not_an_address;
  const auto address = ip::make_address_v6(std::string(text.substr(1, end - 1)), not_an_address);
  text.remove_prefix(end + 1);
  host = address.to_string();
  return !not_an_address && address.scope_id() == 0;
}

}  // namespace

std::string service_url::authority() const {
  const std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
  return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

result<service_url> parse_service_url(std::string_view text) {
  service_url out;
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
    out.tls = false;
    out.port = 80;
  } else {
    return errc::invalid_argument;
  }
  const auto slash = std::min(text.find('/'), text.size());
  out.path = text.substr(slash);
  if (out.path.ends_with('/')) out.path.pop_back();
  std::string_view authority = text.substr(0, slash);
  if (!read_host(authority, out.host) || !read_port(authority, out.port) || !is_path(out.path))
    return errc::invalid_argument;
  if (!out.tls && !is_loopback(out.host)) return errc::invalid_argument;
  return out;
}

}  // namespace reinstate::service
