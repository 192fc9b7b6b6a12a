// SPDX-License-Identifier: BSL-1.0
#include "service/service_client.hpp"

#include "output/text.hpp"

#include <reinstate/service/http_license_management_service.hpp>

#include <utility>

namespace tool {
namespace {

using namespace reinstate;

// A service whose key is known and whose address is not: enough for a backup.
class key_only_service : public license_management_service {
 public:
  explicit key_only_service(const service_key& key) { description_.key = key; }

  const service_description& description() const noexcept override { return description_; }
  result<restore_answer> decide(const restore_request&, std::stop_token) override { return errc::service_required; }
  result<void> report(const std::vector<use_report>&, std::stop_token) override { return errc::service_required; }
  result<machine_list> machines(const owner_proof&, std::stop_token) override { return errc::service_required; }
  result<release_receipt> release(const owner_proof&, std::stop_token) override { return errc::service_required; }

 private:
  service_description description_;
};

result<shared_service> make_service(const service_choice& choice, std::shared_ptr<machine_identity> identity) {
  if (!choice.key && choice.url.empty()) return shared_service();
  if (!choice.key) return errc::service_required;
  if (choice.url.empty()) return shared_service(std::make_shared<key_only_service>(*choice.key));
  http_service_config config;
  config.service.url = choice.url;
  config.service.key = *choice.key;
  config.identity = std::move(identity);
  config.certificates = choice.certificate;
  return make_http_license_management_service(std::move(config));
}

}  // namespace

result<used_service> use_service(const std::filesystem::path& home, const service_choice_options& options,
                                 std::shared_ptr<machine_identity> identity, error_location& location) {
  auto choice = chosen_service(home, options);
  if (!choice) {
    location = service_file_location(home);
    return choice.error();
  }
  auto service = make_service(*choice, std::move(identity));
  if (!service) {
    location = service.error() == errc::invalid_argument
                   ? error_location{error_subject::none, choice->url}
                   : error_location{error_subject::input_file, choice->certificate.string()};
    return service.error();
  }
  return used_service{std::move(*service), std::move(choice->machine_name), std::move(choice->issuers)};
}

std::string contact_text(const service_contact& contact) {
  std::string out = "Some licenses can be restored only with permission from the service of their issuer, at\n  ";
  out += printable(contact.service.url);
  out += "\nIt would be sent:\n";
  out += contact.machine_name.empty() ? "  no name of this machine (give one with --machine-name)\n"
                                      : "  the name of this machine: " + printable(contact.machine_name) + "\n";
  out +=
      "  the public keys of this machine, and the time\n"
      "  the ids, issuer, rights, uses left and first use of each such license, and the issuer's name for you\n";
  if (contact.proves_ownership) out += "  a proof that you can open this backup, but nothing that opens it\n";
  return out + "Without the service those licenses are left out and the others restored.";
}

}  // namespace tool
