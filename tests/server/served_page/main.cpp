// SPDX-License-Identifier: BSL-1.0
#include "server_fixture.hpp"

#include <iostream>
#include <string>

// Serves a machines page for a browser to look at: prints a link with a ticket and one whose ticket has expired, and
// ends at the end of standard input.

namespace {

using namespace reinstate;

void put(tests::live_server& server, const x25519_public_key& owner, int number, const std::string& name,
         int licenses) {
  slot_claim claim;
  claim.machine[0] = static_cast<std::byte>(number * 37);
  claim.machine_name = name;
  claim.origin = claim.machine;
  claim.owner = owner;
  for (int i = 0; i != licenses; ++i) {
    claim.license.bytes[0] = static_cast<std::byte>(i + 1);
    server.book->claim({&claim, 1}, server.now()).value();
  }
  server.pass(std::chrono::hours(24 * 11));
}

std::string link(const tests::live_server& server, const x25519_public_key& owner) {
  return server.server->url() + "/machines?ticket=" + server.desk->make_ticket(owner);
}

}  // namespace

int main() {
  tests::live_server server({}, false);
  x25519_public_key owner{};
  owner[0] = std::byte{1};
  put(server, owner, 1, "Living room", 12);
  put(server, owner, 2, "Laptop", 12);
  put(server, owner, 3, "<img src=x onerror=\"alert(1)\"> & Бюро", 3);
  const std::string expired = link(server, owner);
  server.pass(std::chrono::hours(1));
  std::cout << link(server, owner) << '\n' << expired << std::endl;
  std::string ignored;
  while (std::getline(std::cin, ignored)) {
  }
}
