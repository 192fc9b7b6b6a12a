// SPDX-License-Identifier: BSL-1.0
#include "remembered_service.hpp"

#include "text.hpp"

#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace tool {
namespace {

namespace fs = std::filesystem;
using reinstate::errc;
using reinstate::result;

// What `service_json` wrote.
service_choice from_json(const json& from) {
  service_choice out;
  out.url = from.value("url", "");
  if (from.contains("key")) out.key = reinstate::parse_service_key(from["key"].get<std::string>()).value();
  out.certificate = from.value("certificate", "");
  out.machine_name = from.value("machine_name", "");
  for (const json& each : from.value("issuers", json::array()))
    out.issuers.push_back(
        {each.at("name").get<std::string>(), public_key_from(each.at("key").get<std::string>()).value()});
  return out;
}

}  // namespace

json service_json(const service_choice& what) {
  json out = json::object();
  if (!what.url.empty()) out["url"] = what.url;
  if (what.key) out["key"] = to_string(*what.key);
  if (!what.certificate.empty()) out["certificate"] = what.certificate.string();
  if (!what.machine_name.empty()) out["machine_name"] = what.machine_name;
  json issuers = json::array();
  for (const auto& each : what.issuers) issuers.push_back({{"name", each.name}, {"key", hex_of(each.key)}});
  if (!issuers.empty()) out["issuers"] = std::move(issuers);
  return out;
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
  } catch (const json::exception&) {
    return errc::import_malformed;
  } catch (const std::exception&) {  // a key that is none
    return errc::import_malformed;
  }
}

result<void> remember_service(const fs::path& home, const service_choice& what) {
  const fs::path file = home / service_file_name, next = home / (std::string(service_file_name) + ".new");
  {
    std::ofstream out(next, std::ios::trunc);
    if (!out) return errc::path_not_accessible;
    out << service_json(what).dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    if (!out.flush()) return errc::medium_full;
  }
  std::error_code ec;
  fs::rename(next, file, ec);  // a reader finds the old one or the new one
  if (ec) return errc::path_not_accessible;
  return {};
}

result<void> forget_service(const fs::path& home) {
  std::error_code ec;
  fs::remove(home / service_file_name, ec);
  if (ec) return errc::path_not_accessible;
  return {};
}

result<service_choice> chosen_service(const options& what) {
  auto out = remembered_service(what.home);
  if (!out) return out;
  const service_options& given = what.service;
  if (!given.url.empty()) out->url = given.url;
  if (given.key) out->key = given.key;
  std::error_code ec;
  if (!given.certificate.empty()) out->certificate = fs::absolute(given.certificate, ec);
  if (given.machine_name) out->machine_name = *given.machine_name;
  if (!given.issuers.empty()) out->issuers = given.issuers;
  return out;
}

}  // namespace tool
