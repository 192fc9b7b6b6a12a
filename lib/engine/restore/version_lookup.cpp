// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/version_lookup.hpp"

#include <utility>

namespace reinstate::engine {
namespace {

// The cursor, and the license it gave last.
struct walked_store {
  std::unique_ptr<license_cursor> cursor;  // null once it has given every license
  std::optional<license_record> current;

  result<void> advance_to(const license_id& id) {
    while (cursor && (!current || current->id < id)) {
      const auto item = cursor->next();
      if (!item) return item.error();
      current = *item;
      if (!current) cursor.reset();
    }
    return {};
  }
};

}  // namespace

version_lookup empty_store_lookup() {
  return [](const license_id&) { return std::optional<license_version>(); };
}

version_lookup batch_lookup(write_batch& batch) {
  return [&batch](const license_id& id) -> result<std::optional<license_version>> {
    const auto version = batch.find(id);
    if (!version) return version.error();
    return *version;
  };
}

version_lookup cursor_lookup(std::unique_ptr<license_cursor> cursor) {
  const auto store = std::make_shared<walked_store>(walked_store{std::move(cursor), {}});
  return [store](const license_id& id) -> result<std::optional<license_version>> {
    if (const auto advanced = store->advance_to(id); !advanced) return advanced.error();
    if (!store->current || store->current->id != id) return std::optional<license_version>();
    return std::optional(license_version{store->current->revision, store->current->state});
  };
}

}  // namespace reinstate::engine
