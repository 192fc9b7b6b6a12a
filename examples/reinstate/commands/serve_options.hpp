// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVE_OPTIONS_HPP
#define REINSTATE_TOOL_SERVE_OPTIONS_HPP

#include "command_line/common_options.hpp"

#include <reinstate/service/service_desk.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace tool {

// The options of serve.
struct serve_options {
  std::filesystem::path ledger, key, certificate, private_key;
  bool create = false;  // make the key and the ledger if there are none
  bool dev = false;
  std::filesystem::path folder;  // of --dev
  bool plain = false;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;
  std::string name = "License Management Service", url, privacy;
  reinstate::service_policy policy;
};

void add_serve_options(CLI::App& command, serve_options& options);

// Throws CLI::RequiredError if a file is not given that the service needs.
void check_serve_options(serve_options& options, const common_options& common);

}  // namespace tool

#endif
