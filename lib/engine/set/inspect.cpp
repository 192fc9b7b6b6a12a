// SPDX-License-Identifier: BSL-1.0
#include "engine/set/backup_set.hpp"
#include "engine/set/key_slot_files.hpp"

#include <reinstate/inspect.hpp>

namespace reinstate {
namespace {

result<backup_description> describe(const archive::manifest& manifest, backup_medium& medium) {
  backup_description out;
  out.set_id = manifest.set;
  out.generation = manifest.generation;
  out.format_version = manifest.version;
  out.created = manifest.created;
  out.licenses = manifest.licenses_in_all;
  out.payload_bytes = manifest.payload_bytes;
  const auto slots = engine::find_slots(medium, manifest.recovery_generation);
  if (!slots) return slots.error().code;
  for (const engine::slot_file& slot : *slots) out.key_slots.push_back({slot.name, slot.kind, !slot.is_whole()});
  if (manifest.parent) out.builds_on = manifest.parent->generation;
  for (std::uint32_t i = 0; i != manifest.volumes.size(); ++i)
    out.volumes.push_back({archive::volume_name(manifest.generation, i + 1), manifest.volumes[i].size});
  return out;
}

}  // namespace

result<backup_description> inspect_backup(backup_medium& medium) {
  const auto files = medium.list();
  if (!files) return files.error();
  const auto found = engine::find_generation(medium, *files, 0);
  if (!found) return found.error().code;
  if (const auto volumes = engine::check_volumes(*found, *files); !volumes) return volumes.error().code;
  return describe(found->front().manifest, medium);
}

result<std::vector<generation_summary>> list_generations(backup_medium& medium) {
  const auto files = medium.list();
  if (!files) return files.error();
  std::vector<generation_summary> out;
  for (const engine::generation_found& each : engine::all_generations(medium, *files)) {
    generation_summary summary;
    summary.generation = each.number;
    if (each.manifest) {
      auto description = describe(each.manifest->manifest, medium);
      if (!description) return description.error();
      summary.description = std::move(*description);
    }
    const auto found = engine::find_generation(medium, *files, each.number);
    const auto whole = found ? engine::check_volumes(*found, *files) : engine::result<void>(found.error());
    if (!whole) summary.error = whole.error().code;
    out.push_back(std::move(summary));
  }
  if (out.empty()) return errc::no_backup;
  return out;
}

}  // namespace reinstate
