#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# From one machine to another, and what can go wrong on the way.
source "$(dirname "$0")/support.sh"
mkdir stick other_stick
a=(--home a)
b=(--home b)

failed_with "The license store does not exist." "${a[@]}" backup stick --passphrase-file passphrase
done_well "${a[@]}" import clearkey film.json --title 'A film' --allow-backup

# Where there is no passphrase, the tool says how to give one.
failed_with "A passphrase is needed and none was given." "${a[@]}" backup stick
expect_err "--passphrase-file FILE"
expect_err "REINSTATE_PASSPHRASE"
expect_err "terminal"
failed_with "There is no backup at this path." "${a[@]}" verify stick

done_well "${a[@]}" backup stick --passphrase-file passphrase
expect_out "Backed up 1 license ("
failed_with "stick: There is a backup at this path already." "${a[@]}" backup stick
expect_err "--overwrite"
done_well "${a[@]}" backup stick --overwrite --quiet
[ ! -s out ] || fail "--quiet talks"
done_well "${a[@]}" verify stick
expect_out "The backup is good: 1 license ("

# Anybody may look at it; that needs no key, and shows none.
done_well "${b[@]}" inspect stick
expect_out "licenses       1"
expect_out "opens with     passphrase                recovery-000001-passphrase-"
[ ! -e b ] || fail "inspecting created something"

# Another machine needs the passphrase, and permission for its identity.
failed_with "A passphrase is needed and none was given." "${b[@]}" verify stick
failed_with "The passphrase does not open this backup." "${b[@]}" verify stick --passphrase-file wrong_passphrase
expect_err "recovery-000001-passphrase-"
failed_with "The passphrase is empty." "${b[@]}" verify stick --passphrase-file /dev/null
done_well "${b[@]}" verify stick --passphrase-file passphrase
[ ! -e b ] || fail "verifying created something"
failed_with "This machine has no identity yet" "${b[@]}" restore stick --passphrase-file passphrase
expect_err "--individualize"
failed_with "The passphrase does not open this backup." \
  "${b[@]}" restore stick --individualize --passphrase-file wrong_passphrase
done_well "${b[@]}" list
expect_out "There are no licenses in "
done_well "${b[@]}" restore stick --individualize --passphrase-file passphrase
expect_out "Restored 1 license ("
[ "$(stat -c %a b)" = 700 ] || fail "others may look into the home"
done_well "${b[@]}" key $kid
[ "$(cat out)" = $key ] || fail "the key restored is another one"
done_well "${b[@]}" restore stick --passphrase-file passphrase
expect_out "Restored 0 licenses ("
expect_out "Already here: 1 license."

# Every way to give a passphrase.
printf 'correct horse battery staple\r\nand a second line' >windows_passphrase
done_well --home c verify stick --passphrase-file windows_passphrase
printf 'correct horse battery staple' >bare_passphrase
done_well --home c verify stick --passphrase-file bare_passphrase
REINSTATE_PASSPHRASE='correct horse battery staple' done_well --home c verify stick
REINSTATE_PASSPHRASE='wrong' done_well --home c verify stick --passphrase-file passphrase
setsid --wait "$tool" --home c verify stick --passphrase-file - <passphrase >out 2>err || fail "from standard input"
REINSTATE_PASSPHRASE='' failed_with "A passphrase is needed and none was given." --home c verify stick
failed_with "nosuch: The path does not exist." --home c verify stick --passphrase-file nosuch
failed_with "a: The path cannot be accessed." --home c verify stick --passphrase-file a
head -c 10000 /dev/zero | tr '\0' x >long_passphrase
failed_with "long_passphrase: " --home c verify stick --passphrase-file long_passphrase

# A passphrase that was given is the one the new backup opens with.
REINSTATE_PASSPHRASE='another one' done_well "${a[@]}" backup stick --overwrite
failed_with "The passphrase does not open this backup." --home c verify stick --passphrase-file passphrase
REINSTATE_PASSPHRASE='another one' done_well --home c verify stick

# Places that hold no backup.
for command in verify restore inspect; do
  failed_with "film.json: The path is not a folder." "${a[@]}" $command film.json
  failed_with "other_stick: There is no backup at this path." "${a[@]}" $command other_stick
done
failed_with "nosuch: There is no backup at this path." "${a[@]}" verify nosuch
failed_with "nosuch: There is no backup at this path." "${a[@]}" restore nosuch
failed_with "nosuch: The path does not exist." "${a[@]}" inspect nosuch
failed_with "nosuch: The path does not exist." "${a[@]}" backup nosuch --passphrase-file passphrase
failed_with "film.json: The path is not a folder." "${a[@]}" backup film.json --passphrase-file passphrase

# A damaged file is named.
volume=$(cd stick && echo */licenses-001.age)
printf 'x' | dd of="stick/$volume" bs=1 seek=400 conv=notrunc status=none
run "${a[@]}" verify stick
expect_code 1
expect_err "reinstate: stick/$volume: "
