// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_JSON_TEXT_HPP
#define REINSTATE_LCP_JSON_TEXT_HPP

#include <reinstate/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace reinstate::lcp {

// A JSON value that keeps its exact canonical form: numbers are kept as texts, not rounded.
struct json_value {
  enum class kind { literal, number, string, array, object };

  kind type = kind::literal;
  std::string name;                  // of a member of an object
  std::string text;                  // the characters of a string; the canonical form of a literal or number
  std::vector<json_value> children;  // of an object: in the order of their names

  // Returns the member of an object, or null if there is none.
  const json_value* find(std::string_view member) const noexcept;
};

// Parses an object. Refuses an object that names a member twice: a signature over it would be ambiguous.
// Errors: import_malformed, import_nested_too_deep (beyond 32 levels).
result<json_value> read_json(std::string_view text);

// Returns the canonical form (Licensed Content Protection 1.0, section 5.3), the signature included.
std::string canonical_json(const json_value& value);

}  // namespace reinstate::lcp

#endif
