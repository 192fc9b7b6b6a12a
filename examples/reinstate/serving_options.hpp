// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVING_OPTIONS_HPP
#define REINSTATE_TOOL_SERVING_OPTIONS_HPP

#include <reinstate/service/service_desk.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace tool {

// What whoever runs a License Management Service asks for.
struct serving_options {
  std::filesystem::path ledger, key, certificate, private_key;
  bool create = false;  // the key and the ledger, where there are none
  bool dev = false;
  std::filesystem::path folder;  // of --dev
  bool plain = false;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;
  std::string name = "License Management Service", url, privacy;
  reinstate::service_policy policy;

  std::string issuer;  // its name
  std::array<std::byte, 32> issuer_key{};
  std::string revocations;  // a file; "-": standard input
  reinstate::license_id license;
  std::array<std::byte, 32> machine{};
  std::uint64_t after = 0;
};

}  // namespace tool

#endif
