// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_LICENSE_DOCUMENT_HPP
#define REINSTATE_LCP_LICENSE_DOCUMENT_HPP

#include <reinstate/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace reinstate::lcp {

// What the signature object says (section 3.8), decoded.
struct document_signature {
  std::string algorithm;
  std::string certificate;  // DER
  std::string value;
};

// What a backup must know of a License Document (Licensed Content Protection 1.0, section 3).
struct license_document {
  std::string id;
  std::string provider;
  std::string title;                     // of the publication; often empty
  std::chrono::sys_seconds last_change;  // updated, else issued
  std::optional<std::chrono::sys_seconds> start;
  std::optional<std::chrono::sys_seconds> end;
  std::string rights;  // the rights object in canonical form; empty where there is none
  std::string signed_text;
  document_signature signature;
};

// Reads a document with all that section 3 requires in it. Proves nothing: the signature is not checked.
// Errors: import_malformed, import_nested_too_deep.
result<license_document> read_document(std::string_view text);

}  // namespace reinstate::lcp

#endif
