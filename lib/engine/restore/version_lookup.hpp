// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_VERSION_LOOKUP_HPP
#define REINSTATE_ENGINE_RESTORE_VERSION_LOOKUP_HPP

#include "core/failure.hpp"

#include <reinstate/license_store.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace reinstate::engine {

// Returns the version of a license that the store holds, or nullopt if it holds none. Called in ascending order of id;
// an id may come again. Errors: those of the store.
using version_lookup = std::function<result<std::optional<license_version>>(const license_id&)>;

// Looks up in a store that holds nothing.
version_lookup empty_store_lookup();

// Looks up in an open batch, which also keeps other writers out. Lifetime: the batch must outlive the lookup.
version_lookup batch_lookup(write_batch& batch);

// Walks a store side by side with the lookups, without changing it.
// Lifetime: the store of the cursor must outlive the lookup.
version_lookup cursor_lookup(std::unique_ptr<license_cursor> cursor);

}  // namespace reinstate::engine

#endif
