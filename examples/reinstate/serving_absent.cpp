// SPDX-License-Identifier: BSL-1.0
#include "option_parts.hpp"
#include "serving.hpp"

// Without OpenSSL there is no service, and none of its commands on the command line.

namespace tool {

void add_serving(CLI::App&, options&) {
}

exit_code serve(const options&, output&) {
  return exit_wrong_usage;
}
exit_code ledger_issuer_add(const options&, output&) {
  return exit_wrong_usage;
}
exit_code ledger_issuers(const options&, output&) {
  return exit_wrong_usage;
}
exit_code ledger_revocations(const options&, output&) {
  return exit_wrong_usage;
}
exit_code ledger_release(const options&, output&) {
  return exit_wrong_usage;
}
exit_code ledger_audit(const options&, output&) {
  return exit_wrong_usage;
}

}  // namespace tool
