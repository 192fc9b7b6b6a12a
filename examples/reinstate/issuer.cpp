// SPDX-License-Identifier: BSL-1.0
#include "issuer.hpp"

#include "passphrase.hpp"
#include "secret_input.hpp"
#include "secret_output.hpp"
#include "text.hpp"

#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/managed/rights_statement.hpp>

#include <openssl/rand.h>

#include <algorithm>
#include <chrono>
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

// The first line of the file: the private key as 64 hexadecimal digits.
result<secret_bytes> read_seed(const std::filesystem::path& file) {
  const auto line = given_passphrase(file.string());
  if (!line) return line.error();
  const auto digits = (*line)->expose();
  if (digits.size() != 2 * seed_size) return errc::invalid_argument;
  secret_bytes seed = secret_bytes::locked(seed_size);
  for (std::size_t i = 0; i != seed_size; ++i) {
    const int high = digit_of(digits[2 * i]), low = digit_of(digits[2 * i + 1]);
    if (high < 0 || low < 0) return errc::invalid_argument;
    seed.expose_writable()[i] = static_cast<std::byte>(high << 4 | low);
  }
  return seed;
}

// A new key, in a file as above.
result<secret_bytes> make_seed(const std::filesystem::path& file) {
  secret_bytes seed = secret_bytes::locked(seed_size), line = secret_bytes::locked(2 * seed_size + 1);
  const auto bytes = seed.expose_writable();
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(seed_size)) != 1)
    return errc::path_not_accessible;
  auto to = line.expose_writable().begin();
  for (const std::byte b : bytes) {
    *to++ = character_of(b >> 4);
    *to++ = character_of(b & std::byte{0x0F});
  }
  *to = std::byte{'\n'};
  if (const auto written = write_new_file(file, line); !written) return written.error();
  return seed;
}

}  // namespace

exit_code issuer_key(const options& what, output& out) {
  std::error_code ec;
  const bool is_there = std::filesystem::exists(what.path, ec);
  const auto seed = is_there ? read_seed(what.path) : make_seed(what.path);
  if (!seed) return out.failed(seed.error(), what.path);
  const std::string key = hex_of(reinstate::issuer_public_key(*seed).value());
  if (!is_there) out.note("A new private key is in " + printable(what.path) + ". This is its public key:");
  out.line(key);
  return out.done({{"public_key", key}});
}

exit_code issuer_revoke(const options& what, output& out) {
  const auto seed = read_seed(what.service.issuer_key_file);
  if (!seed) return out.failed(seed.error(), what.service.issuer_key_file.string());
  reinstate::revocation_list list;
  list.issuer = what.service.issuer_name;
  list.version = what.service.version;
  list.issued = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  list.licenses = what.selection.licenses;
  list.keys = what.selection.keys;
  list.users = what.service.users;
  const auto bytes = reinstate::sign_revocation_list(std::move(list), *seed);
  if (!bytes) return out.failed(bytes.error(), what.path);
  const auto written = write_new_file(what.path, secret_bytes::copy_of(*bytes));
  if (!written) return out.failed(written.error(), what.path);
  out.note("Signed. Give it to the service: reinstate ledger revocations " + printable(what.path));
  return out.done({{"file", what.path}, {"version", what.service.version}});
}

result<void> add_statements(std::vector<license>& licenses, const service_options& how) {
  if (how.issuer_key_file.empty()) return {};
  const auto seed = read_seed(how.issuer_key_file);
  if (!seed) return seed.error();
  for (license& item : licenses) {
    item.issuer = how.issuer_name;
    if (how.managed) item.rights.backup = reinstate::backup_right::managed;
    auto statement = reinstate::sign_statement(
        {item.id, item.key, item.issuer, how.user, item.rights.backup, how.machines, item.rights.not_before,
         item.rights.not_after, item.state.uses_left, reinstate::digest_of_payload(item.payload.expose())},
        *seed);
    if (!statement) return statement.error();
    item.statement = std::move(*statement);
  }
  return {};
}

}  // namespace tool
