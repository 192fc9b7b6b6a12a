#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Writing licenses as a ClearKey license, for players.
source "$(dirname "$0")/support.sh"
second=00000000000000000000000000000002
echo '{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAQ","kid":"AAAAAAAAAAAAAAAAAAAAAg"}]}' >second.json

# From a machine without licenses.
failed_with "There is no such license." export clearkey --output set.json
[ ! -e set.json ] || fail "a set of nothing was written"

# All licenses, in a file for its owner only, which imports as the same licenses.
done_well import clearkey film.json --title 'A film' --allow-backup
done_well import clearkey second.json --title 'Another' --allow-backup
(umask 0 && done_well export clearkey --output set.json)
expect_out "Exported 2 licenses."
expect_out "set.json"
if grep -qF -e tQ0bJVWb6b0KPL6KtZIy_A -e $key out; then fail "a key is printed"; fi
[ "$(stat -c %a set.json)" = 600 ] || fail "others may read the set"
expected='{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAQ","kid":"AAAAAAAAAAAAAAAAAAAAAg"},'
expected+='{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}],"type":"temporary"}'
[ "$(cat set.json)" = "$expected" ] || fail "the set is $(cat set.json)"
done_well list
awk '{ print $1, $2, $3 }' out >licenses
done_well --home elsewhere import clearkey set.json --allow-backup
done_well --home elsewhere list
awk '{ print $1, $2, $3 }' out | cmp -s - licenses || fail "the licenses imported are not those exported"

# Some licenses.
done_well export clearkey --key-id 2f05477f-c24b-b4fa-efd8-6517156daffc --output one.json
expect_out "Exported 1 license."
one='{"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}],"type":"temporary"}'
[ "$(cat one.json)" = "$one" ] || fail "the set is $(cat one.json)"
done_well export clearkey --key-id $second --key-id $kid --output both.json
cmp -s both.json set.json || fail "two key ids are not both licenses"
failed_with "00000000000000000000000000000003: There is no such license." \
  export clearkey --key-id $kid --key-id 00000000000000000000000000000003 --output none.json
[ ! -e none.json ] || fail "part of what was asked for was written"

# To standard output, without another word.
done_well export clearkey --output -
[ "$(cat out)" = "$expected" ] || fail "standard output is not the set"
run export clearkey --output /dev/full
expect_code 1

# What is there already stays.
echo precious >there.json
ln -s nowhere link.json
for name in there.json link.json . /dev/null; do
  failed_with "reinstate: $name: File exists" export clearkey --output $name
  expect_err "nothing is overwritten"
done
[ "$(cat there.json)" = precious ] || fail "a file was overwritten"
[ ! -e nowhere ] || fail "a link was followed"
failed_with "The path does not exist." export clearkey --output nosuch/set.json
if [ "$(id -u)" -ne 0 ]; then failed_with "may not be read or written" export clearkey --output /set.json; fi

# A disk that is full leaves no half of a file.
if strace -o trace true 2>err; then
  for call in write fsync close; do
    code=0
    # Nothing finds leaks in a program that is traced.
    ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -P "$scratch/half.json" -e inject=$call:error=ENOSPC \
      "$tool" export clearkey --output "$scratch/half.json" >out 2>err || code=$?
    ran="export with a $call that fails"
    expect_code 1
    expect_err "The disk is full."
    [ ! -e half.json ] || fail "half a file is left when $call fails"
  done
else
  echo "Programs cannot be traced here: a full disk is left out."
fi

# What its issuer does not let go is named, and stays.
done_well import clearkey restricted.json --title $'Only \e[31mhere'
run export clearkey --output granted.json
expect_code 3
expect_silence
expect_out "Exported 2 licenses."
expect_out "Left out:"
expect_out "[31mhere\", key id 00000000000000000000000000000001"
expect_out "The issuer of this license does not permit backups."
if grep -q $'\e' out; then fail "a title takes over the terminal"; fi
cmp -s granted.json set.json || fail "the set is not of the other licenses"
run export clearkey --output -
expect_code 3
[ "$(cat out)" = "$expected" ] || fail "standard output is not the set"
expect_err "The issuer of this license does not permit backups."
run export clearkey --quiet --output quiet.json
expect_code 3
expect_out "Left out:"
if grep -qF Exported out; then fail "--quiet tells what went well"; fi
failed_with "The issuer of this license does not permit backups." \
  export clearkey --key-id 00000000000000000000000000000001 --output restricted_set.json
[ ! -e restricted_set.json ] || fail "a restricted license was exported"

# For programs.
if command -v python3 >/dev/null; then
  run --json export clearkey --output json.json
  expect_code 3
  expect_silence
  expect_json '["result"]' partial
  expect_json '["licenses_done"]' 2
  expect_json '["licenses_left_out"]' 1
  expect_json '["error"]["name"]' not_all_licenses_stored
  expect_json '["outcomes"][0]["key_id"]' 00000000000000000000000000000001
  expect_json '["outcomes"][0]["reason"]["name"]' backup_right_absent
  run --json export clearkey --key-id 00000000000000000000000000000001 --output none.json
  expect_code 1
  expect_json '["error"]["name"]' backup_right_absent
  run --json export clearkey --key-id $kid --output there.json
  expect_code 1
  expect_json '["error"]["message"]' "File exists"
fi

# Two keys of one key id: the set has the one that plays.
sed 's/tQ0bJVWb6b0KPL6KtZIy_A/AAAAAAAAAAAAAAAAAAAAAA/' film.json >other_key.json
done_well --home two import clearkey film.json --title first --allow-backup
done_well --home two import clearkey other_key.json --title second --allow-backup
run --home two export clearkey --output two.json
expect_code 3
expect_out "Another license of this key id has another key"
done_well --home three import clearkey two.json
done_well --home two key $kid
cp out expected
done_well --home three key $kid
cmp -s out expected || fail "the set has another key than the one that plays"

# On another machine, the database is of no use here either.
mkdir copy
cp "$HOME"/.local/share/reinstate/licenses.db* copy
failed_with "The license store belongs to another machine." --home copy export clearkey --output copied.json
[ ! -e copied.json ] || fail "a copied database was exported"

# What the command line does not accept.
for arguments in "clearkey" "clearkey --output" "clearkey --output x --key-id 12" "keygen --output x" "" \
  "clearkey film.json --output x" "--json clearkey --output -"; do
  # shellcheck disable=SC2086
  run export $arguments
  expect_code 2
  [ -s err ] || fail "'$ran' does not say what is wrong"
done
done_well export clearkey --help
expect_out "Example: reinstate export clearkey "
