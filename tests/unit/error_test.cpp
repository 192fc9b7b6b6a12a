// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/error.hpp>

#include <boost/system/errc.hpp>
#include <boost/system/generic_category.hpp>
#include <boost/system/system_category.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

using namespace reinstate;

namespace {

bool is_sentence(std::string_view text) {
  return text.size() > 1 && text.ends_with('.') && !text.ends_with("..") && text.front() >= 'A' && text.front() <= 'Z';
}

bool is_snake_case(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// The facility of nserror.h, and the COM errors of winerror.h.
bool is_failure(std::uint32_t hresult) {
  return (hresult & 0x8000'0000u) != 0;
}

}  // namespace

TEST_CASE("every error has a row in the table, in order", "[core]") {
  const auto rows = all_errors();
  CHECK(rows.size() == static_cast<std::size_t>(errc::address_not_available));
  for (std::size_t i = 0; i != rows.size(); ++i) {
    INFO(rows[i].name);
    CHECK(static_cast<std::size_t>(rows[i].code) == i + 1);
    CHECK(&info_of(rows[i].code) == &rows[i]);
  }
}

TEST_CASE("every error says what happened and what to do, in whole sentences", "[core]") {
  for (const error_info& row : all_errors()) {
    INFO(row.name);
    CHECK(is_sentence(row.text));
    CHECK(is_sentence(row.advice));
    CHECK(row.text != row.advice);
  }
}

TEST_CASE("every error has a name of its own", "[core]") {
  std::set<std::string_view> names;
  for (const error_info& row : all_errors()) {
    INFO(row.name);
    CHECK(is_snake_case(row.name));
    CHECK(names.insert(row.name).second);
  }
}

TEST_CASE("every error has a text of its own", "[core]") {
  std::set<std::string_view> texts;
  for (const error_info& row : all_errors()) {
    INFO(row.name);
    CHECK(texts.insert(row.text).second);
  }
}

TEST_CASE("every error has a kind", "[core]") {
  for (const error_info& row : all_errors()) {
    INFO(row.name);
    CHECK((row.kind >= error_kind::invalid_input && row.kind <= error_kind::canceled));
    CHECK((row.kind == error_kind::canceled) == (row.code == errc::operation_canceled));
  }
}

TEST_CASE("errors are of the kind that decides what to do next", "[core]") {
  const auto& [code, kind] = GENERATE(table<errc, error_kind>({
      {errc::busy, error_kind::invalid_input},
      {errc::backup_exists, error_kind::invalid_input},
      {errc::wrong_passphrase, error_kind::wrong_key},
      {errc::no_key_for_backup, error_kind::wrong_key},
      {errc::store_of_another_machine, error_kind::wrong_key},
      {errc::backup_damaged, error_kind::corrupted},
      {errc::store_damaged, error_kind::corrupted},
      {errc::medium_full, error_kind::system_failed},
      {errc::out_of_memory, error_kind::system_failed},
      {errc::needs_individualization, error_kind::not_permitted},
      {errc::backup_right_absent, error_kind::not_permitted},
      {errc::service_required, error_kind::service_unavailable},
      {errc::service_unavailable, error_kind::service_unavailable},
      {errc::service_not_authentic, error_kind::wrong_key},
      {errc::machine_limit_reached, error_kind::not_permitted},
      {errc::license_revoked, error_kind::not_permitted},
  }));
  INFO(info_of(code).name);
  CHECK(info_of(code).kind == kind);
}

TEST_CASE("every error is about the subject its name says", "[core]") {
  const auto subject_of_name = [](std::string_view name) -> std::optional<error_subject> {
    const std::pair<std::string_view, error_subject> prefixes[] = {{"path_", error_subject::path},
                                                                   {"medium_", error_subject::path},
                                                                   {"recovery_", error_subject::backup},
                                                                   {"backup_right_", error_subject::license},
                                                                   {"backup_", error_subject::backup},
                                                                   {"generation_", error_subject::backup},
                                                                   {"store_", error_subject::store},
                                                                   {"identity_", error_subject::identity},
                                                                   {"keyring_", error_subject::keyring},
                                                                   {"license_", error_subject::license},
                                                                   {"import_", error_subject::input_file},
                                                                   {"revocation_list_", error_subject::input_file},
                                                                   {"service_required", error_subject::license},
                                                                   {"service_", error_subject::service},
                                                                   {"request_", error_subject::service},
                                                                   {"ledger_", error_subject::ledger}};
    for (const auto& [prefix, subject] : prefixes)
      if (name.starts_with(prefix)) return subject;
    return std::nullopt;
  };
  for (const error_info& row : all_errors()) {
    INFO(row.name);
    CHECK((row.subject >= error_subject::call && row.subject <= error_subject::ledger));
    const auto expected = subject_of_name(row.name);
    if (expected) CHECK(row.subject == *expected);
    if (row.subject == error_subject::path) CHECK((row.name.starts_with("path_") || row.name.starts_with("medium_")));
    if (row.subject == error_subject::ledger) CHECK(row.name.starts_with("ledger_"));
  }
  CHECK(info_of(errc::invalid_argument).subject == error_subject::call);
  CHECK(info_of(errc::wrong_passphrase).subject == error_subject::backup);
  CHECK(info_of(errc::needs_individualization).subject == error_subject::identity);
  CHECK(info_of(errc::not_backed_up).subject == error_subject::license);
  CHECK(info_of(errc::machine_limit_reached).subject == error_subject::license);
  CHECK(info_of(errc::ownership_not_proven).subject == error_subject::service);
}

TEST_CASE("the advice for a path fits what the path holds, and is general otherwise", "[core]") {
  CHECK(advice_for(errc::path_not_found, error_subject::backup).find("medium") != std::string_view::npos);
  CHECK(advice_for(errc::path_not_found, error_subject::input_file).find("name of the file") != std::string_view::npos);
  CHECK(advice_for(errc::path_not_found, error_subject::store).find("licenses") != std::string_view::npos);
  CHECK(advice_for(errc::path_not_found, error_subject::identity).find("identity file") != std::string_view::npos);
  for (const error_info& row : all_errors()) {
    INFO(row.name);
    CHECK(advice_for(row.code, error_subject::call) == row.advice);
    for (const auto subject : {error_subject::backup, error_subject::store, error_subject::identity,
                               error_subject::input_file, error_subject::service, error_subject::ledger}) {
      const std::string_view advice = advice_for(row.code, subject);
      CHECK(is_sentence(advice));
      if (row.subject != error_subject::path) CHECK(advice == row.advice);
      if (row.subject == error_subject::path && subject == error_subject::backup) CHECK(advice != row.advice);
    }
    if (row.subject != error_subject::path) continue;
    for (const std::string_view word : {"medium", "backup", "license", "stick", "identity"})
      CHECK(row.advice.find(word) == std::string_view::npos);
  }
  CHECK(advice_for(error_code(), error_subject::backup).empty());
  CHECK(advice_for(from_hresult(0x80004001), error_subject::backup).empty());
}

TEST_CASE("every error's HRESULT is a failure and comes back as one with the same HRESULT", "[core]") {
  for (const error_info& row : all_errors()) {
    INFO(row.name);
    const error_code ec = row.code;
    CHECK(is_failure(row.hresult));
    CHECK(to_hresult(ec) == row.hresult);
    const error_code back = from_hresult(to_hresult(ec));
    CHECK(back.category() == error_category());
    CHECK(to_hresult(back) == row.hresult);
  }
}

TEST_CASE("an HRESULT that several errors share gives the first of them", "[core]") {
  for (const error_info& row : all_errors()) {
    const auto first = std::ranges::find(all_errors(), row.hresult, &error_info::hresult);
    CHECK(from_hresult(row.hresult) == first->code);
  }
}

TEST_CASE("the HRESULTs of the documented object are reported", "[core]") {
  const auto& [code, hresult] = GENERATE(table<errc, std::uint32_t>({
      {errc::backup_exists, 0xC00D2742},
      {errc::backup_damaged, 0xC00D2743},
      {errc::busy, 0xC00D2744},
      {errc::property_not_set, 0xC00D2749},
      {errc::needs_individualization, 0xC00D2728},
      {errc::operation_canceled, 0xC00D2768},
      {errc::invalid_argument, 0x80070057},
      {errc::out_of_memory, 0x8007000E},
  }));
  INFO(info_of(code).name);
  CHECK(to_hresult(code) == hresult);
}

TEST_CASE("an HRESULT that no error stands for comes back as it is", "[core]") {
  const std::uint32_t hresult = GENERATE(0x80004001u, 0xC00D0000u, 0xFFFFFFFFu, 0x80000000u, 0x00000001u, 0x7FFFFFFFu);
  const error_code ec = from_hresult(hresult);
  CHECK(ec.failed());
  CHECK(ec.category() == hresult_category());
  CHECK(to_hresult(ec) == hresult);
  CHECK(advice_for(ec).empty());
}

TEST_CASE("the message of an HRESULT shows it as people look it up", "[core]") {
  CHECK(from_hresult(0xC00D0BAD).message() == "HRESULT 0xC00D0BAD");
  CHECK(from_hresult(1).message() == "HRESULT 0x00000001");
  CHECK(std::string(hresult_category().name()) == "hresult");
}

TEST_CASE("success is HRESULT 0 in both directions", "[core]") {
  CHECK(to_hresult(error_code()) == 0);
  CHECK_FALSE(from_hresult(0).failed());
  CHECK(to_hresult(from_hresult(0)) == 0);
}

TEST_CASE("errors of others become HRESULTs that say as much as can be said", "[core]") {
  using boost::system::errc::make_error_code;
  CHECK(to_hresult(make_error_code(boost::system::errc::not_enough_memory)) == 0x8007000E);
  CHECK(to_hresult(error_code(ENOMEM, boost::system::system_category())) == 0x8007000E);
  CHECK(to_hresult(make_error_code(boost::system::errc::no_such_file_or_directory)) == 0x80004005);
  CHECK(advice_for(make_error_code(boost::system::errc::not_enough_memory)).empty());
  CHECK(advice_for(error_code()).empty());
}

TEST_CASE("the message of an error is its text and its advice", "[core]") {
  for (const error_info& row : all_errors()) {
    INFO(row.name);
    const error_code ec = row.code;
    CHECK(ec.failed());
    CHECK(ec.category() == error_category());
    CHECK(ec.message() == std::string(row.text) + " " + std::string(row.advice));
    CHECK(advice_for(ec) == row.advice);
    CHECK(ec == make_error_code(row.code));
  }
  CHECK(std::string(error_category().name()) == "reinstate");
}

TEST_CASE("a value of the category that is no error does no harm", "[core]") {
  const int value = GENERATE(-1, 1000, 0x7fffffff, -0x7fffffff - 1);
  const error_code ec(value, error_category());
  CHECK_FALSE(ec.message().empty());
  CHECK(advice_for(ec).empty());
  CHECK(to_hresult(ec) == 0x80004005);
}

TEST_CASE("a result holds an error of this library", "[core]") {
  const result<int> failed = errc::medium_full;
  REQUIRE(failed.has_error());
  CHECK(failed.error() == errc::medium_full);
  CHECK(failed.error() != errc::medium_failed);
  CHECK(result<int>(5).value() == 5);
}
