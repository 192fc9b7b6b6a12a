// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_FORM_HPP
#define REINSTATE_SERVICE_SERVER_FORM_HPP

#include <reinstate/error.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

// Decoding of the forms that browsers send, and encoding of text for the pages that they are sent.

namespace reinstate::service {

// The fields of a query, or of a body of the type application/x-www-form-urlencoded.
using form_fields = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t max_form_bytes = 4096;
inline constexpr std::size_t max_form_fields = 16;

// Errors: request_malformed if the text is too long, has too many fields or a name twice, has an invalid %XY, or is not
// UTF-8.
result<form_fields> parse_form(std::string_view text);

// Returns the value of a field, or an empty string if there is none.
std::string_view field_of(const form_fields& fields, std::string_view name) noexcept;

// Encodes a value for use in a query.
std::string percent_encoded(std::string_view text);

// Escapes text and attribute values for HTML. Invalid UTF-8 and control characters become U+FFFD.
std::string escaped(std::string_view text);

}  // namespace reinstate::service

#endif
