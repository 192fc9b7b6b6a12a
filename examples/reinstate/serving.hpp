// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVING_HPP
#define REINSTATE_TOOL_SERVING_HPP

#include "options.hpp"
#include "output.hpp"

// The commands of whoever runs a License Management Service; where the tool is built without it, there are none.

namespace tool {

exit_code serve(const options& what, output& out);
exit_code ledger_issuer_add(const options& what, output& out);
exit_code ledger_issuers(const options& what, output& out);
exit_code ledger_revocations(const options& what, output& out);
exit_code ledger_release(const options& what, output& out);
exit_code ledger_audit(const options& what, output& out);

}  // namespace tool

#endif
