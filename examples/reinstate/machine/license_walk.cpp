// SPDX-License-Identifier: BSL-1.0
#include "machine/license_walk.hpp"

namespace tool {

using reinstate::errc;
using reinstate::error_code;

error_code explained(const error_code& ec) {
  return ec == errc::needs_individualization ? error_code(errc::store_of_another_machine) : ec;
}

reinstate::result<void> for_each_license(reinstate::license_store& store, const license_visitor& visit) {
  auto cursor = store.open_cursor();
  if (!cursor) return explained(cursor.error());
  while (true) {
    const auto next = (*cursor)->next();
    if (!next) return explained(next.error());
    if (!*next) return {};
    if (const auto visited = visit(**next, **cursor); !visited) return explained(visited.error());
  }
}

}  // namespace tool
