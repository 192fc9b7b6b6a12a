// SPDX-License-Identifier: BSL-1.0
#include "engine/generation/readme_file.hpp"

#include "engine/set/backup_set.hpp"
#include "engine/set/small_file.hpp"
#include "format/archive/archive_set.hpp"

#include <algorithm>

namespace reinstate::engine {

result<void> write_readme(backup_medium& medium, const std::vector<medium_entry>& files, archive::manifest& manifest,
                          generation_writer& writer) {
  const crypto::byte_span text = crypto::bytes_of(archive::readme_text());
  manifest.readme = crypto::hash(text);
  for (const std::string_view name : archive::readme_names) {
    if (find_file(files, name) == nullptr) return writer.add_file(std::string(name), text);
    const auto present = read_small_file(medium, name, max_text_file);
    if (present && std::ranges::equal(*present, text)) return {};
  }
  const std::string_view ours = archive::readme_names[1];
  if (const auto removed = medium.remove(ours); !removed) return removed.error();
  return writer.add_file(std::string(ours), text);
}

}  // namespace reinstate::engine
