#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Backups over time: what changed is added, every generation can be restored, and a policy says which stay.
source "$(dirname "$0")/support.sh"
mkdir stick
a=(--home a)

add a 1 'Film 1'
add a 2 'Film 2'
cp -r a earlier
failed_with "A passphrase is needed and none was given." "${a[@]}" backup stick --update
done_well "${a[@]}" backup stick --update --passphrase-file passphrase
expect_out "Backed up 2 licenses ("
expect_out "generation 1)."

# Nothing, something new, something newer, something gone.
before=$(state_of stick)
done_well "${a[@]}" backup stick --update
expect_out "Nothing has changed since generation 1."
[ "$(state_of stick)" = "$before" ] || fail "an update of nothing wrote something"
add a 3 'Film 3'
done_well "${a[@]}" backup stick --update
expect_out "Backed up 1 license, 2 unchanged ("
expect_out "generation 2, builds on generation 1)."
add a 1 'Film 1, renamed'
done_well "${a[@]}" backup stick --update
expect_out "Backed up 1 license, 2 unchanged ("
expect_out "generation 3, builds on generation 2)."
done_well --home earlier backup stick --update
expect_out ", 1 removed, "
expect_out "generation 4, builds on generation 3)."

# An update opens as the backup did that it adds to, whatever passphrase is given.
done_well "${a[@]}" backup stick --update --passphrase-file wrong_passphrase
done_well --home b restore stick --passphrase-file passphrase --individualize
expect_out "Restored 3 licenses ("
expect_out "generation 5"

# Each generation is what the store was.
restored() { # <generation> <titles>
  done_well --home "from$1" restore stick --generation "$1" --passphrase-file passphrase --individualize --quiet
  done_well --home "from$1" list
  [ "$(tail -n +2 out | sed 's/.*unlimited  //' | sort | paste -sd,)" = "$2" ] || fail "generation $1 is something else"
}
restored 1 'Film 1,Film 2'
restored 2 'Film 1,Film 2,Film 3'
restored 3 'Film 1, renamed,Film 2,Film 3'
restored 4 'Film 1,Film 2'
failed_with "stick: The backup has no generation with that number." "${a[@]}" restore stick --generation 9
expect_err "inspect"
failed_with "stick: The backup has no generation with that number." "${a[@]}" verify stick --generation 9
done_well "${a[@]}" verify stick --generation 2
expect_out "The backup is good: 3 licenses ("
expect_out "generation 2)."

# They are listed, newest first, and without a key.
done_well inspect stick
[ "$(sed -n '/^GENERATION/,$p' out | tail -n +2 | cut -c1 | tr -d '\n')" = 54321 ] || fail "five generations are there"
expect_out "adds to generation 3"
truncate -s -1 stick/000002/licenses-001.age
done_well inspect stick
grep -qE '^3 .*A file of the backup is incomplete\.$' out || fail "what builds on a damaged generation is not marked"
grep -qE '^1 .* B$' out || fail "generation 1 is as whole as before"
if command -v python3 >/dev/null; then
  run --json inspect stick
  expect_json '["generations"][-1]["trouble"]' None
  expect_json '["generations"][-2]["trouble"]["name"]' backup_truncated
  expect_json '["generations"][-2]["builds_on"]' 1
fi

# Where none is whole there is still a list.
mkdir one_stick
done_well "${a[@]}" backup one_stick --passphrase-file passphrase
rm one_stick/000001/licenses-001.age
failed_with "one_stick: A file of the backup is missing." inspect one_stick
expect_out "A file of the backup is missing."
: >one_stick/000001/manifest
failed_with "one_stick: " inspect one_stick

# Only so many stay, and those that go are named.
mkdir kept
done_well "${a[@]}" backup kept --passphrase-file passphrase
for number in 4 5 6; do
  add a $number "Film $number"
  done_well "${a[@]}" backup kept --update --keep last=2
done
done_well inspect kept
[ "$(find kept -name manifest | wc -l)" -lt 4 ] || fail "nothing went"
add a 7 'Film 7'
done_well "${a[@]}" backup kept --update --keep last=1
expect_out "Removed: generation"
[ "$(find kept -name manifest | wc -l)" -eq 1 ] || fail "more than one stayed"
done_well --home c restore kept --passphrase-file passphrase --individualize
expect_out "Restored 7 licenses ("

done_well "${a[@]}" backup kept --overwrite
expect_out "Removed: generation"

# The file an error is about is named, and what to do about it.
failed_with "kept: There is a backup at this path already." "${a[@]}" backup kept
expect_err "--update"
