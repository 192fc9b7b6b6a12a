// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_GUARDED_PLUGINS_HPP
#define REINSTATE_ENGINE_OPERATION_GUARDED_PLUGINS_HPP

#include <reinstate/backup_restorer.hpp>

namespace reinstate::engine {

// Returns the configuration with plug-ins that report an exception as an error of theirs: medium_failed of the medium,
// identity_damaged or individualization_failed of the identity, passphrase_required of the passphrase source,
// service_unavailable of the service, service_contact_refused of the consent. Only std::bad_alloc passes. The store
// stays as it is: an operation takes every other exception for one of the store.
backup_restorer_config guarded_plugins(backup_restorer_config config);

}  // namespace reinstate::engine

#endif
