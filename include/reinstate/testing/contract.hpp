// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_CONTRACT_HPP
#define REINSTATE_TESTING_CONTRACT_HPP

#include <reinstate/error.hpp>

#include <boost/assert/source_location.hpp>

#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

namespace reinstate::testing {

// A violated requirement of an interface. `what()` is the requirement as a sentence, the source location of the check,
// and the error that was returned instead, if any.
struct contract_violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws contract_violation unless `condition` holds.
void require(bool condition, std::string_view promise, boost::source_location location = BOOST_CURRENT_LOCATION);

// Throws contract_violation unless `ec` is the expected error.
void require_error(const error_code& ec, errc expected, std::string_view promise,
                   boost::source_location location = BOOST_CURRENT_LOCATION);

// Throws contract_violation with the error in its text.
[[noreturn]] void fail(const error_code& ec, std::string_view promise,
                       boost::source_location location = BOOST_CURRENT_LOCATION);

// Returns the value of `outcome`. Throws contract_violation if it holds an error.
template <class T>
T require_value(result<T> outcome, std::string_view promise, boost::source_location location = BOOST_CURRENT_LOCATION) {
  if (!outcome) fail(outcome.error(), promise, location);
  if constexpr (!std::is_void_v<T>) return *std::move(outcome);
}

}  // namespace reinstate::testing

#endif
