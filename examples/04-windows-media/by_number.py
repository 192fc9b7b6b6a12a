#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Uses the Backup Restorer object from Python, by the numbers of its functions:

    by_number.py LIBRARY backup FOLDER
    by_number.py LIBRARY restore FOLDER

An object is a pointer to a pointer to a table of functions, each of which gets the object as its first argument.
"""
import ctypes
import os
import sys
import threading
import uuid
from ctypes import POINTER, c_int32, c_uint16, c_uint32, c_void_p

IUNKNOWN = uuid.UUID("00000000-0000-0000-C000-000000000046")
STATUS_CALLBACK = uuid.UUID("6D7CDC70-9888-11D3-8EDC-00C04F6109CF")
LICENSE_RESTORE = uuid.UUID("C70B6334-A22E-4EFB-A245-15E65A004A13")
BACKUP_RESTORE_PROPS = uuid.UUID("3C8E0DA6-996F-4FF3-A1AF-4838F9377E2E")

QUERY_INTERFACE, ADD_REF, RELEASE = 0, 1, 2  # in every table
START = 3  # in the tables of the backup and of the restore
SET_PROP = 6  # in the table of the properties

BACKUP_OVERWRITE, RESTORE_INDIVIDUALIZE = 1, 2
TYPE_DWORD, TYPE_STRING = 0, 1
STATUS_END = 27
OK, NO_INTERFACE = 0, -0x7FFFBFFE  # 0x80004002 as a signed number

UTF16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


def call(this, number, *arguments, types=(), returns=c_int32):
    """Calls the function of that number in the object's table."""
    table = ctypes.cast(this, POINTER(POINTER(c_void_p))).contents
    function = ctypes.CFUNCTYPE(returns, c_void_p, *types)(table[number])
    return function(this, *arguments)


def check(result):
    """Raises OSError if the result is negative, which is a failure."""
    if result < 0:
        raise OSError(f"failed: 0x{result & 0xFFFFFFFF:08X}")


def guid_bytes(guid):
    """Returns a GUID as it is in memory: the first three numbers are in the machine's byte order."""
    return guid.bytes_le if sys.byteorder == "little" else guid.bytes


def query(this, guid):
    """Returns another interface of the same object."""
    found = c_void_p()
    types = (ctypes.c_char_p, POINTER(c_void_p))
    check(call(this, QUERY_INTERFACE, guid_bytes(guid), ctypes.byref(found), types=types))
    return found


def release(this):
    call(this, RELEASE, returns=c_uint32)


def utf16(text):
    """Returns the text as UTF-16 with its terminating zero."""
    return (text + "\0").encode(UTF16)


def value_text(kind, value):
    """Formats the value of an event by its type."""
    if kind == TYPE_DWORD:
        return f"DWORD {c_uint32.from_address(value).value}"
    if kind != TYPE_STRING:
        return f"type {kind}"
    units = ctypes.cast(value, POINTER(c_uint16))
    length = next(i for i in range(65536) if units[i] == 0)
    return "STRING " + ctypes.string_at(value, 2 * length).decode(UTF16)


class Callback:
    """A callback object made in Python, whose functions the library calls on its own threads."""

    def __init__(self):
        self._changed = threading.Condition()
        self._references = 0
        self._result = None
        # The library keeps only addresses of these objects, so references are held here.
        self._functions = (
            ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, POINTER(c_void_p))(self._query_interface),
            ctypes.CFUNCTYPE(c_uint32, c_void_p)(lambda this: self._count(1)),
            ctypes.CFUNCTYPE(c_uint32, c_void_p)(lambda this: self._count(-1)),
            ctypes.CFUNCTYPE(c_int32, c_void_p, c_int32, c_int32, c_int32, c_void_p, c_void_p)(self._on_status),
        )
        self._table = (c_void_p * 4)(*(ctypes.cast(f, c_void_p) for f in self._functions))
        self._object = c_void_p(ctypes.addressof(self._table))
        self.address = c_void_p(ctypes.addressof(self._object))

    def wait_for_end(self):
        """Waits for the end of the operation and returns its result."""
        with self._changed:
            self._changed.wait_for(lambda: self._result is not None)
            return self._result

    def wait_until_unused(self):
        """Waits until the library has released its references, which it does on its own threads."""
        with self._changed:
            self._changed.wait_for(lambda: self._references == 0)

    def _count(self, change):
        with self._changed:
            self._references += change
            self._changed.notify_all()
            return self._references

    def _query_interface(self, this, guid, found):
        known = ctypes.string_at(guid, 16) in (guid_bytes(IUNKNOWN), guid_bytes(STATUS_CALLBACK))
        found[0] = this if known else None
        if not known:
            return NO_INTERFACE
        self._count(1)
        return OK

    def _on_status(self, this, status, result, kind, value, context):
        print(f"{status} 0x{result & 0xFFFFFFFF:08X} {value_text(kind, value)}", flush=True)
        if status == STATUS_END:
            with self._changed:
                self._result = result
                self._changed.notify_all()
        return OK


def set_path(restorer, name, folder):
    """Sets a path property, whose length is counted in bytes."""
    props = query(restorer, BACKUP_RESTORE_PROPS)
    value = utf16(os.path.abspath(folder))
    types = (ctypes.c_char_p, c_int32, ctypes.c_char_p, c_uint16)
    result = call(props, SET_PROP, utf16(name), TYPE_STRING, value, len(value), types=types)
    release(props)
    check(result)


def start(operation, flags, callback):
    check(call(operation, START, flags, callback.address, types=(c_uint32, c_void_p)))


def back_up(restorer, folder, callback):
    set_path(restorer, "BackupPath", folder)
    start(restorer, BACKUP_OVERWRITE, callback)
    return callback.wait_for_end()


def restore(restorer, folder, callback):
    set_path(restorer, "RestorePath", folder)
    restoring = query(restorer, LICENSE_RESTORE)
    try:
        start(restoring, RESTORE_INDIVIDUALIZE, callback)
        return callback.wait_for_end()
    finally:
        release(restoring)


def main():
    if len(sys.argv) != 4 or sys.argv[2] not in ("backup", "restore"):
        sys.exit("usage: by_number.py LIBRARY backup|restore FOLDER")
    library = ctypes.CDLL(os.path.abspath(sys.argv[1]))
    create = library.WMCreateBackupRestorer
    create.argtypes, create.restype = (c_void_p, POINTER(c_void_p)), c_int32

    callback, restorer = Callback(), c_void_p()
    check(create(callback.address, ctypes.byref(restorer)))
    try:
        result = (back_up if sys.argv[2] == "backup" else restore)(restorer, sys.argv[3], callback)
    finally:
        release(restorer)
        callback.wait_until_unused()
    check(result)
    return 0 if result == OK else 1


if __name__ == "__main__":
    try:
        code = main()
    except OSError as error:
        print(error, file=sys.stderr, flush=True)
        code = 1
    # A thread of the library may still be returning from a function above, and Python kills such threads while it shuts
    # down. So this ends the process without shutting Python down.
    sys.stdout.flush()
    os._exit(code)
