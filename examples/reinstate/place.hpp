// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_PLACE_HPP
#define REINSTATE_TOOL_PLACE_HPP

#include <reinstate/error.hpp>

namespace tool {

// Where a person has to look when an operation fails.
enum class place {
  none,      // what was asked for, or a single license
  backup,    // the folder of the backup, or a file in it
  store,     // the licenses of this machine
  identity,  // the identity of this machine
};

place place_of(const reinstate::error_code& ec);

}  // namespace tool

#endif
