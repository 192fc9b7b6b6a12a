// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVICE_CHOICE_HPP
#define REINSTATE_TOOL_SERVICE_CHOICE_HPP

#include "output/output.hpp"

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/managed/rights_statement.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tool {

// The service a machine uses, the name the machine has there, and the trusted issuers. None of it is secret.
struct service_choice {
  std::string url;
  std::optional<reinstate::service_key> key;
  std::filesystem::path certificate;
  std::string machine_name;
  std::vector<reinstate::trusted_issuer> issuers;
};

// Options of the command line that take precedence over the choice that `service set` remembered.
struct service_choice_options {
  std::string url;
  std::optional<reinstate::service_key> key;
  std::filesystem::path certificate;
  std::optional<std::string> machine_name;
  std::vector<reinstate::trusted_issuer> issuers;
};

inline constexpr const char* service_file_name = "service.json";

// Returns the location of the remembered choice, for errors about it.
error_location service_file_location(const std::filesystem::path& home);

// Returns the choice that is remembered in a home; an empty one if there is none.
// Errors: path_not_accessible, import_malformed if the file was not written by remember_service.
reinstate::result<service_choice> remembered_service(const std::filesystem::path& home);

// Errors: path_not_accessible, medium_full.
reinstate::result<void> remember_service(const std::filesystem::path& home, const service_choice& choice);
reinstate::result<void> forget_service(const std::filesystem::path& home);

// Returns the remembered choice with the options of the command line applied. Errors: those of remembered_service.
reinstate::result<service_choice> chosen_service(const std::filesystem::path& home,
                                                 const service_choice_options& options);

json service_json(const service_choice& choice);

}  // namespace tool

#endif
