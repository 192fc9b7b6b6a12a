// SPDX-License-Identifier: BSL-1.0
#include <reinstate/testing/contract.hpp>

#include <string>

namespace reinstate::testing {
namespace {

std::string sentence_with_location(std::string_view promise, const boost::source_location& location) {
  return std::string(promise)
             .append(" [")
             .append(location.file_name())
             .append(":")
             .append(std::to_string(location.line())) +
         "]";
}

}  // namespace

void require(bool condition, std::string_view promise, boost::source_location location) {
  if (!condition) throw contract_violation(sentence_with_location(promise, location));
}

void require_error(const error_code& ec, errc expected, std::string_view promise, boost::source_location location) {
  if (ec == expected) return;
  std::string text = sentence_with_location(promise, location);
  text.append(" Expected \"").append(info_of(expected).name).append("\", got: ");
  text.append(ec.failed() ? ec.message() : "success");
  throw contract_violation(text);
}

void fail(const error_code& ec, std::string_view promise, boost::source_location location) {
  throw contract_violation(sentence_with_location(promise, location) + " " + ec.message());
}

}  // namespace reinstate::testing
