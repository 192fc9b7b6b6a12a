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

// A promise of an interface that an implementation did not keep. `what()` is the promise as a sentence, the place in
// the suite where it was checked, and the error that came instead where there was one.
struct contract_violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws contract_violation unless `condition` holds.
void require(bool condition, std::string_view promise, boost::source_location place = BOOST_CURRENT_LOCATION);

// Throws contract_violation unless `ec` is the error that was promised.
void require_error(const error_code& ec, errc expected, std::string_view promise,
                   boost::source_location place = BOOST_CURRENT_LOCATION);

// Throws contract_violation, with the error in its text.
[[noreturn]] void fail(const error_code& ec, std::string_view promise,
                       boost::source_location place = BOOST_CURRENT_LOCATION);

// The value of `outcome`. Throws contract_violation where it holds an error.
template <class T>
T require_value(result<T> outcome, std::string_view promise, boost::source_location place = BOOST_CURRENT_LOCATION) {
  if (!outcome) fail(outcome.error(), promise, place);
  if constexpr (!std::is_void_v<T>) return *std::move(outcome);
}

}  // namespace reinstate::testing

#endif
