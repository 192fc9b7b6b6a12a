// SPDX-License-Identifier: BSL-1.0
#include "issuer.hpp"
#include "option_parts.hpp"
#include "service_client.hpp"
#include "service_commands.hpp"

// Without OpenSSL there is no client of a service, and nothing about one on the command line.

namespace tool {

void add_service(CLI::App&, options&) {
}
void add_service_choice(CLI::App&, options&) {
}
void add_service_contact(CLI::App&, options&) {
}
void add_statement(CLI::App&, options&) {
}

reinstate::result<used_service> use_service(const options&, std::shared_ptr<reinstate::machine_identity>,
                                            std::string&) {
  return used_service();
}
std::string contact_text(const reinstate::service_contact&) {
  return {};
}
reinstate::result<void> add_statements(std::vector<reinstate::license>&, const service_options&) {
  return {};
}

exit_code service_set(const options&, output&) {
  return exit_wrong_usage;
}
exit_code service_show(const options&, output&) {
  return exit_wrong_usage;
}
exit_code service_forget(const options&, output&) {
  return exit_wrong_usage;
}
exit_code machines(const options&, output&) {
  return exit_wrong_usage;
}
exit_code release(const options&, output&) {
  return exit_wrong_usage;
}
exit_code issuer_key(const options&, output&) {
  return exit_wrong_usage;
}
exit_code issuer_revoke(const options&, output&) {
  return exit_wrong_usage;
}

}  // namespace tool
