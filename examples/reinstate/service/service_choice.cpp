// SPDX-License-Identifier: BSL-1.0
#include "service/service_choice.hpp"

#include "output/text.hpp"

#include <exception>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace tool {
namespace {

namespace fs = std::filesystem;
using reinstate::errc;
using reinstate::result;

// Reads what service_json wrote. Throws std::exception if it is something else.
service_choice from_json(const json& object) {
  service_choice out;
  out.url = object.value("url", "");
  if (object.contains("key")) out.key = reinstate::parse_service_key(object["key"].get<std::string>()).value();
  out.certificate = object.value("certificate", "");
  out.machine_name = object.value("machine_name", "");
  for (const json& each : object.value("issuers", json::array()))
    out.issuers.push_back(
        {each.at("name").get<std::string>(), public_key_from(each.at("key").get<std::string>()).value()});
  return out;
}

}  // namespace

json service_json(const service_choice& choice) {
  json out = json::object();
  if (!choice.url.empty()) out["url"] = choice.url;
  if (choice.key) out["key"] = to_string(*choice.key);
  if (!choice.certificate.empty()) out["certificate"] = choice.certificate.string();
  if (!choice.machine_name.empty()) out["machine_name"] = choice.machine_name;
  json issuers = json::array();
  for (const auto& each : choice.issuers) issuers.push_back({{"name", each.name}, {"key", hex_of(each.key)}});
  if (!issuers.empty()) out["issuers"] = std::move(issuers);
  return out;
}

error_location service_file_location(const fs::path& home) {
  return {error_subject::home, (home / service_file_name).string()};
}

result<service_choice> remembered_service(const fs::path& home) {
  const fs::path file = home / service_file_name;
  std::error_code ec;
  if (!fs::exists(file, ec) && !ec) return service_choice();
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) return errc::path_not_accessible;
  try {
    return from_json(json::parse(text));
  } catch (const std::exception&) {  // malformed JSON, a member of another type, or a malformed key
    return errc::import_malformed;
  }
}

result<void> remember_service(const fs::path& home, const service_choice& choice) {
  const fs::path file = home / service_file_name, next = home / (std::string(service_file_name) + ".new");
  {
    std::ofstream out(next, std::ios::trunc);
    if (!out) return errc::path_not_accessible;
    out << service_json(choice).dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    if (!out.flush()) return errc::medium_full;
  }
  std::error_code ec;
  fs::rename(next, file, ec);  // readers see the old file or the new one
  if (ec) return errc::path_not_accessible;
  return {};
}

result<void> forget_service(const fs::path& home) {
  std::error_code ec;
  fs::remove(home / service_file_name, ec);
  if (ec) return errc::path_not_accessible;
  return {};
}

result<service_choice> chosen_service(const fs::path& home, const service_choice_options& options) {
  auto out = remembered_service(home);
  if (!out) return out;
  if (!options.url.empty()) out->url = options.url;
  if (options.key) out->key = options.key;
  std::error_code ec;
  if (!options.certificate.empty()) out->certificate = fs::absolute(options.certificate, ec);
  if (options.machine_name) out->machine_name = *options.machine_name;
  if (!options.issuers.empty()) out->issuers = options.issuers;
  return out;
}

}  // namespace tool
