// SPDX-License-Identifier: BSL-1.0
#include "engine/set/small_file.hpp"

namespace reinstate::engine {

result<crypto::secret_buffer> read_small_file(backup_medium& medium, std::string_view name, std::size_t most) {
  const auto file = medium.open(name);
  if (!file) return file.error();
  if ((*file)->size() > most) return errc::backup_damaged;
  crypto::secret_buffer content(static_cast<std::size_t>((*file)->size()));
  std::size_t have = 0;
  while (have != content.size()) {
    const auto read = (*file)->read(std::span(content).subspan(have));
    if (!read) return read.error();
    if (*read == 0) break;  // it shrank since it was opened
    have += *read;
  }
  content.resize(have);
  return content;
}

}  // namespace reinstate::engine
