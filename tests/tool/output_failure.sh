#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Output that could not be written is a failure, and no reason to break off what runs.
source "$(dirname "$0")/support.sh"
mkdir stick
done_well --home a import clearkey film.json --allow-backup

# Every command on a full disk: on_full_disk <arguments>
on_full_disk() {
  ran="$* (full disk)"
  code=0
  : >out
  setsid --wait "$tool" "$@" >/dev/full 2>err </dev/null || code=$?
  expect_code 1
}

on_full_disk --home a backup stick --passphrase-file passphrase
expect_err "The output could not be written."
done_well --home a verify stick
for arguments in list 'list --json' 'verify stick' 'verify stick --json' 'inspect stick' "key $kid" "key $kid --json" \
  'import clearkey film.json --allow-backup' --help --version; do
  # shellcheck disable=SC2086
  on_full_disk --home a $arguments
done

# A pipe that nobody reads.
ran="backup (closed pipe)"
code=0
(
  exec 3> >(exec true)
  sleep 1
  setsid --wait "$tool" --home a --json backup stick --overwrite >&3 2>err </dev/null
) || code=$?
expect_code 1
expect_err "The output could not be written."
done_well --home a inspect stick
expect_out "generation     2"
