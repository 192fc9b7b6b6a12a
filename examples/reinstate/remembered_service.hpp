// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_REMEMBERED_SERVICE_HPP
#define REINSTATE_TOOL_REMEMBERED_SERVICE_HPP

#include "options.hpp"
#include "output.hpp"

#include <reinstate/managed/license_management_service.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace tool {

// Which service a machine uses, by what name it goes there, and whose statements count. Nothing in it is secret.
struct service_choice {
  std::string url;
  std::optional<reinstate::service_key> key;
  std::filesystem::path certificate;
  std::string machine_name;
  std::vector<reinstate::trusted_issuer> issuers;
};

inline constexpr const char* service_file_name = "service.json";

// What is remembered in a home; empty where nothing is.
// Errors: path_not_accessible, import_malformed where somebody else wrote it.
reinstate::result<service_choice> remembered_service(const std::filesystem::path& home);

// Errors: path_not_accessible, medium_full.
reinstate::result<void> remember_service(const std::filesystem::path& home, const service_choice& what);
reinstate::result<void> forget_service(const std::filesystem::path& home);

// What is remembered, except where the command line says something else. Errors: those of `remembered_service`.
reinstate::result<service_choice> chosen_service(const options& what);

json service_json(const service_choice& what);

}  // namespace tool

#endif
