// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include "text.hpp"

#include <array>
#include <utility>

namespace tool {
namespace {

using reinstate::backup_right;

std::string_view name_of(backup_right right) {
  constexpr std::array<std::string_view, 3> names = {"denied", "granted", "managed"};
  return names.at(static_cast<std::size_t>(right));
}

json optional_id_json(const std::optional<reinstate::key_id>& id) {
  return id ? json(to_string(*id)) : json(nullptr);
}

json optional_json(const auto& value) {
  return value ? json(*value) : json(nullptr);
}

json optional_time_json(const std::optional<std::chrono::sys_seconds>& time) {
  return time ? json(time_text(*time)) : json(nullptr);
}

json outcome_json(const reinstate::license_outcome& outcome) {
  json out = reference_json(outcome.id, outcome.key, outcome.title);
  out["reason"] = error_json(outcome.reason);
  return out;
}

// Adds to an event what its payload carries.
struct payload_writer {
  json& into;

  void operator()(std::monostate) const {}
  void operator()(const reinstate::license_reference& license) const {
    into["license"] = reference_json(license.id, license.key, license.title);
  }
  void operator()(const reinstate::url_reference& url) const { into["url"] = url.url; }
  void operator()(const reinstate::operation_progress& progress) const {
    into["phase"] = phase_name(progress.phase);
    into["licenses_done"] = progress.licenses_done;
    into["licenses_total"] = progress.licenses_total;
    into["bytes_done"] = progress.bytes_done;
    into["bytes_total"] = progress.bytes_total;
  }
  void operator()(reinstate::individualization step) const {
    using enum reinstate::individualization;
    into["individualization"] = step == begin ? "begin" : step == succeeded ? "succeeded" : "failed";
  }
  void operator()(const reinstate::operation_report&) const {}  // the result that follows has it
};

json damage_json(std::span<const reinstate::backup_damage> damage) {
  json out = json::array();
  for (const auto& each : damage) out.push_back({{"file", each.file}, {"error", error_json(each.error)}});
  return out;
}

}  // namespace

std::string_view phase_name(reinstate::operation_phase phase) {
  constexpr std::array<std::string_view, 3> names = {"copying", "checking", "comparing"};
  return names.at(static_cast<std::size_t>(phase));
}

json reference_json(const reinstate::license_id& id, const reinstate::key_id& key, const std::string& title) {
  return {{"license_id", to_string(id)}, {"key_id", to_string(key)}, {"title", title}};
}

license_line line_of(const reinstate::license_record& stored, bool is_damaged) {
  license_line out{stored.id, stored.key, stored.revision, {}, {}, {}, {}, stored.backup, stored.state, is_damaged};
  auto item = reinstate::unpack(stored);
  if (!item) {
    out.is_damaged = true;
    return out;
  }
  out.format = std::move(item->format);
  out.issuer = std::move(item->issuer);
  out.title = std::move(item->title);
  out.root = item->root;
  return out;
}

json license_json(const license_line& item) {
  return {{"license",
           {{"license_id", to_string(item.id)},
            {"key_id", to_string(item.key)},
            {"revision", item.revision},
            {"format", item.format},
            {"issuer", item.issuer},
            {"title", item.title},
            {"root", optional_id_json(item.root)},
            {"backup", name_of(item.backup)},
            {"uses_left", optional_json(item.state.uses_left)},
            {"first_use", optional_time_json(item.state.first_use)},
            {"damaged", item.is_damaged}}}};
}

json event_json(const reinstate::status_event& event) {
  json out = {{"event", reinstate::name_of(event.status)}};
  if (event.error.failed()) out["error"] = error_json(event.error);
  std::visit(payload_writer{out}, event.payload);
  return out;
}

json outcomes_json(std::span<const reinstate::license_outcome> outcomes) {
  json out = json::array();
  for (const auto& outcome : outcomes) out.push_back(outcome_json(outcome));
  return out;
}

json report_json(const reinstate::operation_report& report) {
  return {{"licenses_seen", report.licenses_seen},
          {"licenses_done", report.licenses_done},
          {"licenses_kept", report.licenses_kept},
          {"licenses_removed", report.licenses_removed},
          {"licenses_left_out", report.licenses_left_out},
          {"bytes", report.bytes},
          {"generation", report.generation},
          {"builds_on", report.builds_on},
          {"where", report.file},
          {"outcomes", outcomes_json(report.outcomes)},
          {"warnings", outcomes_json(report.warnings)},
          {"damage", damage_json(report.damage)},
          {"generations_removed", report.generations_removed}};
}

json backup_json(const reinstate::backup_description& backup) {
  json volumes = json::array();
  json slots = json::array();
  for (const auto& slot : backup.key_slots) slots.push_back(slot_json(slot));
  for (const auto& volume : backup.volumes) volumes.push_back({{"name", volume.name}, {"bytes", volume.size}});
  return {{"set_id", hex_of(backup.set_id)},
          {"generation", backup.generation},
          {"format_version", backup.format_version},
          {"created", time_text(backup.created)},
          {"licenses", backup.licenses},
          {"payload_bytes", backup.payload_bytes},
          {"builds_on", backup.builds_on},
          {"recovery_slots", std::move(slots)},
          {"volumes", std::move(volumes)}};
}

json slot_json(const reinstate::key_slot& slot) {
  constexpr std::array<std::string_view, 7> names = {"passphrase", "code",    "recipient", "key_file",
                                                     "keyring",    "machine", "readable"};
  return {{"file", slot.file}, {"kind", names.at(static_cast<std::size_t>(slot.kind))}, {"damaged", slot.damaged}};
}

std::string_view license_heading() {
  return "LICENSE                           KEY ID                            FORMAT    BACKUP   USES LEFT  TITLE";
}

std::string license_text(const license_line& item) {
  const auto padded = [](std::string text, std::size_t width) {
    if (text.size() < width) text.resize(width, ' ');
    return text + "  ";
  };
  std::string out = to_string(item.id) + "  " + to_string(item.key) + "  ";
  out += padded(item.is_damaged ? std::string("damaged") : printable(item.format), 8);
  out += padded(std::string(name_of(item.backup)), 7);
  out += padded(item.state.uses_left ? std::to_string(*item.state.uses_left) : std::string("unlimited"), 9);
  return out + printable(item.title);
}

std::string outcome_text(const reinstate::license_outcome& outcome) {
  return "  " + quoted_title(outcome.title) + ", key id " + to_string(outcome.key) + "\n    " +
         text_of(outcome.reason) + "\n    " + advice_of(outcome.reason);
}

std::string slot_text(const reinstate::key_slot& slot) {
  constexpr std::array<std::string_view, 7> names = {"passphrase",  "recovery code", "age recipient",
                                                     "key file",    "keyring",       "the machine that made it",
                                                     "nothing else"};
  std::string out(names.at(static_cast<std::size_t>(slot.kind)));
  out.resize(26, ' ');
  return out + printable(slot.file) + (slot.damaged ? ", damaged" : "");
}

std::string backup_text(const reinstate::backup_description& backup) {
  std::string out = "backup set     " + hex_of(backup.set_id) +  //
                    "\ngeneration     " + std::to_string(backup.generation) + "\ncreated        " +
                    time_text(backup.created) + "\nlicenses       " + std::to_string(backup.licenses) +
                    "\npayloads       " + size_text(backup.payload_bytes) + "\nformat         " +
                    std::to_string(backup.format_version);
  for (const auto& slot : backup.key_slots) out += "\nopens with     " + slot_text(slot);
  for (const auto& volume : backup.volumes)
    out += "\nvolume         " + printable(volume.name) + ", " + size_text(volume.size);
  return out;
}

}  // namespace tool
