// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_KEYRING_PRIVATE_SERVICE_HPP
#define REINSTATE_KEYRING_PRIVATE_SERVICE_HPP

#include "keyring/glib.hpp"

namespace reinstate::glib {

// Opens the key store on a session bus, over the given connection to that bus. Returns null if the time limit is over.
//
// Not the service that libsecret shares within a process: that one uses the connection that GLib shares, which ends the
// process when the bus goes away, and stays with the first bus. The shared service also does not report that the user
// closed the password prompt (libsecret 0.21): here that is an error.
owned<SecretService> open_service(limited_calls& calls, GDBusConnection* connection);

}  // namespace reinstate::glib

#endif
