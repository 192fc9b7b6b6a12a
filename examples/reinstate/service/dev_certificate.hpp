// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_DEV_CERTIFICATE_HPP
#define REINSTATE_TOOL_DEV_CERTIFICATE_HPP

#include <reinstate/error.hpp>

#include <filesystem>

namespace tool {

// Writes a new self-signed certificate for localhost, 127.0.0.1 and ::1, valid for a month, and its private key, which
// only its owner may read. Both files are PEM and replace existing ones.
// Errors: path_not_accessible, and certificate_unusable if OpenSSL cannot make one.
reinstate::result<void> make_dev_certificate(const std::filesystem::path& certificate,
                                             const std::filesystem::path& private_key);

}  // namespace tool

#endif
