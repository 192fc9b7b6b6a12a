// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVICE_CHOICE_TEXT_HPP
#define REINSTATE_TOOL_SERVICE_CHOICE_TEXT_HPP

#include "output/output.hpp"
#include "service/service_choice.hpp"

namespace tool {

// Prints a choice of a service for people.
void print_service_choice(const service_choice& choice, output& out);

}  // namespace tool

#endif
