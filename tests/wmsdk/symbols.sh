#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# symbols.sh exports LIBRARY | symbols.sh imports LIBRARY
# What the library offers, and what it takes from others, is exactly what it should be.
set -euo pipefail
what=$1 library=$2

# symbols <option of nm>: the names, without the version a linker adds after @.
symbols() {
  nm --dynamic --format=posix "$1" "$library" | awk '$2 != "A" { sub(/@.*/, "", $1); print $1 }' | LC_ALL=C sort -u
}

case $what in
  exports)
    diff <(printf '%s\n' WMCreateBackupRestorer reinstate_configure_wmsdk) <(symbols --defined-only) ||
      { echo "The exports (>) of $library differ from what they should be (<)." >&2; exit 1; }
    ;;
  imports)
    imported=$(symbols --undefined-only)
    [ -n "$imported" ] || { echo "No imports of $library are seen." >&2; exit 1; }
    if grep -Ex 'f?exec[lv]?[ep]*(at)?|v?fork|_Fork|clone3?|posix_spawnp?|system|popen|wordexp' <<<"$imported"; then
      echo "$library can start programs." >&2
      exit 1
    fi
    ;;
  *) echo "usage: symbols.sh exports LIBRARY | symbols.sh imports LIBRARY" >&2; exit 2 ;;
esac
