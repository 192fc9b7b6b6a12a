// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "crypto/ed25519.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>

#include <array>

using namespace reinstate;

namespace {

std::unique_ptr<machine_identity> individualized() {
  auto identity = make_memory_machine_identity();
  REQUIRE(identity->individualize());
  return identity;
}

constexpr std::array message{std::byte{1}, std::byte{2}, std::byte{3}};

}  // namespace

TEST_CASE("a memory identity has no keys before it is individualized", "[identity]") {
  const auto identity = make_memory_machine_identity();
  CHECK(identity->public_identity().error() == errc::needs_individualization);
  CHECK(identity->sign(message).error() == errc::needs_individualization);
  CHECK(identity->agree({}).error() == errc::needs_individualization);
  CHECK(identity->store_key().error() == errc::needs_individualization);
}

TEST_CASE("individualizing a memory identity again changes nothing", "[identity]") {
  const auto identity = individualized();
  const auto before = identity->public_identity().value();
  const auto key = identity->store_key().value();
  CHECK(identity->individualize());
  CHECK(identity->public_identity().value() == before);
  CHECK(identity->store_key().value() == key);
}

TEST_CASE("two memory identities share no key", "[identity]") {
  const auto a = individualized();
  const auto b = individualized();
  CHECK(a->public_identity()->agreement != b->public_identity()->agreement);
  CHECK(a->public_identity()->signing != b->public_identity()->signing);
  CHECK_FALSE(a->store_key().value() == b->store_key().value());
}

TEST_CASE("the keys of one identity differ from each other", "[identity]") {
  const auto identity = individualized();
  const auto known = identity->public_identity().value();
  CHECK(known.agreement != known.signing);
  CHECK(identity->store_key()->size() == 32);
}

TEST_CASE("a signature of an identity verifies with its public key and no other", "[identity]") {
  const auto a = individualized();
  const auto b = individualized();
  const auto signature = a->sign(message).value();
  CHECK(crypto::ed25519_verify(a->public_identity()->signing, message, signature));
  CHECK_FALSE(crypto::ed25519_verify(b->public_identity()->signing, message, signature));
  CHECK_FALSE(crypto::ed25519_verify(a->public_identity()->signing, std::span(message).first(2), signature));
  CHECK(crypto::ed25519_verify(a->public_identity()->signing, {}, a->sign({}).value()));
}

TEST_CASE("two identities agree on one secret", "[identity]") {
  const auto a = individualized();
  const auto b = individualized();
  const auto secret = a->agree(b->public_identity()->agreement).value();
  CHECK(secret == b->agree(a->public_identity()->agreement).value());
  CHECK(secret.size() == 32);
  CHECK_FALSE(secret == individualized()->agree(b->public_identity()->agreement).value());
}

TEST_CASE("an identity refuses points of low order", "[identity]") {
  x25519_public_key point{};  // 0
  SECTION("zero") {
  }
  SECTION("one") {
    point[0] = std::byte{1};
  }
  SECTION("p, which is zero again") {
    point.fill(std::byte{0xFF});
    point[0] = std::byte{0xED};
    point[31] = std::byte{0x7F};
  }
  CHECK(individualized()->agree(point).error() == errc::invalid_argument);
}
