// SPDX-License-Identifier: BSL-1.0
#include "service/server/tls_context.hpp"

#include <openssl/ssl.h>

#include <fstream>
#include <utility>

namespace reinstate::service {
namespace {

namespace ssl = boost::asio::ssl;

result<void> check_readable(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return errc::path_not_found;
  if (!std::filesystem::is_regular_file(file, ignored) || !std::ifstream(file)) return errc::path_not_accessible;
  return {};
}

}  // namespace

result<ssl::context> make_tls_context(const std::filesystem::path& certificate,
                                      const std::filesystem::path& private_key) {
  for (const auto& file : {certificate, private_key})
    if (auto readable = check_readable(file); !readable) return readable.error();

  ssl::context context(ssl::context::tls_server);
  SSL_CTX* const native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Otherwise an idle connection would hold buffers of 34 KB.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) return errc::certificate_unusable;

  error_code failed;
  // A key that needs a passphrase is unusable: without this callback, OpenSSL would ask for one on the terminal.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, failed);
  if (!failed) context.use_certificate_chain_file(certificate.string(), failed);
  if (!failed) context.use_private_key_file(private_key.string(), ssl::context::pem, failed);
  if (failed || SSL_CTX_check_private_key(native) != 1) return errc::certificate_unusable;
  return context;
}

}  // namespace reinstate::service
