// SPDX-License-Identifier: BSL-1.0
#include "crypto/x25519.hpp"
#include "slot_fixture.hpp"

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/managed/owner_proof.hpp>

using namespace reinstate;
using namespace reinstate::test;

namespace {

error_code error_of(const result<backup_owner>& opened) {
  return opened ? error_code() : opened.error();
}

}  // namespace

TEST_CASE("every secret of a backup makes its owner", "[engine][managed]") {
  every_kind on;
  const x25519_public_key recipient = on.keys().recipient();
  for (const auto& [kind, text] : on.secrets()) {
    const auto owner = open_backup_owner(*on.medium(), on.by(text));
    REQUIRE(owner.has_value());
    CHECK(owner->recipient() == recipient);
  }
}

TEST_CASE("an owner proves himself with the key of the backup", "[engine][managed]") {
  kept on;
  const auto owner = open_backup_owner(*on.medium(), on.by(first_passphrase)).value();
  const secret_bytes service = secret_bytes::copy_of(std::vector<std::byte>(32, std::byte{7}));
  const service_key to{crypto::x25519_public_key(service), {}};
  const auto proof = owner.prove(owner_action::list_machines, to, {}, {}, std::chrono::sys_seconds{}).value();
  CHECK(proof.recipient == on.keys().recipient());
}

TEST_CASE("the machine alone is no owner of the backup that it made", "[engine][managed]") {
  kept on;
  CHECK(error_of(open_backup_owner(*on.medium(), on.by_machine())) == errc::passphrase_required);
  const set_credentials both{on.owner.identity, answering(first_passphrase)};
  CHECK(open_backup_owner(*on.medium(), both).has_value());
}

TEST_CASE("who cannot open a backup is told why he is no owner", "[engine][managed]") {
  kept on;
  CHECK(error_of(open_backup_owner(*on.medium(), on.by("wrong"))) == errc::wrong_passphrase);
  CHECK(error_of(open_backup_owner(*on.medium(), on.by(""))) == errc::passphrase_empty);
  CHECK(error_of(open_backup_owner(*make_memory_medium(std::make_shared<memory_files>()), on.by(first_passphrase))) ==
        errc::no_backup);
  set_credentials impatient = on.by(first_passphrase);
  impatient.max_scrypt_work_factor = 0;
  CHECK(error_of(open_backup_owner(*on.medium(), impatient)) == errc::work_factor_too_high);
}

TEST_CASE("a key that lies in the open makes nobody an owner", "[engine][managed]") {
  kept on(recovery_key_storage::readable);
  CHECK(error_of(open_backup_owner(*on.medium(), on.by(first_passphrase))) == errc::recovery_key_exposed);
}
