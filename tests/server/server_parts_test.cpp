// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "service/server/connection_count.hpp"
#include "service/server/form.hpp"
#include "service/server/metrics.hpp"
#include "service/server/nonce_window.hpp"
#include "service/server/page.hpp"
#include "service/server/request_log.hpp"
#include "service/server/token_buckets.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace {

using namespace reinstate;
using namespace reinstate::service;
using namespace std::chrono_literals;

const token_buckets::time_point begin{std::chrono::hours(100)};

std::chrono::sys_seconds at(std::chrono::seconds since) {
  return std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000) + since);
}

machine_id machine(int number) {
  machine_id out{};
  out[0] = static_cast<std::byte>(number);
  return out;
}

}  // namespace

TEST_CASE("a bucket gives ten seconds' worth at once and then the average", "[server]") {
  token_buckets buckets(2);
  for (int i = 0; i != 20; ++i) CHECK_FALSE(buckets.take("a", begin));
  CHECK(buckets.take("a", begin) == 1s);
  CHECK_FALSE(buckets.take("a", begin + 500ms));
  CHECK(buckets.take("a", begin + 500ms) == 1s);
  CHECK_FALSE(buckets.take("b", begin));
}

TEST_CASE("a bucket tells a slow asker how long to wait", "[server]") {
  token_buckets buckets(0.01);
  CHECK_FALSE(buckets.take("a", begin));
  CHECK(buckets.take("a", begin) == 100s);
  CHECK(buckets.take("a", begin + 50s) == 50s);
  CHECK_FALSE(buckets.take("a", begin + 100s));
}

TEST_CASE("a rate of zero is no limit", "[server]") {
  token_buckets buckets(0);
  for (int i = 0; i != 1'000; ++i) REQUIRE_FALSE(buckets.take("a", begin));
}

TEST_CASE("buckets refuse new names while all they remember are in use and forget full ones", "[server]") {
  token_buckets buckets(1, 2);
  CHECK_FALSE(buckets.take("a", begin));
  CHECK_FALSE(buckets.take("b", begin));
  CHECK(buckets.take("c", begin) == 10s);
  CHECK_FALSE(buckets.take("a", begin + 1s));
  CHECK_FALSE(buckets.take("c", begin + 12s));
}

TEST_CASE("a nonce is fresh once for each machine", "[server]") {
  nonce_window window(60s);
  CHECK(window.admit(machine(1), "n", at(0s)) == nonce_window::verdict::fresh);
  CHECK(window.admit(machine(1), "n", at(0s)) == nonce_window::verdict::seen);
  CHECK(window.admit(machine(2), "n", at(0s)) == nonce_window::verdict::fresh);
  CHECK(window.admit(machine(1), "m", at(0s)) == nonce_window::verdict::fresh);
}

TEST_CASE("a nonce is remembered for the whole window", "[server]") {
  nonce_window window(60s);
  window.admit(machine(9), "first", at(0s));
  CHECK(window.admit(machine(1), "n", at(59s)) == nonce_window::verdict::fresh);
  CHECK(window.admit(machine(1), "n", at(60s)) == nonce_window::verdict::seen);
  CHECK(window.admit(machine(1), "n", at(119s)) == nonce_window::verdict::seen);
}

TEST_CASE("a full window refuses rather than forgets", "[server]") {
  nonce_window window(60s, 2);
  window.admit(machine(1), "a", at(0s));
  window.admit(machine(1), "b", at(0s));
  CHECK(window.admit(machine(1), "c", at(1s)) == nonce_window::verdict::full);
  CHECK(window.admit(machine(1), "a", at(1s)) == nonce_window::verdict::seen);
  CHECK(window.admit(machine(1), "c", at(61s)) == nonce_window::verdict::fresh);
}

TEST_CASE("addresses of one IPv6 network are counted as one network", "[server]") {
  const auto network = [](const char* text) { return network_of(boost::asio::ip::make_address(text)); };
  CHECK(network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::"));
  CHECK(network("2001:db8:1:2::1") != network("2001:db8:1:3::1"));
  CHECK(network("192.0.2.1") != network("192.0.2.2"));
  CHECK(network("::ffff:192.0.2.1") == "192.0.2.1");
}

TEST_CASE("connections are counted in all and for each network", "[server]") {
  connection_count open(3, 2);
  CHECK(open.enter("a").empty());
  CHECK(open.enter("a").empty());
  CHECK(open.enter("a") == "address");
  CHECK(open.enter("b").empty());
  CHECK(open.enter("c") == "all");
  open.leave("a");
  CHECK(open.enter("c").empty());
}

TEST_CASE("forms are read as browsers write them", "[server]") {
  const auto form = parse_form("a=1&b=two+words&c=%C3%A4%26%3d&d=&e");
  REQUIRE(form.has_value());
  CHECK(form->size() == 5);
  CHECK(field_of(*form, "a") == "1");
  CHECK(field_of(*form, "b") == "two words");
  CHECK(field_of(*form, "c") == "\xC3\xA4&=");
  CHECK(field_of(*form, "d").empty());
  CHECK(field_of(*form, "missing").empty());
  CHECK(parse_form("")->empty());
}

TEST_CASE("forms that no browser writes are refused", "[server]") {
  const std::string text = GENERATE(as<std::string>(), "a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%FF", "a=%C0%80",
                                    "a=%ED%A0%80", "a=%F4%90%80%80", std::string(max_form_bytes + 1, 'a'));
  CAPTURE(text.substr(0, 50));
  CHECK(parse_form(text).error() == errc::request_malformed);
}

TEST_CASE("forms with too many fields are refused", "[server]") {
  std::string text = "f0=";
  for (std::size_t i = 1; i != max_form_fields; ++i) text += "&f" + std::to_string(i) + "=";
  CHECK(parse_form(text).has_value());
  CHECK(parse_form(text + "&one_more=").error() == errc::request_malformed);
}

TEST_CASE("what is written into a query comes back from it", "[server]") {
  const std::string text = "a b&c=%\xC3\xA4+/~\"";
  const auto form = parse_form("x=" + percent_encoded(text));
  REQUIRE(form.has_value());
  CHECK(field_of(*form, "x") == text);
}

TEST_CASE("text in a page can neither be markup nor leave an attribute", "[server]") {
  CHECK(escaped("<b a=\"'&>") == "&lt;b a=&quot;&#39;&amp;&gt;");
  CHECK(escaped("\xC3\xA4\xF0\x9F\x98\x80") == "\xC3\xA4\xF0\x9F\x98\x80");
  CHECK(escaped("a\nb\x7F") ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD");
  CHECK(escaped("\xC3") == "\xEF\xBF\xBD");
  CHECK(escaped("\xE2\x82<") == "\xEF\xBF\xBD\xEF\xBF\xBD&lt;");
}

TEST_CASE("the id of a machine is read as it is shown and in no other way", "[server]") {
  const machine_id id = machine(0xAB);
  const std::string text = text_of(id);
  CHECK(text.substr(0, 4) == "ab00");
  CHECK(machine_of(text) == id);
  for (const std::string& wrong : {std::string(), text.substr(2), text + "00", text.substr(1) + "g", "0x" + text})
    CHECK_FALSE(machine_of(wrong));
}

TEST_CASE("figures are text that Prometheus reads", "[server]") {
  metrics figures;
  figures.connection_opened();
  figures.count_request("/v1/restores", 200, 3ms);
  figures.count_request("/v1/restores", 200, 10s);
  figures.count_decisions("granted", 7);
  figures.count_ledger_error();
  const std::string text = figures.text();
  for (const char* line :
       {"reinstate_requests_total{path=\"/v1/restores\",status=\"200\"} 2\n",
        "reinstate_decisions_total{outcome=\"granted\"} 7\n",
        "reinstate_request_duration_seconds_bucket{le=\"0.0025\"} 0\n",
        "reinstate_request_duration_seconds_bucket{le=\"0.005\"} 1\n",
        "reinstate_request_duration_seconds_bucket{le=\"+Inf\"} 2\n", "reinstate_request_duration_seconds_count 2\n",
        "reinstate_connections 1\n", "reinstate_ledger_errors_total 1\n"}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("a request is one line of JSON whatever its sender wrote", "[server]") {
  std::vector<std::string> lines;
  request_log log([&](std::string_view line) { lines.emplace_back(line); });
  log.request({"id", "GET", "/\n\"\xFF", 404, 5ms, "127.0.0.1", "abcd"});
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find('\n') == std::string::npos);
  const auto line = nlohmann::json::parse(lines[0]);
  CHECK(line["status"] == 404);
  CHECK(line["milliseconds"] == 5);
  CHECK(line["machine"] == "abcd");
  CHECK(line["path"] == "/\n\"\xEF\xBF\xBD");
}
