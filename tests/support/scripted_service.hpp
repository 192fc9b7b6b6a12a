// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_SCRIPTED_SERVICE_HPP
#define REINSTATE_TESTS_SCRIPTED_SERVICE_HPP

#include "backup_fixture.hpp"
#include "crypto/x25519.hpp"
#include "managed/managed_seal.hpp"

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/managed/rights_statement.hpp>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

// Managed licenses, and a service whose answers a test decides. Its keys are real: what it does not grant stays sealed.

namespace reinstate::test {

struct issuer {
  secret_bytes seed = secret_bytes::copy_of(std::vector<std::byte>(32, std::byte{0x17}));
  std::string name = "An issuer";

  trusted_issuer trusted() const { return {name, *issuer_public_key(seed)}; }

  // Puts the issuer's word to a license, as the license is.
  void sign(license& item, std::string user = "user 1", std::uint32_t machines = 4) const {
    item.issuer = name;
    rights_statement said{item.id,
                          item.key,
                          name,
                          std::move(user),
                          item.rights.backup,
                          machines,
                          item.rights.not_before,
                          item.rights.not_after,
                          item.state.uses_left,
                          digest_of_payload(item.payload.expose())};
    item.statement = *sign_statement(said, seed);
  }

  license managed(unsigned number, std::size_t payload_size = 200) const {
    license item = make_license(number, payload_size);
    item.rights.backup = backup_right::managed;
    sign(item);
    return item;
  }
};

class scripted_service final : public license_management_service {
 public:
  secret_bytes private_key = secret_bytes::copy_of(std::vector<std::byte>(32, std::byte{0x42}));
  service_description about{"A service", "https://service.invalid", "", {crypto::x25519_public_key(private_key), {}}};

  std::map<license_id, errc> refusals;
  std::map<license_id, license_state> states;  // what the service knows
  std::string page = "https://service.invalid/machines";
  std::vector<std::vector<std::byte>> revocations;
  std::function<result<void>(std::stop_token)> before_answer;  // fails instead, where it fails
  std::function<void(restore_answer&)> falsify;

  std::vector<restore_request> asked;
  std::vector<owner_proof> released;

  const service_description& description() const noexcept override { return about; }

  result<restore_answer> decide(const restore_request& request, std::stop_token stop) override {
    asked.push_back(request);
    if (before_answer)
      if (const auto ready = before_answer(stop); !ready) return ready.error();
    restore_answer out;
    out.revocations = revocations;
    for (const license_claim& claim : request.licenses) out.licenses.push_back(decide(request, claim, out.help_url));
    if (falsify) falsify(out);
    return out;
  }

  result<void> report(const std::vector<use_report>&, std::stop_token) override { return {}; }
  result<machine_list> machines(const owner_proof&, std::stop_token) override { return machine_list(); }
  result<release_receipt> release(const owner_proof& order, std::stop_token) override {
    released.push_back(order);
    return release_receipt();
  }

 private:
  license_answer decide(const restore_request& request, const license_claim& claim, std::string& to_page) {
    license_answer out;
    out.id = parse_statement(claim.statement)->statement.id;
    if (const auto refused = refusals.find(out.id); refused != refusals.end()) {
      out.refused = refused->second;
      if (refused->second == errc::machine_limit_reached) to_page = page;
      return out;
    }
    const auto known = states.find(out.id);
    out.state = known == states.end() ? claim.state : furthest_state(claim.state, known->second);
    const auto& seal = request.seals.at(claim.seal);
    const auto shared = crypto::x25519_agree(private_key, managed::read_certificate(seal)->ephemeral);
    out.key = managed::license_key(*shared, out.id, seal, claim.statement);
    return out;
  }
};

// The configuration of a machine that uses a service, and agrees to it.
inline backup_restorer_config with_service(backup_restorer_config config,
                                           std::shared_ptr<license_management_service> service) {
  config.service = std::move(service);
  config.consent = [](const service_contact&) { return result<consent_answer>(consent_answer::agreed); };
  return config;
}

}  // namespace reinstate::test

#endif
