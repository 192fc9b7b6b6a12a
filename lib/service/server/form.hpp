// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_FORM_HPP
#define REINSTATE_SERVICE_SERVER_FORM_HPP

#include <reinstate/error.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

// What browsers send, and what they are sent.

namespace reinstate::service {

// The fields of a query, or of a body of the type application/x-www-form-urlencoded.
using form_fields = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t max_form_bytes = 4096;
inline constexpr std::size_t max_form_fields = 16;

// Errors: request_malformed where it is too long or a name is there twice, for %XY that is none, and for bytes that are
// not UTF-8.
result<form_fields> parse_form(std::string_view text);

// The value of a field, or nothing.
std::string_view field_of(const form_fields& fields, std::string_view name) noexcept;

// For the value of a query.
std::string percent_encoded(std::string_view text);

// For text and attribute values in HTML. What is not UTF-8, and control characters, become U+FFFD.
std::string escaped(std::string_view text);

}  // namespace reinstate::service

#endif
