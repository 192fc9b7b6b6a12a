// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVICE_CLIENT_HPP
#define REINSTATE_TOOL_SERVICE_CLIENT_HPP

#include "remembered_service.hpp"

#include <reinstate/machine_identity.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tool {

using shared_service = std::shared_ptr<reinstate::license_management_service>;

// The service to ask; with a key and no URL one that can be sealed to but not asked; nothing where neither is known.
// Errors: those of make_http_license_management_service, and service_required for a URL without a key.
reinstate::result<shared_service> make_service(const service_choice& what,
                                               std::shared_ptr<reinstate::machine_identity> machine);

// What an operation needs of what was chosen.
struct used_service {
  shared_service service;
  std::string machine_name;
  std::vector<reinstate::trusted_issuer> issuers;
};

// `where` is what an error is about. Errors: those of `chosen_service` and `make_service`.
reinstate::result<used_service> use_service(const options& what, std::shared_ptr<reinstate::machine_identity> machine,
                                            std::string& where);

// What a person is asked before the service is.
std::string contact_text(const reinstate::service_contact& what);

}  // namespace tool

#endif
