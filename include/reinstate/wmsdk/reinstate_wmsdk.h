/* SPDX-License-Identifier: BSL-1.0 */
#ifndef REINSTATE_WMSDK_CONFIG_H
#define REINSTATE_WMSDK_CONFIG_H

/* Configuration for applications that use only the original calls: one function, for C and C++.
 *
 * With nothing configured, licenses and machine identity are `licenses.db` and `machine.key` in the user's data folder
 * (on Linux $XDG_DATA_HOME/reinstate or ~/.local/share/reinstate), each object has two threads of its own, and the
 * recovery key is readable on the medium: as with the original, read access to the folder is enough to restore. */

#include "wmsdk.h"

#include <stddef.h>
#include <stdint.h>

/* How the recovery key of a new backup set is stored on the medium, which decides what opens the backup on another
 * machine. A property `Passphrase` of an object takes precedence. */
enum {
  REINSTATE_RECOVERY_KEY_READABLE = 0,   /* in the clear: the folder is all that is needed */
  REINSTATE_RECOVERY_KEY_PASSPHRASE = 1, /* encrypted with a passphrase, obtained from `passphrase` */
  REINSTATE_RECOVERY_KEY_RECIPIENT = 2   /* encrypted to `recipient`, an age public key */
};

/* The purpose that a passphrase is requested for. */
enum {
  REINSTATE_PASSPHRASE_PROTECT = 0, /* a new backup set: this passphrase will open it on any machine */
  REINSTATE_PASSPHRASE_OPEN = 1,    /* a backup that this machine cannot open by itself */
  REINSTATE_PASSPHRASE_IDENTITY = 2 /* a backup encrypted to an age recipient: the text AGE-SECRET-KEY-1... */
};

/* Writes a passphrase in UTF-8, without a terminator, to `buffer` and its size in bytes to *size; at most `capacity`
 * bytes. Called on a thread of the library, and may block. A failure HRESULT ends the operation with that code. The
 * buffer is wiped after use. */
typedef HRESULT (*reinstate_passphrase_function)(void* context, uint32_t purpose, char* buffer, size_t capacity,
                                                 size_t* size);

/* Calls `task(argument)` once, later, never from inside this function, on any thread, such as from an application's
 * message loop. Must run every task, even while the application shuts down. */
typedef void (*reinstate_task)(void* argument);
typedef void (*reinstate_post_function)(void* context, reinstate_task task, void* argument);

/* The configuration. Zero or null selects the default. Texts are UTF-8 and are copied; contexts must stay valid while
 * objects made under this configuration, or their operations, exist. */
typedef struct reinstate_wmsdk_config {
  size_t size;               /* sizeof(reinstate_wmsdk_config) */
  const char* store_path;    /* the license database, a full path; created if it does not exist */
  const char* identity_path; /* the machine identity, a full path; created only when a restore may individualize */
  uint32_t recovery_key;     /* REINSTATE_RECOVERY_KEY_... */
  const char* recipient;     /* age1...: required with REINSTATE_RECOVERY_KEY_RECIPIENT */
  reinstate_passphrase_function passphrase;
  void* passphrase_context;
  reinstate_post_function post; /* delivers events; null: on a thread of the object */
  void* post_context;
} reinstate_wmsdk_config;

/* Configures the objects that WMCreateBackupRestorer creates from now on, in the whole process; null restores the
 * defaults. May be called from any thread.
 * Errors, which change nothing: E_INVALIDARG for another size, an unknown recovery key, a path that is not absolute, a
 * missing or invalid recipient, a missing passphrase function; E_OUTOFMEMORY. */
EXTERN_C HRESULT STDMETHODCALLTYPE reinstate_configure_wmsdk(const reinstate_wmsdk_config* config);

#endif
