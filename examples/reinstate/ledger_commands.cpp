// SPDX-License-Identifier: BSL-1.0
#include "serving.hpp"
#include "text.hpp"

#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/service/ledger.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;
using reinstate::result;

constexpr std::size_t max_list_bytes = 64 * 1024 * 1024;
constexpr std::size_t audit_page = 1'000;

// The ledger and the name to complain about. A new one is made only where an issuer is added to it: elsewhere a
// mistyped name would look like an empty ledger.
result<std::unique_ptr<reinstate::ledger>> open(const options& what) {
  std::error_code ignored;
  const bool may_be_new = what.what == command::ledger_issuer_add;
  if (!may_be_new && !std::filesystem::exists(what.serving.ledger, ignored)) return errc::path_not_found;
  return reinstate::open_sqlite_ledger(what.serving.ledger);
}

exit_code failed(const error_code& error, const options& what, output& out) {
  return out.failed(error, what.serving.ledger.string());
}

result<std::vector<std::byte>> read_list(const std::string& name) {
  std::ifstream file;
  if (name != "-") file.open(name, std::ios::binary);
  std::istream& from = name == "-" ? std::cin : file;
  if (!from) return std::filesystem::exists(name) ? errc::path_not_accessible : errc::path_not_found;
  std::vector<std::byte> out;
  std::array<char, 4096> some{};
  while (from.read(some.data(), some.size()), from.gcount() > 0) {
    const auto bytes = std::as_bytes(std::span(some)).first(static_cast<std::size_t>(from.gcount()));
    out.insert(out.end(), bytes.begin(), bytes.end());
    if (out.size() > max_list_bytes) return errc::revocation_list_invalid;
  }
  return out;
}

json entry_json(const reinstate::audit_entry& entry) {
  json out = {{"number", entry.number}, {"time", entry.time.time_since_epoch().count()},
              {"what", entry.event},     {"license_id", nullptr},
              {"machine", nullptr},     {"detail", entry.detail}};
  if (entry.license) out["license_id"] = to_string(*entry.license);
  if (entry.machine) out["machine"] = hex_of(*entry.machine);
  return out;
}

std::string entry_text(const reinstate::audit_entry& entry) {
  std::string out = std::to_string(entry.number) + "  " + time_text(entry.time) + "  " + printable(entry.event);
  if (entry.license) out += "  license " + to_string(*entry.license);
  if (entry.machine) out += "  machine " + hex_of(*entry.machine);
  if (!entry.detail.empty()) out += "  " + printable(entry.detail);
  return out;
}

// Errors: issuer_unknown where the service does not know who signed the list by the name that is in it.
result<void> check_issuer(reinstate::ledger& ledger, const reinstate::signed_revocation_list& list) {
  const auto issuers = ledger.records().issuers();
  if (!issuers) return issuers.error();
  if (std::ranges::find(*issuers, reinstate::trusted_issuer{list.list.issuer, list.signer}) == issuers->end())
    return errc::issuer_unknown;
  return {};
}

// Whether an error is about the list and not about the ledger.
bool is_about_list(const error_code& error) {
  return error == errc::issuer_unknown || error == errc::revocation_list_outdated;
}

}  // namespace

exit_code ledger_issuer_add(const options& what, output& out) {
  const auto ledger = open(what);
  if (!ledger) return failed(ledger.error(), what, out);
  const reinstate::trusted_issuer issuer{what.serving.issuer, what.serving.issuer_key};
  if (const auto put = (*ledger)->records().put_issuer(issuer); !put) return failed(put.error(), what, out);
  out.note("The service knows the issuer " + quoted_title(issuer.name) + ".");
  return out.done({{"issuer", {{"name", issuer.name}, {"key", hex_of(issuer.key)}}}});
}

exit_code ledger_issuers(const options& what, output& out) {
  const auto ledger = open(what);
  if (!ledger) return failed(ledger.error(), what, out);
  const auto issuers = (*ledger)->records().issuers();
  if (!issuers) return failed(issuers.error(), what, out);
  json list = json::array();
  for (const auto& issuer : *issuers) {
    out.line(hex_of(issuer.key) + "  " + quoted_title(issuer.name));
    list.push_back({{"name", issuer.name}, {"key", hex_of(issuer.key)}});
  }
  if (issuers->empty()) out.note("The service knows no issuer, and grants nothing: add one with ledger issuer add.");
  return out.done({{"issuers", std::move(list)}});
}

exit_code ledger_revocations(const options& what, output& out) {
  const auto bytes = read_list(what.serving.revocations);
  if (!bytes) return out.failed(bytes.error(), what.serving.revocations);
  const auto list = reinstate::parse_revocation_list(*bytes);
  if (!list) return out.failed(list.error(), what.serving.revocations);
  const auto ledger = open(what);
  if (!ledger) return failed(ledger.error(), what, out);
  auto taken = check_issuer(**ledger, *list);
  if (taken) taken = (*ledger)->records().put_revocations(list->signer, list->list.version, *bytes);
  if (!taken)
    return is_about_list(taken.error()) ? out.failed(taken.error(), what.serving.revocations)
                                        : failed(taken.error(), what, out);
  out.note("List " + std::to_string(list->list.version) + " of " + quoted_title(list->list.issuer) +
           " counts from now on.");
  return out.done({{"issuer", list->list.issuer}, {"version", list->list.version}});
}

exit_code ledger_release(const options& what, output& out) {
  const auto ledger = open(what);
  if (!ledger) return failed(ledger.error(), what, out);
  reinstate::slot_release order;
  order.license = what.serving.license;
  order.machine = what.serving.machine;
  order.by_operator = true;
  std::random_device random;  // only to be another order than any before
  for (std::byte& b : order.order) b = static_cast<std::byte>(random() & 0xFFu);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto released = (*ledger)->release({&order, 1}, now);
  if (!released) return failed(released.error(), what, out);
  if (released->front().decision != reinstate::release_result::released)
    return out.failed(errc::machine_not_found, hex_of(order.machine));
  out.note("The machine has that license no more.");
  return out.done({{"license_id", to_string(order.license)}, {"machine", hex_of(order.machine)}});
}

exit_code ledger_audit(const options& what, output& out) {
  const auto ledger = open(what);
  if (!ledger) return failed(ledger.error(), what, out);
  std::uint64_t after = what.serving.after;
  for (;;) {
    const auto entries = (*ledger)->records().audit(after, audit_page);
    if (!entries) return failed(entries.error(), what, out);
    if (entries->empty() || out.has_failed()) break;
    for (const reinstate::audit_entry& entry : *entries) {
      out.line(entry_text(entry));
      out.object({{"audit", entry_json(entry)}});
    }
    after = entries->back().number;
  }
  return out.done({{"last", after}});
}

}  // namespace tool
