// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVICE_OPTIONS_HPP
#define REINSTATE_TOOL_SERVICE_OPTIONS_HPP

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/managed/rights_statement.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tool {

// What the command line says of a License Management Service, and of issuers.
struct service_options {
  // Instead of what `service set` remembered.
  std::string url;
  std::optional<reinstate::service_key> key;
  std::filesystem::path certificate;
  std::optional<std::string> machine_name;
  std::vector<reinstate::trusted_issuer> issuers;

  // Of a restore.
  bool take_over_machine_slot = false;
  bool agree = false;
  bool offline = false;

  // Of a release.
  std::string machine;
  bool send = false;

  // For issuers.
  std::filesystem::path issuer_key_file;
  std::string issuer_name;
  bool managed = false;
  std::uint32_t machines = 4;
  std::string user;
  std::uint64_t version = 0;  // of a revocation list
  std::vector<std::string> users;
};

}  // namespace tool

#endif
