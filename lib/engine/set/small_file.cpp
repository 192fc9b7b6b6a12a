// SPDX-License-Identifier: BSL-1.0
#include "engine/set/small_file.hpp"

namespace reinstate::engine {

result<crypto::secret_buffer> read_small_file(backup_medium& medium, std::string_view name, std::size_t max_size) {
  const auto file = medium.open(name);
  if (!file) return failure(file.error(), std::string(name));
  if ((*file)->size() > max_size) return failure(errc::backup_damaged, std::string(name));
  crypto::secret_buffer content(static_cast<std::size_t>((*file)->size()));
  std::size_t have = 0;
  while (have != content.size()) {
    const auto read = (*file)->read(std::span(content).subspan(have));
    if (!read) return failure(read.error(), std::string(name));
    if (*read == 0) break;  // it shrank since it was opened
    have += *read;
  }
  content.resize(have);
  return content;
}

}  // namespace reinstate::engine
