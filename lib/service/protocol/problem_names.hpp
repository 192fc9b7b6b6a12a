// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_PROTOCOL_PROBLEM_NAMES_HPP
#define REINSTATE_SERVICE_PROTOCOL_PROBLEM_NAMES_HPP

#include <reinstate/error.hpp>

#include <optional>
#include <string_view>

namespace reinstate::service {

// What a name that a service gave stands for, of a problem or of why a license was refused. Nothing for a name that is
// not known here: a newer service may have more of them.
std::optional<errc> problem_of_name(std::string_view name) noexcept;

}  // namespace reinstate::service

#endif
