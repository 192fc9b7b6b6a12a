// SPDX-License-Identifier: BSL-1.0
#include "service/desk/page_ticket.hpp"
#include "service/desk/service_key_text.hpp"

#include <reinstate/service/service_keys.hpp>

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

// Texts that a service trusts once it has read them: the ticket of its page, which anybody may send, and the file with
// its keys, which may rot. Sound ones with some edits, so that more than the first character is reached.

namespace {

using namespace reinstate;
using namespace reinstate::service;

using instant = std::chrono::sys_seconds;

void require(bool condition) {
  if (!condition) std::abort();
}

// A few characters of `text` changed, or pieces of it cut out or filled in.
std::string edited(std::string text, FuzzedDataProvider& bytes) {
  for (auto edits = bytes.ConsumeIntegralInRange(0u, 4u); edits != 0; --edits) {
    const auto at = bytes.ConsumeIntegralInRange<std::size_t>(0, text.size());
    if (bytes.ConsumeBool() && at != text.size()) {
      text[at] ^= static_cast<char>(bytes.ConsumeIntegral<std::uint8_t>());  // keeps the size that is looked at first
    } else {
      const auto cut = bytes.ConsumeIntegralInRange<std::size_t>(0, std::min<std::size_t>(text.size() - at, 100));
      text.replace(at, cut, bytes.ConsumeRandomLengthString(100));
    }
  }
  return text;
}

secret_bytes secret(unsigned char filled) {
  std::array<std::byte, 32> bytes;
  bytes.fill(std::byte{filled});
  return secret_bytes::copy_of(bytes);
}

// Opens the page for its owner until its time, as it was made and in no other form.
void ticket(FuzzedDataProvider& bytes) {
  const secret_bytes key = secret(1);
  x25519_public_key owner;
  owner.fill(static_cast<std::byte>(bytes.ConsumeIntegral<std::uint8_t>()));
  const auto instants = [&] { return instant(std::chrono::seconds(bytes.ConsumeIntegral<std::uint32_t>())); };
  const instant until = instants(), now = instants();
  const std::string made = make_page_ticket(key, owner, until);
  const std::string text = edited(made, bytes);
  const auto read = read_page_ticket(key, text, now);
  require(read.has_value() == (text == made && now < until));
  require(!read || *read == owner);
  require(!read_page_ticket(secret(2), text, now));
}

// Gives the seed it was made of, or none.
void key_file(FuzzedDataProvider& bytes) {
  static const secret_bytes seed = secret(3);
  static const secret_bytes made = write_key_text(seed, {});
  const auto characters = made.expose();
  const std::string text(reinterpret_cast<const char*>(characters.data()), characters.size());
  const auto read = read_key_text(edited(text, bytes));
  require(!read || *read == seed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  if (bytes.ConsumeBool())
    ticket(bytes);
  else
    key_file(bytes);
  return 0;
}
