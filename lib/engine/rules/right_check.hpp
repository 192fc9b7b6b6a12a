// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RULES_RIGHT_CHECK_HPP
#define REINSTATE_ENGINE_RULES_RIGHT_CHECK_HPP

#include <reinstate/backup_restorer.hpp>

namespace reinstate::engine {

// Returns the reason why the right of a license forbids it to leave its machine or to come to another one, or success
// if it may. A managed license needs a service in the configuration. [C58, C107]
inline error_code refusal_by_right(const license_record& item, const backup_restorer_config& config) noexcept {
  switch (item.backup) {
    case backup_right::granted: return {};
    case backup_right::managed: return config.service ? error_code() : make_error_code(errc::service_required);
    case backup_right::denied: break;
  }
  return errc::backup_right_absent;
}

}  // namespace reinstate::engine

#endif
