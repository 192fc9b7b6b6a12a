// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_EXAMPLES_MACHINE_HPP
#define REINSTATE_EXAMPLES_MACHINE_HPP

#include <reinstate/import/content_key.hpp>
#include <reinstate/plugins/data_folder.hpp>
#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>

namespace support {

// Opens the license store of the machine whose home is this folder, as the tool keeps it. Throws
// boost::system::system_error.
inline std::unique_ptr<reinstate::license_store> open_machine(const std::filesystem::path& home) {
  const std::shared_ptr identity = reinstate::make_file_machine_identity(home / reinstate::machine_identity_file_name);
  return reinstate::open_sqlite_license_store(home / reinstate::license_store_file_name, identity).value();
}

// Returns `prefix`, the key as hexadecimal digits, and a zero byte, for players that take a key in a text. The text is
// wiped when it is destroyed; the copies that a player makes are not.
inline reinstate::secret_bytes text_with_key(std::string_view prefix, const reinstate::secret_bytes& key) {
  constexpr std::string_view digits = "0123456789abcdef";
  auto text = reinstate::secret_bytes::locked(prefix.size() + 2 * key.size() + 1);
  auto at = std::ranges::copy(std::as_bytes(std::span(prefix)), text.expose_writable().begin()).out;
  for (const std::byte b : key.expose()) {
    *at++ = static_cast<std::byte>(digits[std::to_integer<std::size_t>(b >> 4)]);
    *at++ = static_cast<std::byte>(digits[std::to_integer<std::size_t>(b & std::byte{15})]);
  }
  return text;
}

inline const char* c_str(const reinstate::secret_bytes& text) {
  return reinterpret_cast<const char*>(text.expose().data());
}

}  // namespace support

#endif
