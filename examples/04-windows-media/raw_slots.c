/* SPDX-License-Identifier: BSL-1.0
 * Uses the Backup Restorer object through its binary interface, without its header and without C++:
 *
 *     raw_slots backup FOLDER
 *     raw_slots restore FOLDER      (a full path)
 *
 * An object is a pointer to a pointer to a table of functions. A function is known by its number in the table, and its
 * first argument is the object. Another language needs to know no more. */
#include "utf16.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*slot)(void); /* any function; C does not convert function pointers to data pointers */
typedef const slot* const* object;

typedef struct guid {
  uint32_t first;
  uint16_t second, third;
  uint8_t rest[8];
} guid;

static const guid iunknown = {0, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};
static const guid status_callback = {0x6D7CDC70, 0x9888, 0x11D3, {0x8E, 0xDC, 0x00, 0xC0, 0x4F, 0x61, 0x09, 0xCF}};
static const guid license_restore = {0xC70B6334, 0xA22E, 0x4EFB, {0xA2, 0x45, 0x15, 0xE6, 0x5A, 0x00, 0x4A, 0x13}};
static const guid backup_restore_props = {0x3C8E0DA6, 0x996F, 0x4FF3, {0xA1, 0xAF, 0x48, 0x38, 0xF9, 0x37, 0x7E, 0x2E}};

/* Results are 32-bit numbers, negative for a failure. */
enum { ok = 0, nothing_to_do = 1 };
enum { backup_overwrite = 1, restore_individualize = 2 };
enum { type_dword = 0, type_string = 1 };
enum { status_end = 27 };
#define NO_INTERFACE ((int32_t)0x80004002)
#define NOT_IMPLEMENTED ((int32_t)0x80004001)
#define UNEXPECTED ((int32_t)0x8000FFFF)

/* The only exported name that is used. The new object has the interface of the backup: slots 3 and 4. */
extern int32_t WMCreateBackupRestorer(object callback, object* restorer);

/* Slots 0 to 2 are the same in every table. */
static int32_t query(object it, const guid* id, object* found) {
  return ((int32_t(*)(object, const guid*, object*))(*it)[0])(it, id, found);
}
static uint32_t add_reference(object it) {
  return ((uint32_t(*)(object))(*it)[1])(it);
}
static uint32_t release(object it) {
  return ((uint32_t(*)(object))(*it)[2])(it);
}

/* Slot 3 of the backup, and slot 3 of the restore, start; slot 4 cancels. */
static int32_t start(object it, uint32_t flags, object callback) {
  return ((int32_t(*)(object, uint32_t, object))(*it)[3])(it, flags, callback);
}
static int32_t cancel(object it) {
  return ((int32_t(*)(object))(*it)[4])(it);
}

/* The properties: three slots to read, which are not implemented, then to set, to remove, and to remove all. */
static int32_t count_properties(object it, uint16_t* count) {
  return ((int32_t(*)(object, uint16_t*))(*it)[3])(it, count);
}
static int32_t property_at(object it, uint16_t index, uint16_t* name, uint16_t* name_length, int32_t* type,
                           uint8_t* value, uint16_t* size) {
  return ((int32_t(*)(object, uint16_t, uint16_t*, uint16_t*, int32_t*, uint8_t*, uint16_t*))(*it)[4])(
      it, index, name, name_length, type, value, size);
}
static int32_t property_named(object it, const uint16_t* name, int32_t* type, uint8_t* value, uint16_t* size) {
  return ((int32_t(*)(object, const uint16_t*, int32_t*, uint8_t*, uint16_t*))(*it)[5])(it, name, type, value, size);
}
static int32_t set_property(object it, const uint16_t* name, int32_t type, const uint8_t* value, uint16_t size) {
  return ((int32_t(*)(object, const uint16_t*, int32_t, const uint8_t*, uint16_t))(*it)[6])(it, name, type, value,
                                                                                            size);
}
static int32_t remove_property(object it, const uint16_t* name) {
  return ((int32_t(*)(object, const uint16_t*))(*it)[7])(it, name);
}
static int32_t remove_properties(object it) {
  return ((int32_t(*)(object))(*it)[8])(it);
}

/* An object of our own: its first member is the pointer to its table, the rest is nobody else's business. */
typedef struct callback {
  const slot* slots;
  atomic_uint references;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  bool ended;
  int32_t result;
} callback;

static uint32_t callback_add_reference(callback* self) {
  return atomic_fetch_add(&self->references, 1) + 1;
}

static int32_t callback_query(callback* self, const guid* id, void** found) {
  const bool known = memcmp(id, &iunknown, sizeof *id) == 0 || memcmp(id, &status_callback, sizeof *id) == 0;
  *found = known ? self : NULL;
  if (!known) return NO_INTERFACE;
  callback_add_reference(self);
  return ok;
}

static uint32_t callback_release(callback* self) {
  const uint32_t left = atomic_fetch_sub(&self->references, 1) - 1;
  if (left == 0) {
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->mutex);
    free(self);
  }
  return left;
}

static void print_value(int32_t type, const uint8_t* value) {
  uint32_t number = 0;
  if (type == type_dword) {
    memcpy(&number, value, sizeof number);
    printf(" DWORD %u", (unsigned)number);
  } else if (type == type_string) {
    printf(" STRING ");
    for (const uint16_t* at = (const uint16_t*)(const void*)value; *at != 0; ++at) putchar(*at);
  } else {
    printf(" type %d", (int)type);
  }
}

static int32_t callback_on_status(callback* self, int32_t status, int32_t result, int32_t type, uint8_t* value,
                                  void* context) {
  (void)context;
  printf("%d 0x%08X", (int)status, (unsigned)result);
  print_value(type, value);
  putchar('\n');
  if (status == status_end) {
    pthread_mutex_lock(&self->mutex);
    self->result = result;
    self->ended = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->mutex);
  }
  return ok;
}

static const slot callback_slots[4] = {(slot)callback_query, (slot)callback_add_reference, (slot)callback_release,
                                       (slot)callback_on_status};

static callback* make_callback(void) {
  callback* made = malloc(sizeof *made);
  if (made == NULL) abort();
  made->slots = callback_slots;
  atomic_init(&made->references, 1);
  pthread_mutex_init(&made->mutex, NULL);
  pthread_cond_init(&made->changed, NULL);
  made->ended = false;
  made->result = UNEXPECTED;
  return made;
}

/* Waits for the end of the operation and returns its result. */
static int32_t wait_for(callback* listening) {
  pthread_mutex_lock(&listening->mutex);
  while (!listening->ended) pthread_cond_wait(&listening->changed, &listening->mutex);
  const int32_t result = listening->result;
  pthread_mutex_unlock(&listening->mutex);
  return result;
}

/* Every slot of the properties. The last three leave the path as the only property. */
static int32_t set_path(object restorer, const uint16_t* name, const char* folder) {
  object props = NULL;
  uint16_t value[4096], count = 0, length = 0, size = 0;
  int32_t type = 0;
  const size_t bytes = to_utf16(folder, value, sizeof value / sizeof *value);
  if (bytes == 0) return UNEXPECTED;
  int32_t result = query(restorer, &backup_restore_props, &props);
  if (result < 0) return result;
  if (count_properties(props, &count) != NOT_IMPLEMENTED ||
      property_at(props, 0, NULL, &length, &type, NULL, &size) != NOT_IMPLEMENTED ||
      property_named(props, name, &type, NULL, &size) != NOT_IMPLEMENTED)
    result = UNEXPECTED;
  const uint8_t* const text = (const uint8_t*)value;
  if (result >= 0) result = set_property(props, name, type_string, text, (uint16_t)bytes);
  if (result >= 0) result = remove_property(props, name);
  if (result >= 0) result = remove_properties(props);
  if (result >= 0) result = set_property(props, name, type_string, text, (uint16_t)bytes);
  release(props);
  return result;
}

/* In C a literal of type char16_t, or of a wchar_t of 16 bits, is an array of uint16_t. */
#if WCHAR_MAX <= 0xFFFF
#define WIDE(literal) L##literal
#else
#define WIDE(literal) u##literal
#endif

/* Starts an operation and waits for its end. */
static int32_t carry_out(object operation, uint32_t flags, callback* listening) {
  if (cancel(operation) != nothing_to_do) return UNEXPECTED; /* nothing runs yet */
  const int32_t result = start(operation, flags, &listening->slots);
  return result < 0 ? result : wait_for(listening);
}

static int32_t back_up(object restorer, const char* folder, callback* listening) {
  const int32_t result = set_path(restorer, WIDE("BackupPath"), folder);
  return result < 0 ? result : carry_out(restorer, backup_overwrite, listening);
}

static int32_t restore(object restorer, const char* folder, callback* listening) {
  object restoring = NULL;
  int32_t result = query(restorer, &license_restore, &restoring);
  if (result < 0) return result;
  result = set_path(restoring, WIDE("RestorePath"), folder);
  if (result >= 0) result = carry_out(restoring, restore_individualize, listening);
  release(restoring);
  return result;
}

int main(int argc, char** argv) {
  const bool is_backup = argc == 3 && strcmp(argv[1], "backup") == 0;
  if (!is_backup && (argc != 3 || strcmp(argv[1], "restore") != 0)) {
    fputs("usage: raw_slots backup|restore FOLDER\n", stderr);
    return 2;
  }
  callback* const listening = make_callback();
  object restorer = NULL;
  int32_t result = WMCreateBackupRestorer(&listening->slots, &restorer);
  if (result >= 0) {
    result = is_backup ? back_up(restorer, argv[2], listening) : restore(restorer, argv[2], listening);
    if (add_reference(restorer) < 2 || release(restorer) == 0) result = UNEXPECTED; /* we have one already */
    release(restorer);
  }
  callback_release(listening);
  if (result != ok) fprintf(stderr, "%s failed: 0x%08X\n", argv[1], (unsigned)result);
  return result == ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
