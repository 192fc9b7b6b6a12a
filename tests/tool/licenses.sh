#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Importing, listing, and handing keys to a player.
source "$(dirname "$0")/support.sh"

# A machine that nothing was imported to yet.
done_well list
expect_out "There are no licenses in "
failed_with "There is no such license." key $kid
[ ! -e "$HOME" ] || fail "looking created something"

# Importing creates the home in the user's data folder, for its owner only.
done_well import clearkey film.json --title 'A film' --allow-backup
expect_out "Imported 1 license:"
expect_out "\"A film\", key id $kid"
data=$HOME/.local/share/reinstate
[ "$(stat -c %a "$data")" = 700 ] || fail "others may look into the home"
[ "$(stat -c %a "$data/machine.key")" = 600 ] || fail "others may read the identity"
done_well list
expect_out "$kid  clearkey  granted  unlimited  A film"

# Every way to name the home and the key.
for id in $kid 2F05477FC24BB4FAEFD86517156DAFFC 2f05477f-c24b-b4fa-efd8-6517156daffc; do
  done_well key "$id"
  [ "$(cat out)" = $key ] || fail "this is not the key"
done
XDG_DATA_HOME=$HOME/.local/share done_well key $kid
REINSTATE_HOME=$data done_well key $kid
done_well --home "$data/" key $kid
done_well key $kid --home "$data"
done_well --home elsewhere list
expect_out "There are no licenses in "

# The same license again is one license, as it was given last, but with the right it had.
done_well import clearkey film.json
if grep -q "A backup will leave" out; then fail "the backup right is gone"; fi
done_well list
expect_out "$kid  clearkey  granted  unlimited  film"
[ "$(grep -c clearkey out)" -eq 1 ] || fail "the same license is listed twice"

# From standard input.
setsid --wait "$tool" import clearkey - --quiet <restricted.json >out 2>err || fail "import from standard input"
[ ! -s out ] || fail "--quiet talks"
done_well list
[ "$(grep -c clearkey out)" -eq 2 ] || fail "there are not two licenses"

# A title cannot take over the terminal.
done_well import clearkey film.json --title $'\e]0;owned\a\e[31mred\nnext\xe2\x80\xae\xff'
if LC_ALL=C grep -q -e $'\e' -e $'\a' -e $'\xe2\x80\xae' out; then fail "control characters are printed"; fi
expect_out "]0;owned"
done_well list
if LC_ALL=C grep -q -e $'\e' -e $'\a' -e $'\xe2\x80\xae' out; then fail "control characters are printed"; fi
[ "$(wc -l <out)" -eq 3 ] || fail "a title adds a line"

# What is no license changes nothing.
cp out before
failed_with "nosuch: The path does not exist." import clearkey nosuch
failed_with "The path cannot be accessed." import clearkey "$HOME"
echo '{"keys":[]}' >empty.json
failed_with "empty.json: This file is not a license in the expected format." import clearkey empty.json
echo '{"keys":[{"kty":"oct","k":"AAAA","kid":"AAAAAAAAAAAAAAAAAAAAAQ"}]}' >short.json
failed_with "A key or key id in the file is not 16 bytes long." import clearkey short.json
head -c 2000000 /dev/zero | tr '\0' ' ' >large.json
failed_with "The file is too large to import." import clearkey large.json
head -c 100000 /dev/zero | tr '\0' '[' >deep.json
failed_with "The file is nested too deeply to import." import clearkey deep.json
done_well list
cmp -s out before || fail "a failed import changed the licenses"

# A home that cannot be.
failed_with "The path is not a folder." --home film.json import clearkey film.json

# A copied database is useless without the identity it belongs to, and with another one.
mkdir copy
cp "$data"/licenses.db* copy
failed_with "The license store belongs to another machine." --home copy key $kid
failed_with "The license store belongs to another machine." --home copy list
cp "$data"/licenses.db* copy
done_well --home other import clearkey film.json
cp other/machine.key copy
failed_with "The license store belongs to another machine." --home copy key $kid
