// SPDX-License-Identifier: BSL-1.0
#include "lcp/date_time.hpp"

#include "catch.hpp"

#include <string>

using reinstate::lcp::parse_date_time;

TEST_CASE("A date and time is the instant it names", "[lcp]") {
  struct row {
    std::string text;
    long seconds;
  };
  const auto [text, seconds] = GENERATE(values<row>({
      {"1970-01-01T00:00:00Z", 0},
      {"2013-11-04T01:08:15Z", 1383527295},
      {"2013-11-04T01:08:15+01:00", 1383523695},
      {"2013-11-04T01:08:15-01:30", 1383532695},
      {"2013-11-04T01:08:15+00:00", 1383527295},
      {"2013-11-04T01:08:15.9Z", 1383527295},
      {"2013-11-04T01:08:15.015643759+01:00", 1383523695},
      {"2016-02-29T23:59:59Z", 1456790399},
      {"2016-12-31T23:59:60Z", 1483228800},
      {"1969-12-31T23:59:59Z", -1},
      {"0001-01-01T00:00:00Z", -62135596800},
      {"9999-12-31T23:59:59Z", 253402300799},
  }));
  CAPTURE(text);
  const auto instant = parse_date_time(text);
  REQUIRE(instant.has_value());
  CHECK(instant->time_since_epoch().count() == seconds);
}

TEST_CASE("Other texts are no date and time", "[lcp]") {
  const std::string text = GENERATE(
      as<std::string>(), "", "now", "2013-11-04", "2013-11-04T01:08Z", "2013-11-04T01:08:15", "2013-11-04 01:08:15Z",
      "2013-11-04T01:08:15.Z", "2013-11-04T01:08:15.5", "2013-11-04T01:08:15,5Z", "2013-11-04T01:08:15z",
      "2013-11-04T01:08:15ZZ", "2013-11-04T01:08:15+0100", "2013-11-04T01:08:15+24:00", "2013-11-04T01:08:15+01:60",
      "2013-11-04T24:00:00Z", "2013-11-04T01:60:00Z", "2013-11-04T01:08:61Z", "2013-02-29T00:00:00Z",
      "2013-13-01T00:00:00Z", "2013-00-01T00:00:00Z", "2013-01-00T00:00:00Z", "2013-11-04T01:08:15*01:00",
      "13-11-04T01:08:15Z", "+2013-11-04T01:08:15Z", " 2013-11-04T01:08:15Z", "2013-11-04T01:08:15Z ");
  CAPTURE(text);
  CHECK_FALSE(parse_date_time(text).has_value());
}
