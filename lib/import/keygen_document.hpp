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

// The JSON that is wrapped in a file: the data, its signature, and the algorithms.
struct certificate {
  secret_bytes enc;  // still encoded; that of an unencrypted file holds the license key
  std::string sig;
  std::string alg;
};

// One resource of the document: a license, a machine, or something else.
struct resource {
  std::string type;
  std::string id;
  std::string account;  // the id of the account it belongs to
  std::string license;  // the id of the license it belongs to
  std::string name;
  instant created;
  instant expiry;
  std::optional<std::uint64_t> uses;
  std::optional<std::uint64_t> max_uses;
  std::string attributes;  // a JSON object, without the license key
};

// The signed JSON: the resource that was checked out, the included ones, and the validity of the file itself.
struct document {
  resource data;
  std::vector<resource> licenses;
  instant issued;
  instant expiry;
};

// Read a text and ignore unknown members. Errors: import_malformed, import_nested_too_deep.
result<certificate> read_certificate(std::string_view json);
result<document> read_document(std::string_view json);

}  // namespace reinstate::keygen

#endif
