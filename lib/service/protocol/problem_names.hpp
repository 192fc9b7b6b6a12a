// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_PROTOCOL_PROBLEM_NAMES_HPP
#define REINSTATE_SERVICE_PROTOCOL_PROBLEM_NAMES_HPP

#include <reinstate/error.hpp>

#include <optional>
#include <string_view>

namespace reinstate::service {

// Returns the error that a service's name of a problem, or of a reason for refusing a license, stands for. Returns
// nullopt for an unknown name: a newer service may have more of them.
std::optional<errc> problem_of_name(std::string_view name) noexcept;

}  // namespace reinstate::service

#endif
