#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# What would be done is shown, agreed to, and done, or not at all.
source "$(dirname "$0")/support.sh"
need_python
mkdir stick
a=(--home a)

# A plan changes nothing, not even by making it, and ends as the backup would.
failed_with "The license store does not exist." "${a[@]}" backup stick --dry-run
[ ! -e a ] || fail "a plan created something"
add a 5 'A film'
done_well "${a[@]}" import clearkey restricted.json --title 'Only here'
run "${a[@]}" backup stick --dry-run
expect_code 3
expect_out "Generation 1 would be written, with everything:"
expect_out "1 new, 1 left out; "
expect_out "\"A film\", key id $(key_id 5)"
expect_out "The issuer of this license does not permit backups."
expect_out "keys of its own"
[ -z "$(ls stick)" ] || fail "a plan wrote something"
add a 1 'Only here' # now it may

done_well "${a[@]}" backup stick --passphrase-file passphrase
failed_with "stick: There is a backup at this path already." "${a[@]}" backup stick --dry-run
state=$(state_of stick)
done_well "${a[@]}" backup stick --update --dry-run
expect_out "Nothing would be written"
add a 2 'Another film'
done_well "${a[@]}" backup stick --update --dry-run
expect_out "Generation 2 would be written, as an addition to generation 1:"
expect_out "1 new, 2 unchanged; "
refuse_out "Would go"
done_well "${a[@]}" backup stick --overwrite --dry-run
expect_out "Would go: generation 1."
[ "$(state_of stick)" = "$state" ] || fail "a plan changed the backup"

done_well --home b restore stick --passphrase-file passphrase --dry-run
expect_out "From generation 1:"
expect_out "2 new; "
expect_out "--individualize"
[ ! -e b ] || fail "a plan created something"

# For programs.
run --json "${a[@]}" backup stick --update --dry-run
expect_code 0
expect_json '["plan"]["taken"]' 1
expect_json '["plan"]["builds_on"]' 1
expect_json '["plan"]["licenses"][0]["what"]' take
expect_json '["plan"]["licenses"][0]["title"]' 'Another film'
expect_json '["plan"]["generations_removed"]' '[]'

# Without a terminal nobody can agree.
for command in backup restore; do
  run "${a[@]}" $command stick --confirm
  expect_code 2
  expect_err "--dry-run"
done
run --json "${a[@]}" backup stick --confirm
expect_code 2

# Whoever says no, or nothing, has changed nothing.
no() { # <what the user does>
  in_terminal see:'"Another film"' see:'Go on?' "$1" -- "${a[@]}" backup stick --update --confirm
  expect_code 1
  expect_out "The operation was canceled."
  [ "$(state_of stick)" = "$state" ] || fail "it was done all the same"
}
no type:n
no type:
no type:yesterday
no press:^C
no press:^D
no 'press:^\'

# What has changed since the question was asked is named, and nothing is done.
in_terminal see:'Go on?' run:"'$tool' --home a import clearkey restricted.json --title 'Changed since' --allow-backup" \
  type:y -- "${a[@]}" backup stick --update --confirm
expect_code 1
expect_out "The licenses or the backup have changed since the plan was made."
expect_out "This license has changed since the plan was made."
expect_out "key id $(key_id 1)"
[ "$(state_of stick)" = "$state" ] || fail "something else was done than agreed to"

in_terminal see:'"Changed since"' see:'Go on?' type:y -- "${a[@]}" backup stick --update --confirm
expect_code 0
expect_out "Backed up "
expect_out "builds on generation 1"

# Where there is nothing to agree to, nobody is asked.
in_terminal -- "${a[@]}" backup stick --update --confirm
expect_code 0
expect_out "Nothing has changed since generation 2."

# Agreeing permits what the question named, and a passphrase is asked for once.
in_terminal see:'Passphrase or recovery code' hidden type:"$(cat passphrase)" see:'gets its identity' see:'Go on?' \
  type:yes -- --home b restore stick --confirm
expect_code 0
expect_out "Restored 3 licenses ("
[ "$(grep -c 'Passphrase or' out)" -eq 1 ] || fail "the passphrase is asked for twice"
in_terminal see:'Passphrase or recovery code' type:"$(cat passphrase)" see:'Go on?' type:no -- --home c restore stick --confirm
expect_code 1
[ ! -e c ] || fail "saying no created something"
