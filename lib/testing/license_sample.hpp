// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_LICENSE_SAMPLE_HPP
#define REINSTATE_TESTING_LICENSE_SAMPLE_HPP

#include <reinstate/license.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace reinstate::testing {

using bytes = std::vector<std::byte>;

// A license as a check stores and compares it. Its metadata need not come from pack_metadata: a store never parses it.
struct sample {
  license_id id;
  key_id key;
  std::uint64_t revision = 1;
  backup_right backup = backup_right::granted;
  license_state state;
  bytes metadata;
  bytes payload;

  friend bool operator==(const sample&, const sample&) = default;

  license_record record() const { return {id, key, revision, backup, state, metadata, payload}; }
};

// Returns bytes without repeated patterns, different for every seed.
inline bytes patterned_bytes(std::size_t size, std::uint32_t seed = 1) {
  bytes out(size);
  std::uint32_t state = seed * 2'654'435'761U + 1;
  for (std::byte& b : out) {
    state = state * 1'664'525U + 1'013'904'223U;
    b = static_cast<std::byte>(state >> 24);
  }
  return out;
}

inline license_id id_of(std::uint8_t first, std::uint8_t last = 0) {
  license_id id;
  id.bytes.front() = std::byte{first};
  id.bytes.back() = std::byte{last};
  return id;
}

inline sample sample_of(license_id id, std::uint64_t revision = 1, std::size_t payload_size = 100) {
  sample out;
  out.id = id;
  out.revision = revision;
  const auto seed = std::to_integer<std::uint32_t>(id.bytes.front()) * 1'000 + static_cast<std::uint32_t>(revision);
  std::ranges::copy(patterned_bytes(out.key.bytes.size(), seed), out.key.bytes.begin());
  out.state = {revision + 2, std::chrono::sys_seconds{std::chrono::seconds{1'700'000'000}}};
  out.metadata = patterned_bytes(40, seed + 1);
  out.payload = patterned_bytes(payload_size, seed + 2);
  return out;
}

}  // namespace reinstate::testing

#endif
