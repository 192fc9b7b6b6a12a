#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# A backup that leaves licenses out is done in part: exit code 3, and each of them is named.
source "$(dirname "$0")/support.sh"
mkdir stick

done_well --home a import clearkey film.json --title 'A film' --allow-backup
done_well --home a import clearkey restricted.json --title $'Only \e[31mhere'
run --home a backup stick --passphrase-file passphrase
expect_code 3
expect_silence
expect_out "Backed up 1 license ("
expect_out "Left out:"
expect_out "[31mhere\", key id 00000000000000000000000000000001"
expect_out "The issuer of this license does not permit backups."
expect_out "Ask the issuer"
if grep -qF -e 'A film' -e $'\e' out; then fail "more is printed than what was left out"; fi

# What was left out is said with --quiet as well.
run --home a backup stick --overwrite --quiet
expect_code 3
expect_out "Left out:"
if grep -qF 'Backed up' out; then fail "--quiet tells what went well"; fi

run --home a --json backup stick --overwrite
expect_code 3
if command -v python3 >/dev/null; then
  expect_json '["result"]' partial
  expect_json '["error"]["name"]' not_all_licenses_stored
  expect_json '["licenses_left_out"]' 1
  expect_json '["outcomes"][0]["key_id"]' 00000000000000000000000000000001
  expect_json '["outcomes"][0]["reason"]["name"]' backup_right_absent
fi

# What is in the backup is whole.
done_well --home b restore stick --passphrase-file passphrase --individualize
done_well --home b list
[ "$(grep -c clearkey out)" -eq 1 ] || fail "there is not one license"
