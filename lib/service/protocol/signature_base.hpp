// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_PROTOCOL_SIGNATURE_BASE_HPP
#define REINSTATE_SERVICE_PROTOCOL_SIGNATURE_BASE_HPP

#include <span>
#include <string>
#include <string_view>

namespace reinstate::service {

// One component of a message that a signature covers: its identifier as in the list, including quotes and parameters,
// and its value.
struct covered_component {
  std::string_view identifier;
  std::string_view value;
};

// Returns the value of Signature-Input without its label (RFC 9421, 2.3): the list of components, and `parameters`
// unchanged.
inline std::string signature_parameters(std::span<const covered_component> covered, std::string_view parameters) {
  std::string list = "(";
  for (const covered_component& component : covered) {
    if (list.size() > 1) list += ' ';
    list += component.identifier;
  }
  return list.append(")").append(parameters);
}

// Returns the signature base (RFC 9421, 2.5): a line for each component, and the parameters last. Precondition: no
// value contains a line end, or one component could pose as two.
inline std::string signature_base(std::span<const covered_component> covered, std::string_view parameters) {
  std::string base;
  for (const covered_component& component : covered)
    base.append(component.identifier).append(": ").append(component.value) += '\n';
  return base.append("\"@signature-params\": ").append(signature_parameters(covered, parameters));
}

}  // namespace reinstate::service

#endif
