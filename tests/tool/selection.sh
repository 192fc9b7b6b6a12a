#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Some licenses and not the others; chained ones travel together.
source "$(dirname "$0")/support.sh"
mkdir stick
a=(--home a)

add a 1 'Part 1'
add a 2 'Part 2'
add a 3 'Another film'
done_well "${a[@]}" list
ids=$(tail -n +2 out | sort -k 7)
license_of() { grep "$(key_id "$1")" <<<"$ids" | cut -d ' ' -f 1; }
uuid() { sed -E 's/(.{8})(.{4})(.{4})(.{4})(.{12})/\1-\2-\3-\4-\5/' <<<"$1"; }

# What would be taken: takes <numbers> <options>
takes() {
  local wanted=$1
  shift
  run "${a[@]}" backup stick --dry-run "$@"
  expect_code 0
  local taken
  taken=$(grep -oE 'key id 0*[0-9]+$' out | sed 's/.*[^0-9]0*//' | sort -n | tr -d '\n') || true
  [ "$taken" = "$wanted" ] || fail "'$ran' takes '$taken', not '$wanted'"
}
takes 123
takes 1 --license "$(license_of 1)"
takes 12 --license "$(license_of 1)" --license "$(uuid "$(license_of 2)" | tr a-f A-F)"
takes 23 --key-id "$(key_id 2)" --key-id "$(uuid "$(key_id 3)")"
takes 12 --title 'part ?'
takes 123 --title 'Part 1' --title 'PART 2' --title '*film'
takes '' --title 'Part'
takes 123 --issuer ''
takes '' --issuer 'somebody'
takes 123 --format clearkey
takes '' --format lcp --format ''
takes 2 --format clearkey --title 'Part*' --key-id "$(key_id 2)" --key-id "$(key_id 3)"

# What makes no sense is said before anything is done.
for wrong in '--license 12' '--key-id 12' '--generation 0' '--generation x' '--keep last=0' '--keep last=3' \
  '--update --overwrite' '--update --keep never' '--dry-run --confirm'; do
  # shellcheck disable=SC2086
  run "${a[@]}" backup stick $wrong
  expect_code 2
done

# An update of some leaves the others as they are in the backup.
done_well "${a[@]}" backup stick --passphrase-file passphrase
add a 1 'Part 1, renamed'
add a 2 'Part 2, renamed'
done_well "${a[@]}" backup stick --update --key-id "$(key_id 1)"
expect_out "Backed up 1 license, "
done_well --home b restore stick --passphrase-file passphrase --individualize --title 'Part*'
expect_out "Restored 2 licenses ("
done_well --home b list
expect_out "Part 1, renamed"
if grep -qF -e "Part 2, renamed" -e "Another film" out; then fail "more was taken than selected"; fi

# A leaf brings its root along, a root its leaves.
mkdir chained
add c 10 'Subscription'
add c 11 'Film of it' --root "$(key_id 10)"
add c 12 'Other film of it' --root "$(uuid "$(key_id 10)")"
add c 13 'Not of it'
if command -v python3 >/dev/null; then
  run --json --home c list
  expect_code 0
  [ "$(grep -cF "\"root\":\"$(key_id 10)\"" out)" -eq 2 ] || fail "list does not tell the root"
  [ "$(grep -cF '"root":null' out)" -eq 2 ] || fail "list invents a root"
fi
done_well --home c backup chained --title 'Film of it' --passphrase-file passphrase
expect_out "Backed up 2 licenses ("
done_well --home c backup chained --overwrite --title Subscription
expect_out "Backed up 3 licenses ("

# A leaf without its root is taken, and that is said, with --quiet as well.
mkdir broken
add d 21 'Orphan' --root "$(key_id 20)"
done_well --home d backup broken --passphrase-file passphrase --quiet
expect_out "Warnings:"
expect_out "This license requires another license, which is missing."
expect_out '"Orphan"'
done_well --home e restore broken --passphrase-file passphrase --individualize
expect_out "Restored 1 license ("
expect_out "This license requires another license, which is missing."
run "${a[@]}" import clearkey film.json --root 12
expect_code 2
