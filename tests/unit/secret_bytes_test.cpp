// SPDX-License-Identifier: BSL-1.0
#include "bytes_for_tests.hpp"
#include "catch.hpp"

#include <reinstate/secret_bytes.hpp>

#include <type_traits>
#include <utility>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

enum class memory { ordinary, locked };

secret_bytes make(memory where, crypto::byte_span from) {
  return where == memory::locked ? secret_bytes::locked_copy_of(from) : secret_bytes::copy_of(from);
}

secret_bytes make_zeros(memory where, std::size_t size) {
  return where == memory::locked ? secret_bytes::locked(size) : secret_bytes(size);
}

static_assert(!std::is_copy_constructible_v<secret_bytes> && !std::is_copy_assignable_v<secret_bytes>);
static_assert(std::is_nothrow_move_constructible_v<secret_bytes> && std::is_nothrow_move_assignable_v<secret_bytes>);

template <class T>
concept printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!printable<secret_bytes>);

}  // namespace

TEST_CASE("a new secret is all zeros", "[crypto]") {
  const auto where = GENERATE(memory::ordinary, memory::locked);
  const std::size_t size = GENERATE(0u, 1u, 32u, 4096u, 5000u);
  const secret_bytes secret = make_zeros(where, size);
  CHECK(secret.size() == size);
  CHECK(secret.empty() == (size == 0));
  CHECK(same_bytes(secret.expose(), bytes(size)));
}

TEST_CASE("a copy of bytes holds them and not the caller's memory", "[crypto]") {
  const auto where = GENERATE(memory::ordinary, memory::locked);
  bytes from = counting(1, 100);
  const secret_bytes secret = make(where, from);
  CHECK(same_bytes(secret.expose(), from));
  from[0] = std::byte{0xff};
  CHECK(secret.expose()[0] == std::byte{1});
}

TEST_CASE("a secret made of text holds its characters and no terminator", "[crypto]") {
  const secret_bytes secret = secret_bytes::locked_copy_of("passphrase");
  CHECK(secret.size() == 10);
  CHECK(crypto::text_of(secret.expose()) == "passphrase");
  CHECK(secret_bytes::locked_copy_of("").empty());
}

TEST_CASE("a secret that was moved from is empty", "[crypto]") {
  const auto where = GENERATE(memory::ordinary, memory::locked);
  secret_bytes first = make(where, counting(1, 40));
  const std::byte* const memory = first.expose().data();
  secret_bytes second = std::move(first);
  CHECK(first.empty());
  CHECK(first.expose().data() == nullptr);
  CHECK(second.expose().data() == memory);
  CHECK(same_bytes(second.expose(), counting(1, 40)));

  secret_bytes third = make(where, counting(9, 5));
  third = std::move(second);
  CHECK(second.empty());
  CHECK(same_bytes(third.expose(), counting(1, 40)));
}

TEST_CASE("a secret may be moved between the kinds of memory and to itself", "[crypto]") {
  secret_bytes locked = make(memory::locked, counting(1, 40)), ordinary = make(memory::ordinary, counting(2, 40));
  std::swap(locked, ordinary);
  CHECK(same_bytes(locked.expose(), counting(2, 40)));
  CHECK(same_bytes(ordinary.expose(), counting(1, 40)));
  secret_bytes& same = locked;
  locked = std::move(same);
  CHECK(same_bytes(locked.expose(), counting(2, 40)));
}

TEST_CASE("a clone is equal and has memory of its own", "[crypto]") {
  const auto where = GENERATE(memory::ordinary, memory::locked);
  secret_bytes original = make(where, counting(1, 40));
  const secret_bytes clone = original.clone();
  CHECK(clone == original);
  CHECK(clone.expose().data() != original.expose().data());
  original.expose_writable()[3] ^= std::byte{1};
  CHECK_FALSE(clone == original);
  CHECK(make(where, {}).clone().empty());
}

TEST_CASE("secrets are equal where length and every bit are", "[crypto]") {
  const auto where = GENERATE(memory::ordinary, memory::locked);
  const bytes from = counting(1, 33);
  const secret_bytes secret = make(where, from);
  CHECK(secret == make(memory::ordinary, from));
  CHECK(secret == make(memory::locked, from));
  CHECK_FALSE(secret == make(where, crypto::byte_span(from).first(32)));
  CHECK_FALSE(secret == secret_bytes());
  CHECK(secret_bytes() == make(where, {}));
  for (std::size_t bit = 0; bit != 8 * from.size(); ++bit) {
    bytes changed = from;
    changed[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    CHECK_FALSE(secret == make(where, changed));
  }
}
