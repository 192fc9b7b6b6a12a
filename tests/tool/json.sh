#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# With --json, standard output is one JSON object per line, whatever happens.
source "$(dirname "$0")/support.sh"
need_python
mkdir stick

# Runs the tool; the last line must tell a result: gives <code> <result> <arguments>
gives() {
  local wanted=$1 result=$2
  shift 2
  run --json "$@"
  expect_code "$wanted"
  expect_silence
  expect_json '["result"]' "$result"
}

expect_event() { grep -qF "{\"event\":\"$1\"" out || fail "there is no event $1"; }

gives 0 "done" --home a list
expect_json '["licenses"]' 0
gives 1 failed --home a key $kid
expect_json '["error"]["name"]' license_not_found
expect_json '["error"]["hresult"]' 0xC00D28A2
gives 0 "done" --home a import clearkey film.json --title $'"\\\e\xff' --allow-backup
expect_json '["licenses"][0]["key_id"]' $kid
gives 0 "done" --home a list
grep -qF '{"license":{' out || fail "no license is listed"
gives 0 "done" --home a key $kid
expect_json '["content_key"]' $key
gives 1 failed --home a import clearkey nosuch
expect_json '["where"]' nosuch
expect_json '["error"]["advice"]' 'Check the name of the file.'

gives 1 failed --home a backup stick
expect_json '["error"]["name"]' passphrase_required
gives 0 "done" --home a backup stick --passphrase-file passphrase
expect_event BACKUPRESTORE_BEGIN
expect_event PROGRESS
expect_event BACKUPRESTORE_END
expect_json '["error"]' None
expect_json '["licenses_done"]' 1
expect_json '["generation"]' 1
gives 1 failed --home a backup stick
expect_json '["error"]["name"]' backup_exists
gives 0 "done" --home a verify stick
gives 0 "done" --home a inspect stick
expect_json '["volumes"][0]["name"]' 000001/licenses-001.age
expect_json '["recovery_slots"][0]["kind"]' machine
expect_json '["recovery_slots"][1]["damaged"]' False
gives 1 failed --home a inspect nosuch
expect_json '["error"]["name"]' path_not_found

gives 1 failed --home b restore stick --passphrase-file passphrase
expect_event NEEDS_INDIVIDUALIZATION
expect_json '["error"]["name"]' needs_individualization
gives 0 "done" --home b restore stick --passphrase-file passphrase --individualize
expect_event INDIVIDUALIZE
expect_event BACKUPRESTORE_CONNECTING
expect_event BACKUPRESTORE_DISCONNECTING
gives 1 failed --home b restore stick --passphrase-file wrong_passphrase
expect_json '["error"]["name"]' wrong_passphrase
expect_json '["error"]["hresult"]' 0xC00D2751
expect_json '["where"]' "$(echo stick/recovery-000001-passphrase-*.age)"
