// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_PLANTED_SLOT_HPP
#define REINSTATE_TESTS_PLANTED_SLOT_HPP

#include "format/archive/archive_set.hpp"

#include <reinstate/plugins/memory_medium.hpp>

#include <string>

namespace reinstate::test {

// Puts a key slot of any content on a medium, under a name that fits it, as anybody can. Returns the name.
inline std::string plant_slot(memory_files& files, slot_kind kind, crypto::byte_span content,
                              std::uint32_t generation = 1) {
  std::string name = archive::format_recovery_name({generation, kind, archive::recovery_tag(content)});
  files[name].assign(content.begin(), content.end());
  return name;
}

}  // namespace reinstate::test

#endif
