// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_ADVICE_HPP
#define REINSTATE_TOOL_ADVICE_HPP

#include "output/error_subject.hpp"

#include <reinstate/error.hpp>

#include <string>
#include <string_view>

namespace tool {

// Returns what happened: the text of the library, unless the tool has a better one.
std::string text_of(const reinstate::error_code& ec);

// Returns what to do next: the advice of the library for this subject, unless an option of the tool helps. Returns an
// empty text if there is no advice.
std::string_view advice_for(const reinstate::error_code& ec, error_subject subject = error_subject::none);

}  // namespace tool

#endif
