// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_DESK_SERVICE_KEY_TEXT_HPP
#define REINSTATE_SERVICE_DESK_SERVICE_KEY_TEXT_HPP

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/secret_bytes.hpp>

#include <optional>
#include <string_view>

// The content of the file with the private keys of a service:
//
//   # comments
//   REINSTATE-SERVICE-KEY-1...    the seed in Bech32, upper case

namespace reinstate::service {

secret_bytes write_key_text(const secret_bytes& seed, const service_key& key);

// Returns the seed from the one line that is not a comment, or nullopt if there is no such line, several, or an invalid
// one.
std::optional<secret_bytes> read_key_text(std::string_view text);

}  // namespace reinstate::service

#endif
