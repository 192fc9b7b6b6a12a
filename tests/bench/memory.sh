#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# memory.sh TOOL REINSTATE_BENCH [COUNT] [LIMIT_MIB]
# Backs up COUNT licenses, updates the backup after 1 % of them have changed, and restores them on another
# machine with the passphrase. Fails where anything takes more memory than the limit, or the update writes 2 % of the
# bytes or more. Prints the figures; time is printed and never judged.
set -euo pipefail
tool=$1 bench=$2 count=${3:-100000} limit=${4:-128}
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
  printf '%-8s %s licenses: %4d MiB, %5.2f s\n' "$name" "$count" $((kib / 1024)) "$seconds"
  [ $((kib / 1024)) -lt "$limit" ] || { echo "more than $limit MiB" >&2; exit 1; }
}

"$bench" fill "$place/a" "$count"
measure backup "$tool" --home "$place/a" backup "$place/stick" --passphrase-file "$place/passphrase"
"$bench" change "$place/a" "$count" 100
measure update "$tool" --home "$place/a" backup "$place/stick" --update
first=$(du -sb "$place/stick/000001" | cut -f1) second=$(du -sb "$place/stick/000002" | cut -f1)
echo "update   $second of $first bytes"
[ $((100 * second)) -lt $((2 * first)) ] || { echo "not less than 2 %" >&2; exit 1; }
measure health "$tool" --home "$place/a" health "$place/stick"
measure verify "$tool" --home "$place/a" verify "$place/stick"
measure restore "$tool" --home "$place/b" restore "$place/stick" --individualize --passphrase-file "$place/passphrase"
measure again "$tool" --home "$place/a" backup "$place/stick" --overwrite
