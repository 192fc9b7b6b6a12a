#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# media.sh TOOL: backups to media that are full, read-only or forbidden, and a restore to a disk that is full, with real
# file systems. Needs to mount; exits 77 (skipped) where that is not permitted.
set -euo pipefail
tool=$(realpath "$1")
place=$(mktemp -d)
mounted=()
clean() {
  for folder in "${mounted[@]}"; do umount "$folder" || true; done
  rm -rf "$place"
}
trap clean EXIT
cd "$place"

mount_tmpfs() {  # mount_tmpfs FOLDER SIZE
  mkdir -p "$1"
  mount -t tmpfs -o "size=$2" tmpfs "$1" 2>/dev/null || { echo "skipped: mounting is not permitted here"; exit 77; }
  mounted+=("$1")
}

# expect ERROR COMMAND...: the tool must fail with this error.
expect() {
  local wanted=$1 output
  shift
  if output=$("$tool" --json "$@" 2>/dev/null </dev/null | tail -n 1); then echo "no failure: $*" >&2; exit 1; fi
  [[ $output == *"\"name\":\"$wanted\""* ]] || { echo "expected $wanted from $*: $output" >&2; exit 1; }
  echo "ok: $wanted"
}

keys() {  # keys COUNT: a key set of random keys
  local random
  printf '{"keys":['
  for ((i = 1; i <= $1; ++i)); do
    random=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')
    printf '%s{"kty":"oct","k":"%s","kid":"%s"}' "$([ "$i" = 1 ] || echo ,)" "${random:0:21}A" "${random:11:21}A"
  done
  printf '],"type":"temporary"}'
}

echo "a passphrase" >passphrase
keys 500 >keys.json
"$tool" --home a import clearkey keys.json --allow-backup >/dev/null

mount_tmpfs stick 400k
"$tool" --home a backup stick --passphrase-file passphrase >/dev/null
head -c 250k /dev/zero >stick/holiday.jpg
expect medium_full --home a backup stick --overwrite
"$tool" --home a verify stick >/dev/null && echo "ok: the previous backup is unharmed"
[ "$(ls stick | wc -l)" = 5 ] || { ls -R stick >&2; echo "something was left behind" >&2; exit 1; }

mount -o remount,ro stick
expect medium_read_only --home a backup stick --overwrite
"$tool" --home a verify stick >/dev/null && echo "ok: a read-only backup verifies"
"$tool" --home b restore stick --individualize --passphrase-file passphrase >/dev/null && echo "ok: and restores"

mount_tmpfs small 200k
expect store_full --home small/c restore stick --individualize --passphrase-file passphrase
listed=$("$tool" --json --home small/c list)
[[ $listed == *'"licenses":0'* ]] || { echo "licenses in a store that was too small: $listed" >&2; exit 1; }
echo "ok: the store is as before"

mkdir forbidden
chmod 755 "$place"
if [ "$(id -u)" = 0 ]; then
  cp -r a nobodys && chown -R nobody nobodys && chmod 700 forbidden
  if output=$(setpriv --reuid=nobody --clear-groups "$tool" --json --home nobodys backup forbidden \
      --passphrase-file passphrase </dev/null); then echo "no failure" >&2; exit 1; fi
  [[ $output == *'"name":"path_not_accessible"'* ]] || { echo "$output" >&2; exit 1; }
  echo "ok: path_not_accessible"
fi
