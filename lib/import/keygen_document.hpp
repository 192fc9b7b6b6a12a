// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_KEYGEN_DOCUMENT_HPP
#define REINSTATE_IMPORT_KEYGEN_DOCUMENT_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate::keygen {

using instant = std::optional<std::chrono::sys_seconds>;

// What stands in the JSON that is wrapped in a file: who signed what, and how.
struct certificate {
  secret_bytes enc;  // as it stands there; unencrypted files have the license key in it
  std::string sig;
  std::string alg;
};

// One resource of the document: a license, a machine, or something else.
struct resource {
  std::string type;
  std::string id;
  std::string account;  // the id of the one it belongs to
  std::string license;  // likewise
  std::string name;
  instant created;
  instant expiry;
  std::optional<std::uint64_t> uses;
  std::optional<std::uint64_t> max_uses;
  std::string attributes;  // a JSON object, without the license key
};

// The signed JSON: what was checked out, what else was asked for, and for how long the file itself is good.
struct document {
  resource data;
  std::vector<resource> licenses;
  instant issued;
  instant expiry;
};

// Errors of both: import_malformed, import_nested_too_deep. Unknown members are ignored.
result<certificate> read_certificate(std::string_view json);
result<document> read_document(std::string_view json);

}  // namespace reinstate::keygen

#endif
