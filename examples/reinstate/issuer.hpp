// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_ISSUER_HPP
#define REINSTATE_TOOL_ISSUER_HPP

#include "options.hpp"
#include "output.hpp"

#include <reinstate/license.hpp>

#include <vector>

namespace tool {

// What issuers do, for whoever tries a service out: licenses in earnest come signed from elsewhere.
exit_code issuer_key(const options& what, output& out);
exit_code issuer_revoke(const options& what, output& out);

// Signs what is permitted about licenses that are being imported; nothing where no key of an issuer was named.
// Errors: path_not_found, path_not_accessible, invalid_argument for a key file that is none.
reinstate::result<void> add_statements(std::vector<reinstate::license>& licenses, const service_options& how);

}  // namespace tool

#endif
