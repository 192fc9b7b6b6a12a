// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "fixed_keys.hpp"
#include "managed/proof_codec.hpp"

using namespace reinstate;
using namespace reinstate::test;

namespace {

struct proving {
  fixed_keys keys;
  backup_owner owner{keys.recovery.clone()};
  owner_proof proof =
      owner.prove(owner_action::release, keys.service_keys, keys.asking.id(), keys.origin.id(), keys.now).value();

  bool holds() const { return managed::check_owner_proof(proof, keys.service).has_value(); }
};

bytes bytes_of(const owner_proof& proof) {
  const auto encoded = managed::encode(proof);
  return {encoded.begin(), encoded.end()};
}

}  // namespace

TEST_CASE("a proof convinces the service it was made for", "[managed]") {
  const proving all;
  CHECK(all.holds());
  CHECK(all.proof.recipient == all.keys.owner());
  CHECK(all.proof.recipient == all.owner.recipient());
}

TEST_CASE("a proof says what was asked for", "[managed]") {
  proving all;
  const auto action = GENERATE(owner_action::restore, owner_action::list_machines, owner_action::release);
  const machine_id subject = action == owner_action::release ? all.keys.origin.id() : machine_id{};
  const auto proof =
      all.owner.prove(action, all.keys.service_keys, all.keys.asking.id(), subject, all.keys.now).value();
  CHECK(proof.action == action);
  CHECK(proof.requester == all.keys.asking.id());
  CHECK(proof.target == subject);
  CHECK(proof.created == all.keys.now);
  CHECK(managed::read_owner_proof(managed::encode(proof)).value() == proof);
  CHECK(managed::check_owner_proof(proof, all.keys.service));
}

TEST_CASE("two proofs are never the same", "[managed]") {
  const proving one, other;
  CHECK(one.proof.id != other.proof.id);
  CHECK(one.proof.mac != other.proof.mac);
}

TEST_CASE("a proof does not convince another service", "[managed]") {
  const proving all;
  CHECK(managed::check_owner_proof(all.proof, secret(0x21)).error() == errc::ownership_not_proven);
}

TEST_CASE("a proof of somebody who has another key is refused", "[managed]") {
  proving all;
  const backup_owner thief(secret(0xc1));
  owner_proof forged =
      thief.prove(owner_action::release, all.keys.service_keys, all.keys.asking.id(), {}, all.keys.now).value();
  CHECK(managed::check_owner_proof(forged, all.keys.service));
  forged.recipient = all.keys.owner();
  CHECK(managed::check_owner_proof(forged, all.keys.service).error() == errc::ownership_not_proven);
}

TEST_CASE("a proof about a recipient that everybody can guess is refused", "[managed]") {
  proving all;
  all.proof.recipient = {};
  CHECK(managed::check_owner_proof(all.proof, all.keys.service).error() == errc::ownership_not_proven);
}

TEST_CASE("no other proof than the made one convinces", "[managed]") {
  const proving all;
  CHECK(accepted_variants(bytes_of(all.proof), [&](const bytes& changed) {
          const auto read = managed::read_owner_proof(changed);
          if (!read) return read.error() == errc::ownership_not_proven;
          const auto checked = managed::check_owner_proof(*read, all.keys.service);
          return !checked && checked.error() == errc::ownership_not_proven;
        }) == 0);
}

TEST_CASE("a proof of an unknown action or version or time is not read", "[managed]") {
  const proving all;
  const auto error_with = [&](std::size_t at, unsigned value) {
    bytes changed = bytes_of(all.proof);
    changed[at] = static_cast<std::byte>(value);
    const auto read = managed::read_owner_proof(changed);
    return read ? error_code() : read.error();
  };
  CHECK(error_with(0, 0) == errc::ownership_not_proven);
  CHECK(error_with(0, 2) == errc::ownership_not_proven);
  CHECK(error_with(1, 0) == errc::ownership_not_proven);
  CHECK(error_with(1, 4) == errc::ownership_not_proven);
  CHECK(error_with(98, 0x80) == errc::ownership_not_proven);
  CHECK(error_with(98, 0x7f) == errc::ownership_not_proven);
  CHECK(!error_with(1, 2));
}

TEST_CASE("nothing is proven to a service without a key or at no time", "[managed]") {
  proving all;
  const machine_id asking = all.keys.asking.id();
  CHECK(all.owner.prove(owner_action::restore, {}, asking, {}, all.keys.now).error() == errc::invalid_argument);
  const std::chrono::sys_seconds never{std::chrono::seconds{-1}};
  CHECK(all.owner.prove(owner_action::restore, all.keys.service_keys, asking, {}, never).error() ==
        errc::invalid_argument);
}
