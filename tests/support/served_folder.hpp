// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_SERVED_FOLDER_HPP
#define REINSTATE_TESTS_SERVED_FOLDER_HPP

#include "crypto/random.hpp"
#include "managed/managed_seal.hpp"
#include "piped_process.hpp"
#include "temporary_directory.hpp"
#include "test_certificate.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/service/http_license_management_service.hpp>
#include <reinstate/service/ledger.hpp>
#include <reinstate/service/service_keys.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace reinstate::tests {

// A machine that can ask.
struct asking_machine {
  std::shared_ptr<machine_identity> identity = make_memory_machine_identity();
  machine_id id = (identity->individualize().value(), identity->public_identity()->signing);
};

// What the program served_ledger needs in a folder, with the issuer, the owner and the seal of one backup.
class served_folder {
 public:
  explicit served_folder(const std::filesystem::path& in) : folder_(in) {
    save(make_test_certificate(), folder_.path());
    keys_.save(folder_.path() / "service.key").value();
    book()->records().put_issuer({"issuer", issuer_public_key(issuer_).value()}).value();
    const asking_machine origin;
    const auto sealer =
        managed::payload_sealer::make(*origin.identity, keys_.public_key().agreement, owner_.recipient(), now())
            .value();
    seal_.assign(sealer.certificate().begin(), sealer.certificate().end());
  }

  std::string path() const { return folder_.path().string(); }
  std::unique_ptr<ledger> book() const { return open_sqlite_ledger(folder_.path() / "ledger").value(); }
  const x25519_public_key& owner() const { return owner_.recipient(); }

  std::vector<std::byte> statement(const license_id& id, std::uint32_t machines) const {
    rights_statement rights;
    rights.id = id;
    rights.issuer = "issuer";
    rights.backup = backup_right::managed;
    rights.machines = machines;
    return sign_statement(rights, issuer_).value();
  }

  // Asks for nothing yet, as the owner.
  restore_request request(const asking_machine& by) const {
    restore_request out;
    crypto::fill_random(out.id);
    out.seals = {seal_};
    out.owner = proof(owner_action::restore, by);
    return out;
  }

  owner_proof proof(owner_action action, const asking_machine& by, const machine_id& subject = {}) const {
    return owner_.prove(action, keys_.public_key(), by.id, subject, now()).value();
  }

  // Asks once and gives up.
  std::shared_ptr<license_management_service> client(const std::string& url, const asking_machine& as) const {
    http_service_config with;
    with.service = {"", url, "", keys_.public_key()};
    with.identity = as.identity;
    with.certificates = folder_.path() / "cert.pem";
    with.attempts = 1;
    return make_http_license_management_service(with).value();
  }

 private:
  static std::chrono::sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }

  temporary_directory folder_;
  service_keys keys_ = service_keys::generate();
  secret_bytes issuer_ = crypto::random_secret(32);
  backup_owner owner_{crypto::random_secret(32)};
  std::vector<std::byte> seal_;
};

// A server of it in a process of its own.
class served_ledger : public piped_process {
 public:
  served_ledger(const std::string& program, const served_folder& folder)
      : piped_process({program, folder.path()}), url_(line()) {
    if (!url_.ends_with('\n')) throw std::runtime_error("no server");
    url_.pop_back();
  }

  const std::string& url() const { return url_; }

 private:
  std::string url_;
};

}  // namespace reinstate::tests

#endif
