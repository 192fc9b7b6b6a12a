// SPDX-License-Identifier: BSL-1.0
#include "crypto/bech32.hpp"
#include "crypto/random.hpp"

#include <reinstate/recovery/recovery_code.hpp>

#include <algorithm>

namespace reinstate {
namespace {

using crypto::byte_span;

// Part of the checksum and never printed, so that the checksum of no other Bech32 text is right for a recovery code.
constexpr std::string_view prefix = "reinstate-recovery";
constexpr std::size_t code_size = 32, group_size = 4;
constexpr std::byte no_symbol{0xff};

std::byte symbol_of(char c) {
  const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::size_t at = crypto::bech32_alphabet.find(lower);
  return at == std::string_view::npos ? no_symbol : static_cast<std::byte>(at);
}

// Returns the symbols of a text without its separators, no_symbol for any other character; nullopt if they are not 32.
std::optional<secret_bytes> read_symbols(std::string_view typed) {
  constexpr std::string_view separators = "- \r\n";
  std::optional<secret_bytes> symbols = secret_bytes::locked(code_size);
  std::size_t count = 0;
  for (const char c : typed) {
    if (separators.find(c) != std::string_view::npos) continue;
    if (count == code_size) return std::nullopt;
    symbols->expose_writable()[count++] = symbol_of(c);
  }
  if (count != code_size) return std::nullopt;
  return symbols;
}

bool all_known(byte_span symbols) {
  return std::ranges::find(symbols, no_symbol) == symbols.end();
}

bool is_code(byte_span symbols) {
  if (!all_known(symbols)) return false;
  crypto::bech32_checksum sum(prefix);
  for (const std::byte s : symbols) sum.add(std::to_integer<unsigned>(s));
  return sum.is_right();
}

secret_bytes print(byte_span symbols) {
  secret_bytes text = secret_bytes::locked(code_size + code_size / group_size - 1);
  auto out = text.expose_writable().begin();
  for (std::size_t i = 0; i != code_size; ++i) {
    if (i != 0 && i % group_size == 0) *out++ = static_cast<std::byte>('-');
    *out++ = static_cast<std::byte>(crypto::bech32_alphabet[std::to_integer<std::size_t>(symbols[i])]);
  }
  return text;
}

}  // namespace

secret_bytes make_recovery_code() {
  secret_bytes symbols = crypto::random_secret(code_size);
  const auto checksum = symbols.expose_writable().last<crypto::bech32_checksum_size>();
  crypto::bech32_checksum sum(prefix);
  for (std::byte& s : symbols.expose_writable().first(code_size - checksum.size())) {
    s &= std::byte{31};
    sum.add(std::to_integer<unsigned>(s));
  }
  sum.finish(checksum);
  return print(symbols.expose());
}

result<secret_bytes> parse_recovery_code(std::string_view typed) {
  const auto symbols = read_symbols(typed);
  if (!symbols || !is_code(symbols->expose())) return errc::recovery_code_mistyped;
  return print(symbols->expose());
}

bool looks_like_recovery_code(std::string_view text) {
  const auto symbols = read_symbols(text);
  return symbols && all_known(symbols->expose());
}

std::optional<std::size_t> mistyped_group(std::string_view typed) {
  auto symbols = read_symbols(typed);
  if (!symbols || is_code(symbols->expose())) return std::nullopt;
  // Any two codes differ in five characters or more, so at most one code is one character away.
  const auto tried = symbols->expose_writable();
  for (std::size_t i = 0; i != tried.size(); ++i) {
    const std::byte typed_symbol = tried[i];
    for (unsigned other = 0; other != crypto::bech32_alphabet.size(); ++other) {
      tried[i] = static_cast<std::byte>(other);
      if (is_code(tried)) return i / group_size + 1;
    }
    tried[i] = typed_symbol;
  }
  return std::nullopt;
}

}  // namespace reinstate
