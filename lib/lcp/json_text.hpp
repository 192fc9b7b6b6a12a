// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_JSON_TEXT_HPP
#define REINSTATE_LCP_JSON_TEXT_HPP

#include <reinstate/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace reinstate::lcp {

// A JSON value of which the canonical form can be written without doubt: numbers are kept as texts, not rounded.
struct json_value {
  enum class kind { literal, number, string, array, object };

  kind what = kind::literal;
  std::string name;                // within an object
  std::string text;                // of a string: what it stands for; of a literal or number: its canonical form
  std::vector<json_value> inside;  // of an object: in the order of their names

  // The member of an object; null where there is none.
  const json_value* find(std::string_view member) const noexcept;
};

// The object that a text holds. An object that names a member twice is refused: a signature over it could be read in
// two ways.
// Errors: import_malformed, import_nested_too_deep (beyond 32 levels).
result<json_value> read_json(std::string_view text);

// The canonical form (Licensed Content Protection 1.0, section 5.3), signature and all.
std::string canonical_json(const json_value& value);

}  // namespace reinstate::lcp

#endif
