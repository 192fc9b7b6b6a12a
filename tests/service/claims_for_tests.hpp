// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_CLAIMS_FOR_TESTS_HPP
#define REINSTATE_TESTS_CLAIMS_FOR_TESTS_HPP

#include <reinstate/service/ledger.hpp>

#include <chrono>
#include <cstddef>

// Licenses and machines by number, as the tests and the program that claims for them name them.
namespace reinstate::tests {

inline constexpr std::chrono::sys_seconds claiming_time{std::chrono::seconds(1'800'000'000)};
inline constexpr unsigned claimed_licenses = 12;
inline constexpr unsigned origin_number = 1;  // of every license

inline license_id numbered_license(unsigned number) {
  license_id id;
  id.bytes.fill(static_cast<std::byte>(number));
  return id;
}

inline std::array<std::byte, 32> numbered_key(unsigned number) {
  std::array<std::byte, 32> key{};
  key[0] = static_cast<std::byte>(number / 256);
  key[1] = static_cast<std::byte>(number % 256);
  key[2] = std::byte{1};
  return key;
}

inline x25519_public_key claiming_owner() {
  return numbered_key(9'999);
}

inline slot_claim numbered_claim(unsigned license, unsigned machine) {
  slot_claim out;
  out.license = numbered_license(license);
  out.machine = numbered_key(machine);
  out.origin = numbered_key(origin_number);
  out.owner = claiming_owner();
  return out;
}

}  // namespace reinstate::tests

#endif
