// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVICE_CLIENT_HPP
#define REINSTATE_TOOL_SERVICE_CLIENT_HPP

#include "output/error_subject.hpp"
#include "service/service_choice.hpp"

#include <reinstate/machine_identity.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tool {

using shared_service = std::shared_ptr<reinstate::license_management_service>;

// How a restore may contact the service.
struct service_contact_options {
  bool take_over_machine_slot = false;
  bool agree = false;
  bool offline = false;
};

// The part of a choice that an operation needs, with a client of the service.
struct used_service {
  shared_service service;  // null: none was chosen
  std::string machine_name;
  std::vector<reinstate::trusted_issuer> issuers;
};

// Returns the service to use: with a key and no URL one that licenses can be sealed to but that cannot be contacted,
// and null if neither is known. Sets `location` if this fails. Errors: those of chosen_service and
// make_http_license_management_service, and service_required for a URL without a key.
reinstate::result<used_service> use_service(const std::filesystem::path& home, const service_choice_options& options,
                                            std::shared_ptr<reinstate::machine_identity> identity,
                                            error_location& location);

// Returns the question that the user answers before the service is contacted.
std::string contact_text(const reinstate::service_contact& contact);

}  // namespace tool

#endif
