// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_TLS_CONTEXT_HPP
#define REINSTATE_SERVICE_SERVER_TLS_CONTEXT_HPP

#include <reinstate/error.hpp>

#include <boost/asio/ssl/context.hpp>

#include <filesystem>

namespace reinstate::service {

// Makes a server context for TLS 1.2 or newer, with forward secrecy and authenticated encryption only.
// Errors: path_not_found, path_not_accessible, certificate_unusable.
result<boost::asio::ssl::context> make_tls_context(const std::filesystem::path& certificate,
                                                   const std::filesystem::path& private_key);

}  // namespace reinstate::service

#endif
