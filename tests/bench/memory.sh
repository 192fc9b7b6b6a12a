#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# memory.sh TOOL MAKE_STORE [COUNT] [SIZE] [LIMIT_MIB]
# Backs up COUNT licenses of SIZE bytes and restores them on another machine with the passphrase, and fails where either
# takes more memory than the limit. Prints the figures; time is printed and never judged.
set -euo pipefail
tool=$1 make_store=$2 count=${3:-100000} size=${4:-2048} limit=${5:-128}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/stick"
echo "a passphrase for measurements" >"$place/passphrase"

# measure NAME COMMAND...
measure() {
  local name=$1
  shift
  /usr/bin/time -f '%M %e' -o "$place/figures" "$@" >"$place/output"
  read -r kib seconds <"$place/figures"
  printf '%-8s %s licenses of %s bytes: %4d MiB, %5.2f s\n' "$name" "$count" "$size" $((kib / 1024)) "$seconds"
  [ $((kib / 1024)) -lt "$limit" ] || { echo "more than $limit MiB" >&2; exit 1; }
}

"$make_store" "$place/a" "$count" "$size"
measure backup "$tool" --home "$place/a" backup "$place/stick" --passphrase-file "$place/passphrase"
measure verify "$tool" --home "$place/a" verify "$place/stick"
measure restore "$tool" --home "$place/b" restore "$place/stick" --individualize --passphrase-file "$place/passphrase"
measure again "$tool" --home "$place/a" backup "$place/stick" --overwrite
