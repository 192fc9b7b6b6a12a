// SPDX-License-Identifier: BSL-1.0
#include "managed/proof_codec.hpp"
#include "service/protocol/json_document.hpp"
#include "service/protocol/wire.hpp"

#include <limits>

namespace reinstate::service {
namespace {

constexpr std::size_t max_name = 100;
constexpr std::size_t max_machines = 10'000;

json write_machine(const managed_machine& machine) {
  json out{{"id", as_json(machine.id)},
           {"name", machine.name},
           {"first_restore", as_json(machine.first_restore)},
           {"last_restore", as_json(machine.last_restore)},
           {"licenses", as_json(machine.licenses)}};
  if (machine.releasable_from) out["releasable_from"] = as_json(*machine.releasable_from);
  return out;
}

managed_machine read_machine(const json_reader& members) {
  managed_machine out{members.array<machine_id>("id"), members.text("name", max_name), members.instant("first_restore"),
                      members.instant("last_restore"), members.number("licenses"),     {}};
  if (members.has("releasable_from")) out.releasable_from = members.instant("releasable_from");
  return out;
}

}  // namespace

std::string write_owner_proof(const owner_proof& proof) {
  return dump({{"proof", as_json(managed::encode(proof))}});
}

result<owner_proof> read_owner_proof(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::request_malformed;
  bool bad = false;
  const auto bytes = json_reader(*document, bad).bytes("proof", managed::owner_proof_size);
  const auto proof = managed::read_owner_proof(bytes);
  if (bad || !proof) return errc::request_malformed;
  return *proof;
}

std::string write_machine_list(const machine_list& list) {
  json machines = json::array();
  for (const managed_machine& machine : list.machines) machines.push_back(write_machine(machine));
  return dump({{"machines", std::move(machines)}, {"limit", list.limit}});
}

result<machine_list> read_machine_list(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::service_answer_invalid;
  bool bad = false;
  const json_reader members(*document, bad);
  machine_list out;
  members.each("machines", max_machines,
               [&](const json_reader& machine) { out.machines.push_back(read_machine(machine)); });
  const std::uint64_t limit = members.number("limit");
  if (bad || limit > std::numeric_limits<std::uint32_t>::max()) return errc::service_answer_invalid;
  out.limit = static_cast<std::uint32_t>(limit);
  return out;
}

std::string write_receipt(const release_receipt& receipt) {
  return dump({{"licenses", as_json(receipt.licenses)}, {"next_release", as_json(receipt.next_release)}});
}

result<release_receipt> read_receipt(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::service_answer_invalid;
  bool bad = false;
  const json_reader members(*document, bad);
  const release_receipt out{members.number("licenses"), members.instant("next_release")};
  if (bad) return errc::service_answer_invalid;
  return out;
}

std::string write_description(const service_description& description, const service_policy& policy) {
  return dump({{"name", description.name},
               {"privacy", description.privacy},
               {"key", to_string(description.key)},
               {"former_self", policy.allow_takeover},
               {"daily_restores", policy.daily_restores},
               {"release_cool_down", policy.release_cool_down.count()},
               {"order_lifetime", policy.order_lifetime.count()},
               {"clock_tolerance", policy.clock_tolerance.count()}});
}

}  // namespace reinstate::service
