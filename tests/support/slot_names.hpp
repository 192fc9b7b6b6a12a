// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_SLOT_NAMES_HPP
#define REINSTATE_TESTS_SLOT_NAMES_HPP

#include <reinstate/plugins/memory_medium.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

// The names of key slots, which end in a tag that no test knows beforehand.

namespace reinstate::test {

// Those that begin so: recovery-000001-code. In order.
inline std::vector<std::string> slot_names(const memory_files& files, std::string_view start = "recovery-") {
  std::vector<std::string> out;
  for (const auto& [name, content] : files)
    if (name.starts_with(start)) out.push_back(name);
  return out;
}

// The first of them, or nothing.
inline std::string slot_name(const memory_files& files, std::string_view start) {
  const auto names = slot_names(files, start);
  return names.empty() ? std::string() : names.front();
}

inline constexpr std::string_view passphrase_slot = "recovery-000001-passphrase",
                                  machine_slot = "recovery-000001-machine",
                                  recipient_slot = "recovery-000001-recipient",
                                  readable_slot = "recovery-000001-readable";

}  // namespace reinstate::test

#endif
