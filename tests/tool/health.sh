#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# What of a machine's licenses is not safe in its backup, why, and what to do about it.
source "$(dirname "$0")/support.sh"
need_python
mkdir stick
a=(--home a)

failed_with "stick: There is no backup at this path." "${a[@]}" health stick
[ ! -e a ] || fail "looking created something"
add a 1 'Film 1'
add a 2 'Film 2'
cp -r a earlier
done_well "${a[@]}" backup stick --passphrase-file passphrase
done_well "${a[@]}" health stick
expect_out "All is safe: 2 licenses as in generation 1."

# New, changed, and never to be backed up: each with its reason and what to do.
add a 3 'Film 3'
add a 1 'Film 1, renamed'
echo '{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","kid":"AAAAAAAAAAAAAAAAAAAACQ"}]}' >other.json
done_well "${a[@]}" import clearkey other.json --title 'Only here'
run "${a[@]}" health stick
expect_code 3
expect_silence
expect_out "Safe: 1 license as in generation 1."
expect_out "This license was never backed up."
expect_out "backup --update"
expect_out "\"Film 3\", key id $(key_id 3)"
expect_out "This license has changed since the last backup."
expect_out '"Film 1, renamed"'
expect_out "The issuer of this license does not permit backups."
expect_out '"Only here"'
refuse_out '"Film 2"'
run --json "${a[@]}" health stick
expect_code 3
expect_json '["result"]' partial
expect_json '["licenses_done"]' 1
expect_json '["licenses_left_out"]' 3
expect_json '["generation"]' 1
run --json "${a[@]}" health stick --quiet
run "${a[@]}" backup stick --update --quiet
expect_code 3

# In the backup alone.
run --home earlier health stick
expect_code 3
expect_out "This license is in the backup, but no longer in the store."
expect_out "  license "
expect_out "This license has changed since the last backup."

# On another machine, which must open it.
failed_with "A passphrase is needed" --home b health stick
run --home b health stick --passphrase-file passphrase
expect_code 3
expect_out "Safe: 0 licenses"
[ ! -e b ] || fail "looking created something"

# A license that the store can no longer open is found on request, and repaired from the backup.
mkdir whole
add c 1 'Film 1'
add c 2 'Film 2'
done_well --home c backup whole --passphrase-file passphrase
python3 "$tests/damage_license.py" c/licenses.db "$(key_id 1)"
done_well --home c health whole
run --home c health whole --open
expect_code 3
expect_out "A license in the store is damaged or was modified."
expect_out "restore --repair"
expect_out "key id $(key_id 1)"
run --home c key "$(key_id 1)"
expect_code 1
done_well --home c restore whole
expect_out "Restored 0 licenses ("
run --home c key "$(key_id 1)"
expect_code 1
done_well --home c restore whole --repair --dry-run
expect_out "1 replaced, 1 unchanged; "
done_well --home c restore whole --repair
expect_out "Restored 1 license ("
done_well --home c key "$(key_id 1)"
done_well --home c health whole --open
expect_out "All is safe: 2 licenses"

# A damaged newest generation is no health, although the one before has everything.
add c 3 'Film 3'
done_well --home c backup whole --update
truncate -s -1 whole/000002/licenses-001.age
run --home c health whole
expect_code 3
expect_err "whole/000002/licenses-001.age: A file of the backup is incomplete."
expect_out '"Film 3"'
