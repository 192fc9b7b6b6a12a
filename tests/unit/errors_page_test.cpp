// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/error.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

using namespace reinstate;

namespace {

std::string_view name_of(error_kind kind) {
  switch (kind) {
    case error_kind::invalid_input: return "invalid_input";
    case error_kind::not_permitted: return "not_permitted";
    case error_kind::wrong_key: return "wrong_key";
    case error_kind::corrupted: return "corrupted";
    case error_kind::system_failed: return "system_failed";
    case error_kind::service_unavailable: return "service_unavailable";
    case error_kind::canceled: return "canceled";
  }
  return "";
}

std::string_view name_of(error_subject subject) {
  switch (subject) {
    case error_subject::call: return "call";
    case error_subject::path: return "path";
    case error_subject::backup: return "backup";
    case error_subject::store: return "store";
    case error_subject::identity: return "identity";
    case error_subject::keyring: return "keyring";
    case error_subject::license: return "license";
    case error_subject::input_file: return "input_file";
    case error_subject::service: return "service";
    case error_subject::ledger: return "ledger";
  }
  return "";
}

std::string row_of(const error_info& info) {
  char start[80];
  std::snprintf(start, sizeof start, "| %d | `%s` | `0x%08X` | ", static_cast<int>(info.code), info.name.data(),
                static_cast<unsigned>(info.hresult));
  return std::string(start)
             .append(name_of(info.kind))
             .append(" | ")
             .append(name_of(info.subject))
             .append(" | ")
             .append(info.text)
             .append(" | ")
             .append(info.advice) +
         " |\n";
}

}  // namespace

TEST_CASE("docs/errors.md has every row of the table of errors, word for word", "[errors][docs]") {
  std::ifstream file(REINSTATE_SOURCE_FOLDER "/docs/errors.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (const error_info& info : all_errors()) {
    INFO(row_of(info));
    CHECK(page.find(row_of(info)) != std::string::npos);
  }
}
