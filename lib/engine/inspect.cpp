// SPDX-License-Identifier: BSL-1.0
#include "backup_set.hpp"

#include <reinstate/inspect.hpp>

namespace reinstate {

result<backup_description> inspect_backup(backup_medium& medium) {
  const auto files = medium.list();
  if (!files) return files.error();
  std::string where;
  const auto found = engine::find_generation(medium, *files, where);
  if (!found) return found.error();
  const archive::manifest& manifest = found->what;
  if (const auto volumes = engine::check_volumes(manifest, *files, where); !volumes) return volumes.error();

  backup_description out;
  out.set_id = manifest.set;
  out.generation = manifest.generation;
  out.format_version = manifest.version;
  out.created = manifest.created;
  out.licenses = manifest.licenses;
  out.payload_bytes = manifest.payload_bytes;
  for (const auto kept : {recovery_key_storage::readable, recovery_key_storage::passphrase})
    if (std::string name = archive::recovery_name(manifest.recovery_generation, kept); engine::find_file(*files, name))
      out.recovery_file = std::move(name);
  for (std::uint32_t i = 0; i != manifest.volumes.size(); ++i)
    out.volumes.push_back({archive::volume_name(manifest.generation, i + 1), manifest.volumes[i].size});
  return out;
}

}  // namespace reinstate
