#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# What is damaged is told from what is whole, and what is whole comes back.
source "$(dirname "$0")/support.sh"
mkdir stick
a=(--home a)
b=(--home b)

add a 1 'Film 1'
done_well "${a[@]}" backup stick --passphrase-file passphrase
add a 2 'Film 2'
done_well "${a[@]}" backup stick --update
cp -r stick whole

# A newest generation that is cut short: the one before it is restored, and nobody can overlook that.
truncate -s -1 stick/000002/licenses-001.age
run "${b[@]}" restore stick --passphrase-file passphrase --individualize --quiet
expect_code 0
expect_err "stick/000002/licenses-001.age: A file of the backup is incomplete."
expect_err "generation 1. Make a new backup."
done_well "${b[@]}" list
[ "$(grep -c clearkey out)" -eq 1 ] || fail "there is not one license"
failed_with "stick/000002/licenses-001.age: A file of the backup is incomplete." "${a[@]}" verify stick
run "${a[@]}" restore stick --dry-run
expect_code 0
expect_err "was passed over"
if command -v python3 >/dev/null; then
  run --json "${b[@]}" restore stick --passphrase-file passphrase
  expect_code 0
  expect_silence
  expect_json '["damage"][0]["file"]' 000002/licenses-001.age
  expect_json '["damage"][0]["error"]["name"]' backup_truncated
fi

# A damaged middle: everything that is lost and everything that is not.
rm -r stick && cp -r whole stick
damage stick/000001/licenses-001.age 400
failed_with "stick/000001/licenses-001.age: " "${a[@]}" verify stick
failed_with "stick/000001/licenses-001.age: " "${a[@]}" verify stick --all
expect_out "A restore with --salvage would still give 1 license."
expect_out "Lost:"
expect_out "This license was in a damaged part of the backup."
expect_out "Damaged:"
expect_out "  stick/000001/licenses-001.age: "
done_well "${a[@]}" verify whole --all
expect_out "The backup is good: 2 licenses ("

failed_with "stick/000001/licenses-001.age: " --home c restore stick --passphrase-file passphrase --individualize
done_well --home c list
expect_out "There are no licenses"
run --home c restore stick --passphrase-file passphrase --individualize --salvage --dry-run
expect_out '"Film 2"'
done_well --home c list
expect_out "There are no licenses"
run --home c restore stick --passphrase-file passphrase --salvage
expect_code 3
expect_silence
expect_out "Salvaged 1 license ("
expect_out "Left out:"
expect_out "This license was in a damaged part of the backup."
expect_out "  license "
expect_out "Damaged:"
expect_out "  stick/000001/licenses-001.age: "
done_well --home c key "$(key_id 2)"
failed_with "There is no such license." --home c key "$(key_id 1)"
if command -v python3 >/dev/null; then
  run --json --home d restore stick --passphrase-file passphrase --individualize --salvage
  expect_code 3
  expect_json '["result"]' partial
  expect_json '["error"]["name"]' backup_salvaged
  expect_json '["outcomes"][0]["reason"]["name"]' license_lost
  expect_json '["damage"][0]["file"]' 000001/licenses-001.age
fi

# A whole backup salvages as it restores.
done_well --home e restore whole --passphrase-file passphrase --individualize --salvage
expect_out "Restored 2 licenses ("

# An earlier generation is gone.
rm -r stick && cp -r whole stick
rm -r stick/000001
failed_with "An earlier generation that this one builds on is missing." --home f restore stick \
  --passphrase-file passphrase --individualize
expect_err "--salvage"
run --home f restore stick --passphrase-file passphrase --individualize --salvage
expect_code 3
expect_out "Salvaged 1 license ("
expect_out "stick/000001/manifest: An earlier generation"
