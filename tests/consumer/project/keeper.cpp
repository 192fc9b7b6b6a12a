// SPDX-License-Identifier: BSL-1.0
#include <reinstate/recovery/keyring.hpp>

#include <iostream>

int main() {
  const auto refused = reinstate::keyring_find({"no id of a backup set"});
  std::cout << "asked the keyring: " << refused.error().message() << '\n';
  return refused.error() == reinstate::errc::invalid_argument ? 0 : 1;
}
