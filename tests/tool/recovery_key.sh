#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# A recovery key can be kept for an age recipient, or readable in the folder.
source "$(dirname "$0")/support.sh"
mkdir stick
done_well --home a import clearkey film.json --allow-backup

# Readable: the folder is all it takes, for whoever accepts that.
done_well --home a backup stick --readable-key
[ -e stick/recovery-000001-readable-*.txt ] || fail "the recovery key is not readable"
failed_with 'stored unprotected beside it' --home b restore stick --individualize --passphrase-file passphrase
expect_err 'stick/recovery-000001-readable-'
done_well --home b restore stick --individualize --readable-key
done_well --home c verify stick --readable-key
run --home b key $kid
[ "$(cat out)" = $key ] || fail "the key is another one"

# For a recipient.
if command -v age-keygen >/dev/null; then
  age-keygen -o owner.txt 2>/dev/null
  age-keygen -o stranger.txt 2>/dev/null
  done_well --home a backup stick --overwrite --recipient "$(age-keygen -y owner.txt)"
  failed_with 'The given key does not open this backup.' --home d restore stick --individualize --identity-file stranger.txt
  failed_with 'film.json: The given key does not open this backup.' --home d restore stick --individualize --identity-file film.json
  failed_with 'nowhere.txt: The path does not exist' --home d restore stick --individualize --identity-file nowhere.txt
  failed_with 'passphrase is needed' --home d restore stick --individualize
  done_well --home d restore stick --individualize --identity-file owner.txt
fi

run --home a backup stick --overwrite --recipient age1nobody
expect_code 2
run --home a backup stick --overwrite --recipient "$(printf 'age1%058d' 0)" --readable-key
expect_code 2
run --home a backup stick --overwrite --readable-key --passphrase-file passphrase
expect_code 2
expect_err 'no use'
