// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_LICENSE_DOCUMENT_HPP
#define REINSTATE_LCP_LICENSE_DOCUMENT_HPP

#include <reinstate/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace reinstate::lcp {

// The decoded signature object (section 3.8).
struct document_signature {
  std::string algorithm;
  std::string certificate;  // DER
  std::string value;
};

// The parts of a License Document (Licensed Content Protection 1.0, section 3) that a backup needs.
struct license_document {
  std::string id;
  std::string provider;
  std::string title;                     // of the publication; often empty
  std::chrono::sys_seconds last_change;  // updated, else issued
  std::optional<std::chrono::sys_seconds> start;
  std::optional<std::chrono::sys_seconds> end;
  std::string rights;  // the rights object in canonical form; empty if there is none
  std::string signed_text;
  document_signature signature;
};

// Parses a document and requires all that section 3 requires. Does not check the signature.
// Errors: import_malformed, import_nested_too_deep.
result<license_document> read_document(std::string_view text);

}  // namespace reinstate::lcp

#endif
