// SPDX-License-Identifier: BSL-1.0
#include "service_client.hpp"

#include "text.hpp"

#include <reinstate/service/http_license_management_service.hpp>

#include <utility>

namespace tool {
namespace {

using namespace reinstate;

// Whose key is known and whose address is not: enough for a backup.
class sealed_to_only : public license_management_service {
 public:
  explicit sealed_to_only(const service_key& key) { about_.key = key; }

  const service_description& description() const noexcept override { return about_; }
  result<restore_answer> decide(const restore_request&, std::stop_token) override { return errc::service_required; }
  result<void> report(const std::vector<use_report>&, std::stop_token) override { return errc::service_required; }
  result<machine_list> machines(const owner_proof&, std::stop_token) override { return errc::service_required; }
  result<release_receipt> release(const owner_proof&, std::stop_token) override { return errc::service_required; }

 private:
  service_description about_;
};

}  // namespace

result<shared_service> make_service(const service_choice& what, std::shared_ptr<machine_identity> machine) {
  if (!what.key && what.url.empty()) return shared_service();
  if (!what.key) return errc::service_required;
  if (what.url.empty()) return shared_service(std::make_shared<sealed_to_only>(*what.key));
  http_service_config config;
  config.service.url = what.url;
  config.service.key = *what.key;
  config.identity = std::move(machine);
  config.certificates = what.certificate;
  return make_http_license_management_service(std::move(config));
}

result<used_service> use_service(const options& what, std::shared_ptr<machine_identity> machine, std::string& where) {
  where = (what.home / service_file_name).string();
  auto chosen = chosen_service(what);
  if (!chosen) return chosen.error();
  where = chosen->url;
  auto service = make_service(*chosen, std::move(machine));
  if (!service && service.error() != errc::invalid_argument) where = chosen->certificate.string();
  if (!service) return service.error();
  return used_service{std::move(*service), std::move(chosen->machine_name), std::move(chosen->issuers)};
}

std::string contact_text(const service_contact& what) {
  std::string out = "Some licenses are given back only by the service of their issuer. It is at\n  ";
  out += printable(what.service.url);
  out += "\nand would be told:\n";
  out += what.machine_name.empty() ? "  no name of this machine (give one with --machine-name)\n"
                                   : "  the name of this machine: " + printable(what.machine_name) + "\n";
  out +=
      "  the public keys of this machine, and the time\n"
      "  of each such license its ids and issuer, the issuer's name for you, its rights, uses left and first use\n";
  if (what.proves_ownership) out += "  that you can open this backup, without what opens it\n";
  return out + "Without it those licenses are left out, and the others restored.";
}

}  // namespace tool
