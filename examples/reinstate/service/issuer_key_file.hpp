// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_ISSUER_KEY_FILE_HPP
#define REINSTATE_TOOL_ISSUER_KEY_FILE_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>
#include <reinstate/secret_bytes.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Acting as an issuer, to try a service out. Real licenses come signed by their issuer.

namespace tool {

// The issuer that signs.
struct signing_issuer {
  std::string name;
  std::filesystem::path key_file;  // empty: not given
};

// The rights that the issuer grants for licenses that are imported.
struct statement_options {
  signing_issuer issuer;
  bool managed = false;
  std::uint32_t machines = 4;
  std::string user;
};

// Returns the private key of an issuer from the first line of the file: 64 hexadecimal digits.
// Errors: path_not_found, path_not_accessible, invalid_argument if the file has no key.
reinstate::result<reinstate::secret_bytes> read_issuer_key(const std::filesystem::path& file);

// Makes a new private key and writes it to a new file. Errors: those of write_new_file.
reinstate::result<reinstate::secret_bytes> make_issuer_key(const std::filesystem::path& file);

// Signs a statement for each license. Does nothing if no issuer was given. Errors: those of read_issuer_key.
reinstate::result<void> add_statements(std::vector<reinstate::license>& licenses, const statement_options& options);

}  // namespace tool

#endif
