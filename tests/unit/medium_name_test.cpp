// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/backup_medium.hpp>

#include <string>

using reinstate::is_medium_name;

TEST_CASE("names of the backup format are medium names", "[medium]") {
  const std::string name = GENERATE("README.txt", "recovery-000001-passphrase-01234567.age", "000001/manifest",
                                    "000001/licenses-001.age", "a", "A/b", "0/0", "a_b", "a.b.c", "a-");
  CAPTURE(name);
  CHECK(is_medium_name(name));
}

TEST_CASE("a name that could leave the folder or hide in it is no medium name", "[medium]") {
  const std::string name = GENERATE("", "/", "/x", "x/", ".", "..", "../x", "x/..", "x/../y", "./x", "x/.", "a//b",
                                    "a/b/c", ".hidden", "a/.hidden", "-x", "_x", "a/-x", "a b", " a", "a ", "a\\b",
                                    "..\\x", "a:b", "c:", "a*", "a?", "a\n", "\xC3\xA4", "a\x7F", "a\x01");
  CAPTURE(name);
  CHECK_FALSE(is_medium_name(name));
}

TEST_CASE("a medium name has no NUL in it", "[medium]") {
  CHECK_FALSE(is_medium_name(std::string("a\0b", 3)));
  CHECK_FALSE(is_medium_name(std::string("a\0", 2)));
}

TEST_CASE("a segment of a medium name has at most 64 characters", "[medium]") {
  const std::string longest(64, 'x');
  const std::string too_long(65, 'x');
  CHECK(is_medium_name(longest));
  CHECK(is_medium_name(longest + "/" + longest));
  CHECK_FALSE(is_medium_name(too_long));
  CHECK_FALSE(is_medium_name(too_long + "/a"));
  CHECK_FALSE(is_medium_name("a/" + too_long));
}

TEST_CASE("of all single characters only letters and digits are medium names", "[medium]") {
  for (int c = 0; c != 256; ++c) {
    const bool expected = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    CAPTURE(c);
    CHECK(is_medium_name(std::string(1, static_cast<char>(c))) == expected);
  }
}
