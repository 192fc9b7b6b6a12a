// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_AGE_AGE_ERROR_HPP
#define REINSTATE_FORMAT_AGE_AGE_ERROR_HPP

#include <boost/system/result.hpp>

namespace reinstate::age {

// Why an age file could not be opened. What that means for a person depends on which file it is: callers translate.
enum class failure {
  header_malformed,      // not an age v1 file, or not by the grammar
  header_not_authentic,  // a key was found, and the header was changed
  no_match,              // encrypted to others; for a passphrase: it is the wrong one
  work_factor_too_high,
  payload_damaged,    // a chunk was changed, or something follows the last one
  payload_truncated,  // the last chunk is missing
  identity_failed,    // the identity itself gave an error; see there
  out_of_memory,
};

template <class T>
using result = boost::system::result<T, failure>;

}  // namespace reinstate::age

#endif
