// SPDX-License-Identifier: BSL-1.0
#include "output/advice.hpp"
#include "catch.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using reinstate::errc;
using tool::advice_for;
using tool::error_subject;

namespace {

constexpr std::array path_errors = {errc::path_not_found,   errc::path_not_a_directory, errc::path_not_accessible,
                                    errc::medium_read_only, errc::medium_full,          errc::medium_failed};
constexpr std::array other_subjects = {error_subject::store,      error_subject::identity,    error_subject::home,
                                       error_subject::input_file, error_subject::output_file, error_subject::ledger,
                                       error_subject::service_key};

std::string advice_text(errc code, error_subject subject) {
  return std::string(advice_for(make_error_code(code), subject));
}

}  // namespace

TEST_CASE("a path of a backup gets the advice of the library", "[tool]") {
  for (const errc code : path_errors) {
    const auto advice = reinstate::advice_for(make_error_code(code), reinstate::error_subject::backup);
    CHECK(advice_text(code, error_subject::backup) == advice);
    CHECK(advice_text(code, error_subject::none) == reinstate::info_of(code).advice);
  }
  CHECK(advice_text(errc::path_not_found, error_subject::backup).starts_with("Plug in the medium"));
}

TEST_CASE("another path gets advice that is not about the medium of a backup", "[tool]") {
  for (const error_subject subject : other_subjects)
    for (const errc code : path_errors) {
      const std::string advice = advice_text(code, subject);
      INFO(advice);
      CHECK_FALSE(advice.empty());
      CHECK(advice != reinstate::info_of(code).advice);
      CHECK(advice.find("medium") == std::string::npos);
      CHECK(advice.find("backup") == std::string::npos);
    }
  CHECK(advice_text(errc::path_not_found, error_subject::input_file) == "Check the name of the file.");
}

TEST_CASE("the subject changes no other advice", "[tool]") {
  for (const auto& row : reinstate::all_errors()) {
    if (std::ranges::find(path_errors, row.code) != path_errors.end()) continue;
    INFO(std::string(row.name));
    for (const error_subject subject : other_subjects)
      CHECK(advice_text(row.code, subject) == advice_text(row.code, error_subject::none));
  }
}

TEST_CASE("an error of another category has no advice", "[tool]") {
  CHECK(advice_for(reinstate::error_code(2, boost::system::system_category()), error_subject::input_file).empty());
}
