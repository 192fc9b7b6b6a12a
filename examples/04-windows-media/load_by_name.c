/* SPDX-License-Identifier: BSL-1.0
 * Loads the Backup Restorer at run time, configures it, and moves the licenses of one machine to another:
 *
 *     load_by_name LIBRARY MACHINE_ONE MACHINE_TWO BACKUP
 *
 * The machines are folders with a licenses.db and a machine.key; all arguments are full paths. */
#include "utf16.h"

#include <reinstate_wmsdk.h>
#include <wmsdk.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The functions that the player looks up in the library. */
typedef struct functions {
  HRESULT(STDMETHODCALLTYPE* create)(IUnknown* callback, IWMLicenseBackup** restorer);
  HRESULT(STDMETHODCALLTYPE* configure)(const reinstate_wmsdk_config* config);
} functions;

/* Returns false if the library lacks one of the names. C does not convert a data pointer to a function pointer, so the
 * bytes are copied, as POSIX permits. */
static bool look_up(void* library, functions* found) {
  void* const create = dlsym(library, "WMCreateBackupRestorer");
  void* const configure = dlsym(library, "reinstate_configure_wmsdk");
  memcpy(&found->create, &create, sizeof create);
  memcpy(&found->configure, &configure, sizeof configure);
  return create != NULL && configure != NULL;
}

/* The callback: an IWMStatusCallback, followed by the state of the operation. */
typedef struct listener {
  IWMStatusCallback callback;
  atomic_uint references;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  bool ended;
  HRESULT result;
} listener;

static ULONG STDMETHODCALLTYPE add_reference(IWMStatusCallback* This) {
  return atomic_fetch_add(&((listener*)This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE release(IWMStatusCallback* This) {
  listener* const self = (listener*)This;
  const ULONG left = atomic_fetch_sub(&self->references, 1) - 1;
  if (left == 0) {
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->mutex);
    free(self);
  }
  return left;
}

static HRESULT STDMETHODCALLTYPE query_interface(IWMStatusCallback* This, REFIID riid, void** ppvObject) {
  const bool known = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IWMStatusCallback);
  *ppvObject = known ? This : NULL;
  if (!known) return E_NOINTERFACE;
  add_reference(This);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE on_status(IWMStatusCallback* This, WMT_STATUS Status, HRESULT hr,
                                           WMT_ATTR_DATATYPE dwType, BYTE* pValue, void* pvContext) {
  listener* const self = (listener*)This;
  (void)dwType;
  (void)pValue;
  (void)pvContext;
  printf("%d 0x%08X\n", (int)Status, (unsigned)hr);
  if (Status == WMT_BACKUPRESTORE_END) {
    pthread_mutex_lock(&self->mutex);
    self->result = hr;
    self->ended = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->mutex);
  }
  return S_OK;
}

static const IWMStatusCallbackVtbl listener_functions = {query_interface, add_reference, release, on_status};

static listener* make_listener(void) {
  listener* const made = malloc(sizeof *made);
  if (made == NULL) abort();
  made->callback.lpVtbl = &listener_functions;
  atomic_init(&made->references, 1);
  pthread_mutex_init(&made->mutex, NULL);
  pthread_cond_init(&made->changed, NULL);
  made->ended = false;
  made->result = E_UNEXPECTED;
  return made;
}

/* Waits for the end of the operation and returns its result. */
static HRESULT wait_for(listener* listening) {
  pthread_mutex_lock(&listening->mutex);
  while (!listening->ended) pthread_cond_wait(&listening->changed, &listening->mutex);
  const HRESULT result = listening->result;
  pthread_mutex_unlock(&listening->mutex);
  return result;
}

/* Returns the passphrase for a new backup, and later to open it on the other machine. A real player asks its user. */
static HRESULT give_passphrase(void* context, uint32_t purpose, char* buffer, size_t capacity, size_t* size) {
  const char* const passphrase = context;
  const size_t length = strlen(passphrase);
  if (length > capacity) return E_UNEXPECTED;
  printf("passphrase to %s\n", purpose == REINSTATE_PASSPHRASE_PROTECT ? "protect" : "open");
  memcpy(buffer, passphrase, length);
  *size = length;
  return S_OK;
}

/* Configures the machine of all objects made after this call. The library copies the paths. */
static HRESULT configure_machine(const functions* library, const char* machine, char* passphrase) {
  char store[4096], identity[4096];
  if (strlen(machine) > sizeof store - sizeof "/licenses.db") return E_INVALIDARG;
  snprintf(store, sizeof store, "%s/licenses.db", machine);
  snprintf(identity, sizeof identity, "%s/machine.key", machine);
  reinstate_wmsdk_config config = {0};
  config.size = sizeof config;
  config.store_path = store;
  config.identity_path = identity;
  config.recovery_key = REINSTATE_RECOVERY_KEY_PASSPHRASE;
  config.passphrase = give_passphrase;
  config.passphrase_context = passphrase;
  return library->configure(&config);
}

static HRESULT set_path(IWMLicenseBackup* restorer, const WCHAR* name, const char* folder) {
  WCHAR value[4096];
  const size_t size = to_utf16(folder, value, sizeof value / sizeof *value);
  if (size == 0) return E_INVALIDARG;
  void* found = NULL;
  HRESULT hr = restorer->lpVtbl->QueryInterface(restorer, &IID_IWMBackupRestoreProps, &found);
  if (FAILED(hr)) return hr;
  IWMBackupRestoreProps* const props = found;
  hr = props->lpVtbl->SetProp(props, name, WMT_TYPE_STRING, (const BYTE*)value, (WORD)size);
  props->lpVtbl->Release(props);
  return hr;
}

static HRESULT back_up(IWMLicenseBackup* restorer, const char* folder, listener* listening) {
  HRESULT hr = set_path(restorer, REINSTATE_WMSDK_TEXT("BackupPath"), folder);
  if (SUCCEEDED(hr)) hr = restorer->lpVtbl->BackupLicenses(restorer, WM_BACKUP_OVERWRITE, &listening->callback);
  return FAILED(hr) ? hr : wait_for(listening);
}

static HRESULT restore(IWMLicenseBackup* restorer, const char* folder, listener* listening) {
  void* found = NULL;
  HRESULT hr = set_path(restorer, REINSTATE_WMSDK_TEXT("RestorePath"), folder);
  if (SUCCEEDED(hr)) hr = restorer->lpVtbl->QueryInterface(restorer, &IID_IWMLicenseRestore, &found);
  if (FAILED(hr)) return hr;
  IWMLicenseRestore* const restoring = found;
  hr = restoring->lpVtbl->RestoreLicenses(restoring, WM_RESTORE_INDIVIDUALIZE, &listening->callback);
  if (SUCCEEDED(hr)) hr = wait_for(listening);
  restoring->lpVtbl->Release(restoring);
  return hr;
}

typedef HRESULT (*operation)(IWMLicenseBackup* restorer, const char* folder, listener* listening);

/* Runs one operation on one machine, with a new object and a new callback. */
static HRESULT carry_out(const functions* library, operation run, const char* machine, const char* folder) {
  char passphrase[] = "correct horse battery staple";
  IWMLicenseBackup* restorer = NULL;
  HRESULT hr = configure_machine(library, machine, passphrase);
  if (FAILED(hr)) return hr;
  listener* const listening = make_listener();
  hr = library->create((IUnknown*)&listening->callback, &restorer);
  if (SUCCEEDED(hr)) {
    hr = run(restorer, folder, listening);
    restorer->lpVtbl->Release(restorer);
  }
  release(&listening->callback);
  return hr;
}

static HRESULT move_licenses(const functions* library, char** paths) {
  const HRESULT hr = carry_out(library, back_up, paths[0], paths[2]);
  return hr != S_OK ? hr : carry_out(library, restore, paths[1], paths[2]);
}

int main(int argc, char** argv) {
  if (argc != 5) {
    fputs("usage: load_by_name LIBRARY MACHINE_ONE MACHINE_TWO BACKUP\n", stderr);
    return 2;
  }
  functions found;
  void* const library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL || !look_up(library, &found)) {
    fprintf(stderr, "%s is not the library: %s\n", argv[1], library == NULL ? dlerror() : "names are missing");
    return 3;
  }
  const HRESULT hr = move_licenses(&found, argv + 2);
  if (dlclose(library) != 0) return 3;
  if (hr != S_OK) fprintf(stderr, "failed: 0x%08X\n", (unsigned)hr);
  return hr == S_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
