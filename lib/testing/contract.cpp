// SPDX-License-Identifier: BSL-1.0
#include <reinstate/testing/contract.hpp>

#include <string>

namespace reinstate::testing {
namespace {

std::string sentence_and_place(std::string_view promise, const boost::source_location& place) {
  return std::string(promise).append(" [").append(place.file_name()).append(":").append(std::to_string(place.line())) +
         "]";
}

}  // namespace

void require(bool condition, std::string_view promise, boost::source_location place) {
  if (!condition) throw contract_violation(sentence_and_place(promise, place));
}

void require_error(const error_code& ec, errc expected, std::string_view promise, boost::source_location place) {
  if (ec == expected) return;
  std::string text = sentence_and_place(promise, place);
  text.append(" Expected \"").append(info_of(expected).name).append("\", got: ");
  text.append(ec.failed() ? ec.message() : "success");
  throw contract_violation(text);
}

void fail(const error_code& ec, std::string_view promise, boost::source_location place) {
  throw contract_violation(sentence_and_place(promise, place) + " " + ec.message());
}

}  // namespace reinstate::testing
