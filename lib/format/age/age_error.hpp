// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_AGE_AGE_ERROR_HPP
#define REINSTATE_FORMAT_AGE_AGE_ERROR_HPP

#include <boost/system/result.hpp>

namespace reinstate::age {

// The reasons why an age file cannot be opened. Callers translate them by the meaning of the file.
enum class failure {
  header_malformed,      // not an age v1 file, or it breaks the grammar
  header_not_authentic,  // a key was found, but the header was changed
  no_match,              // encrypted to others, or with another passphrase
  work_factor_too_high,
  payload_damaged,    // a chunk was changed, or bytes follow the last one
  payload_truncated,  // the last chunk is missing
  identity_failed,    // the identity itself failed; see identity::trouble
  out_of_memory,
};

template <class T>
using result = boost::system::result<T, failure>;

}  // namespace reinstate::age

#endif
