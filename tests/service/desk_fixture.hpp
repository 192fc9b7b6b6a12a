// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_DESK_FIXTURE_HPP
#define REINSTATE_TESTS_DESK_FIXTURE_HPP

#include "catch.hpp"
#include "managed/managed_seal.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/service/service_desk.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reinstate::tests {

using namespace std::chrono_literals;

inline constexpr std::chrono::sys_seconds noon{1'800'000'000s};

inline secret_bytes seed_of(std::uint8_t number) {
  return secret_bytes::copy_of(std::vector<std::byte>(32, std::byte{number}));
}

// A license as its issuer made it.
struct issued_license {
  rights_statement rights;
  std::vector<std::byte> statement;
  std::vector<std::byte> payload;
  license_state state;  // as the backup has it
};

// A player somewhere.
struct player {
  std::shared_ptr<machine_identity> identity = make_memory_machine_identity();

  player() { REQUIRE(identity->individualize()); }

  machine_id id() const { return identity->public_identity().value().signing; }
  service_caller caller() const { return {id(), identity->public_identity().value().agreement}; }
};

// The backup of one player, with the certificate that all its licenses share.
struct managed_backup {
  managed_backup(const player& of, const service_key& to, const x25519_public_key& owner)
      : sealer(managed::payload_sealer::make(*of.identity, to.agreement, owner, noon).value()) {}

  std::vector<std::byte> certificate() const { return {sealer.certificate().begin(), sealer.certificate().end()}; }
  crypto::secret_buffer sealed(const issued_license& license) const {
    crypto::secret_buffer out;
    sealer.seal(license.rights.id, license.statement, license.payload, out);
    return out;
  }

  managed::payload_sealer sealer;
};

// A service with one issuer, and an owner with a backup of his first player.
struct desk_fixture {
  std::chrono::sys_seconds time = noon;
  service_policy policy;
  std::shared_ptr<ledger> book = make_memory_ledger();
  std::shared_ptr<const service_keys> keys = std::make_shared<const service_keys>(service_keys::generate());
  backup_owner owner{seed_of(0x33)};
  player first;
  managed_backup backup{first, keys->public_key(), owner.recipient()};
  std::string page = "https://example.invalid/machines";

  desk_fixture() { REQUIRE(book->records().put_issuer({"Issuer", issuer_key()})); }

  static ed25519_public_key issuer_key(std::uint8_t number = 0x11) {
    return issuer_public_key(seed_of(number)).value();
  }

  // Asks the clock of the fixture, whatever it shows then. Must not outlive the fixture.
  std::shared_ptr<service_desk> desk() const {
    return std::make_shared<service_desk>(service_desk::parts{
        book, keys, {"Service", "https://example.invalid", "", {}}, page, policy, [this] { return time; }});
  }

  rights_statement rights_of(std::uint8_t number) const {
    rights_statement out;
    out.id.bytes.fill(std::byte{number});
    out.key.bytes.fill(std::byte{0x77});
    out.issuer = "Issuer";
    out.user = "user-7";
    out.backup = backup_right::managed;
    return out;
  }

  issued_license issue(rights_statement rights, std::uint8_t issuer = 0x11) const {
    std::vector<std::byte> payload(40, rights.id.bytes[0]);
    rights.payload_digest = digest_of_payload(payload);
    auto statement = sign_statement(rights, seed_of(issuer)).value();
    return {std::move(rights), std::move(statement), std::move(payload), {}};
  }
  issued_license license(std::uint8_t number) const { return issue(rights_of(number)); }

  restore_request request(const std::vector<issued_license>& licenses) const {
    restore_request out;
    out.id.fill(std::byte{0x42});
    out.seals = {backup.certificate()};
    for (const issued_license& one : licenses) out.licenses.push_back({one.statement, 0, one.state});
    return out;
  }
  restore_request request(const issued_license& license) const { return request(std::vector{license}); }

  // The same with a proof of the owner that `by` makes.
  restore_request owned(restore_request from, const player& by, const machine_id& former = {}) const {
    from.owner = proof(owner_action::restore, by, former);
    return from;
  }
  owner_proof proof(owner_action action, const player& by, const machine_id& subject = {}) const {
    return owner.prove(action, keys->public_key(), by.id(), subject, time).value();
  }

  // The one answer for one license.
  sealed_answer ask(const player& by, const restore_request& request) const {
    const auto answer = desk()->decide(by.caller(), request).value();
    REQUIRE(answer.licenses.size() == 1);
    return answer.licenses[0];
  }
  sealed_answer ask(const player& by, const issued_license& license) const { return ask(by, request(license)); }

  // Players that have the license, besides the first.
  std::vector<player> others_with(const issued_license& license, std::size_t count) const {
    std::vector<player> out(count);
    for (const player& one : out) REQUIRE_FALSE(ask(one, owned(request(license), one)).refused);
    return out;
  }
};

}  // namespace reinstate::tests

#endif
