// SPDX-License-Identifier: BSL-1.0
#include "store/store_error.hpp"

namespace reinstate::store {

errc errc_of(sqlite::error error) noexcept {
  switch (error) {
    case sqlite::error::busy: return errc::store_busy;
    case sqlite::error::full: return errc::store_full;
    case sqlite::error::damaged: return errc::store_damaged;
    case sqlite::error::version_unsupported: return errc::store_version_unsupported;
    case sqlite::error::folder_not_found: return errc::path_not_found;
    case sqlite::error::not_accessible: return errc::store_not_accessible;
    case sqlite::error::too_large: return errc::license_too_large;
    case sqlite::error::out_of_memory: return errc::out_of_memory;
    case sqlite::error::failed: break;
  }
  return errc::store_failed;
}

}  // namespace reinstate::store
