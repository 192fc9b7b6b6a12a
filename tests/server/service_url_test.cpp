// SPDX-License-Identifier: BSL-1.0
#include "service/client/service_url.hpp"
#include "catch.hpp"

#include <string>

using namespace reinstate;
using service::parse_service_url;

TEST_CASE("A URL of a service tells where to connect and how to name it", "[server]") {
  struct row {
    const char *text, *host;
    std::uint16_t port;
    const char *path, *authority;
  };
  const auto want = GENERATE(values<row>({
      {"https://service.example", "service.example", 443, "", "service.example"},
      {"https://Service.EXAMPLE:443/", "service.example", 443, "", "service.example"},
      {"https://service.example:8443/lms/", "service.example", 8443, "/lms", "service.example:8443"},
      {"https://10.1.2.3", "10.1.2.3", 443, "", "10.1.2.3"},
      {"https://[2001:DB8::0:1]:8443", "2001:db8::1", 8443, "", "[2001:db8::1]:8443"},
      {"http://localhost:8080", "localhost", 8080, "", "localhost:8080"},
      {"http://127.0.0.9/a/b", "127.0.0.9", 80, "/a/b", "127.0.0.9"},
      {"http://[::1]:80", "::1", 80, "", "[::1]"},
  }));
  CAPTURE(want.text);
  const auto got = parse_service_url(want.text).value();
  CHECK(got.host == want.host);
  CHECK(got.port == want.port);
  CHECK(got.path == want.path);
  CHECK(got.authority() == want.authority);
  CHECK(got.tls == std::string(want.text).starts_with("https"));
}

TEST_CASE("What is no URL of a service is refused", "[server]") {
  const std::string text =
      GENERATE(as<std::string>(), "", "service.example", "ftp://service.example", "https://", "https://:443",
               "HTTPS://a", "https://a:0", "https://a:65536", "https://a:", "https://a:80x", "https://user@a",
               "https://a b", "https://a/b?c", "https://a/#b", "https://a/b c", "https://a//b", "https://[::1",
               "https://[1.2.3.4]", "https://[fe80::1%eth0]", "https://::1", "https://a\n", "https://\xc3\xa4.example");
  CAPTURE(text);
  CHECK(parse_service_url(text).has_error());
}

TEST_CASE("Without TLS there is only this machine", "[server]") {
  for (const char *const text : {"http://service.example", "http://10.1.2.3", "http://localhost.example",
                                 "http://[2001:db8::1]", "http://0.0.0.0"})
    CHECK(parse_service_url(text).has_error());
}
