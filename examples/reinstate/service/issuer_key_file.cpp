// SPDX-License-Identifier: BSL-1.0
#include "service/issuer_key_file.hpp"

#include "secrets/passphrase.hpp"
#include "secrets/secret_output.hpp"

#include <reinstate/managed/rights_statement.hpp>

#include <openssl/rand.h>

#include <utility>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::license;
using reinstate::result;
using reinstate::secret_bytes;

constexpr std::size_t seed_size = 32;

int digit_of(std::byte character) {
  const char c = static_cast<char>(character);
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::byte character_of(std::byte digit) {
  return static_cast<std::byte>("0123456789abcdef"[std::to_integer<unsigned>(digit)]);
}

}  // namespace

result<secret_bytes> read_issuer_key(const std::filesystem::path& file) {
  const auto line = read_secret_line(file.string());
  if (!line) return line.error();
  const auto digits = line->expose();
  if (digits.size() != 2 * seed_size) return errc::invalid_argument;
  secret_bytes seed = secret_bytes::locked(seed_size);
  for (std::size_t i = 0; i != seed_size; ++i) {
    const int high = digit_of(digits[2 * i]), low = digit_of(digits[2 * i + 1]);
    if (high < 0 || low < 0) return errc::invalid_argument;
    seed.expose_writable()[i] = static_cast<std::byte>(high << 4 | low);
  }
  return seed;
}

result<secret_bytes> make_issuer_key(const std::filesystem::path& file) {
  secret_bytes seed = secret_bytes::locked(seed_size), line = secret_bytes::locked(2 * seed_size + 1);
  const auto bytes = seed.expose_writable();
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(seed_size)) != 1)
    return errc::path_not_accessible;
  auto next = line.expose_writable().begin();
  for (const std::byte b : bytes) {
    *next++ = character_of(b >> 4);
    *next++ = character_of(b & std::byte{0x0F});
  }
  *next = std::byte{'\n'};
  if (const auto written = write_new_file(file, line); !written) return written.error();
  return seed;
}

result<void> add_statements(std::vector<license>& licenses, const statement_options& options) {
  if (options.issuer.key_file.empty()) return {};
  const auto seed = read_issuer_key(options.issuer.key_file);
  if (!seed) return seed.error();
  for (license& item : licenses) {
    item.issuer = options.issuer.name;
    if (options.managed) item.rights.backup = reinstate::backup_right::managed;
    auto statement = reinstate::sign_statement(
        {item.id, item.key, item.issuer, options.user, item.rights.backup, options.machines, item.rights.not_before,
         item.rights.not_after, item.state.uses_left, reinstate::digest_of_payload(item.payload.expose())},
        *seed);
    if (!statement) return statement.error();
    item.statement = std::move(*statement);
  }
  return {};
}

}  // namespace tool
