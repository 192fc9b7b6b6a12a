#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# The ways to open a backup are listed, added, checked, changed and removed, one by one.
source "$(dirname "$0")/support.sh"
need_python
mkdir stick
echo 'another horse' >new_passphrase
done_well --home a import clearkey film.json --allow-backup
done_well --home a backup stick --passphrase-file passphrase
a=(--home a recovery)   # the machine that made the backup
b=(--home b recovery)   # any other
slots() { ls stick | grep -c '^recovery-'; }
slot() { (cd stick && echo recovery-000001-"$1"-*); }

# Anybody may look.
done_well "${b[@]}" list stick
expect_out "passphrase                $(slot passphrase)"
expect_out "the machine that made it  $(slot machine)"
run --json "${b[@]}" list stick
expect_json '["slots"][1]["kind"]' passphrase
failed_with 'The path does not exist' "${b[@]}" list nowhere

# A recovery code: shown once, added by the machine that made the backup without any question, good for a restore.
done_well "${a[@]}" add stick --code --quiet
grep -qxE '([a-z0-9]{4}-){7}[a-z0-9]{4}' out || fail "the code is not printed, alone"
cp out code
done_well "${b[@]}" check stick --passphrase-file code
expect_out "It opens this backup: recovery code"
tr -d - <code | tr a-z A-Z >typed
done_well --home c restore stick --individualize --passphrase-file typed
done_well --home c list

# With one character wrong it says where to look.
first=$(head -c 1 code)
sed "s/^./$([ "$first" = q ] && echo p || echo q)/" code >mistyped
failed_with 'This is not a recovery code' "${b[@]}" check stick --passphrase-file mistyped
expect_err 'Compare group 1 with the printed one'
failed_with 'Compare group 1 with the printed one' --home d restore stick --individualize --passphrase-file mistyped
run --json "${b[@]}" check stick --passphrase-file mistyped
expect_code 1
expect_json '["error"]["name"]' recovery_code_mistyped
expect_json '["mistyped_group"]' 1

# A key file: its owner's alone, never overwritten, never beside what it opens.
done_well "${b[@]}" add stick --key-file key.txt --passphrase-file code
[ "$(stat -c %a key.txt)" = 600 ] || fail "others may read the key file"
grep -q '^AGE-SECRET-KEY-1' key.txt || fail "the key file has no key"
done_well "${b[@]}" check stick --identity-file key.txt
expect_out "key file"
done_well --home d restore stick --individualize --identity-file key.txt
before=$(slots)
cp key.txt kept
failed_with 'key.txt: ' "${a[@]}" add stick --key-file key.txt
expect_err 'nothing is overwritten'
cmp -s key.txt kept || fail "the key file was overwritten"
for place in stick/key.txt stick/../stick/key.txt; do
  run "${a[@]}" add stick --key-file "$place"
  expect_code 2
  expect_err 'open it for anyone who has the folder'
done
failed_with 'The passphrase does not open' "${b[@]}" add stick --key-file other.txt --passphrase-file wrong_passphrase
[ ! -e other.txt ] || fail "a key file that opens nothing was left"
[ "$(slots)" -eq "$before" ] || fail "a slot was added all the same"

# Somebody else's age key.
if command -v age-keygen >/dev/null; then
  age-keygen -o friend.txt 2>/dev/null
  done_well "${a[@]}" add stick --recipient "$(age-keygen -y friend.txt)"
  done_well "${b[@]}" check stick --identity-file friend.txt
  age-keygen -o stranger.txt 2>/dev/null
  failed_with 'The given key does not open this backup.' "${b[@]}" check stick --identity-file stranger.txt
fi

# The passphrase is changed, by the machine without the old one; and by another with it.
old=$(slot passphrase)
done_well "${a[@]}" passphrase stick --new-passphrase-file new_passphrase
[ ! -e "stick/$old" ] || fail "the old passphrase is still there"
failed_with 'The passphrase does not open' "${b[@]}" check stick --passphrase-file passphrase
done_well "${b[@]}" check stick --passphrase-file new_passphrase
failed_with 'The passphrase does not open' \
  "${b[@]}" passphrase stick --passphrase-file passphrase --new-passphrase-file passphrase
run --json "${b[@]}" passphrase stick --passphrase-file new_passphrase --new-passphrase-file passphrase
expect_code 0
expect_json '["slot"]["kind"]' passphrase
expect_json '["removed"][0][:26]' recovery-000001-passphrase
done_well "${b[@]}" check stick --passphrase-file passphrase

# Two open it.
done_well "${a[@]}" add stick --passphrase --new-passphrase-file new_passphrase
for one in passphrase new_passphrase; do done_well "${b[@]}" check stick --passphrase-file $one; done

# A damaged one is told from a wrong secret, by its name.
damaged=$(slot code)
printf x >>"stick/$damaged"
done_well "${b[@]}" list stick
expect_out "$damaged, damaged"
failed_with 'damaged' "${b[@]}" check stick --passphrase-file code
failed_with "stick/$damaged: " --home a verify stick
done_well "${b[@]}" remove stick "$damaged"
done_well --home a verify stick

# Everything goes but the last one.
failed_with 'no such key slot' "${b[@]}" remove stick recovery-000001-code-01234567.age
for file in $(cd stick && ls -d recovery-* | grep -v keyfile); do done_well "${b[@]}" remove stick "$file"; done
failed_with 'the last key slot' "${b[@]}" remove stick "$(slot keyfile)"
failed_with 'A passphrase is needed' "${a[@]}" add stick --code
[ ! -s out ] || fail "a code was shown that opens nothing"
done_well --home a verify stick
done_well --home a backup stick --overwrite
done_well --home e restore stick --individualize --identity-file key.txt

# Asked for in a terminal, and canceled.
done_well "${b[@]}" add stick --passphrase --identity-file key.txt --new-passphrase-file passphrase
in_terminal see:'Choose a passphrase' hidden type:'open sesame' see:Repeat hidden type:'open sesame' \
  see:'Passphrase or recovery code' hidden type:"$(cat passphrase)" -- "${b[@]}" passphrase stick
expect_code 0
expect_out 'The passphrase is changed'
in_terminal see:'Passphrase or recovery code' hidden type:'open sesame' -- "${b[@]}" check stick
expect_code 0
for pressed in ^C ^D '^\'; do
  in_terminal see:'Passphrase or recovery code' hidden press:"$pressed" -- "${b[@]}" check stick
  expect_code 1
  expect_out 'The operation was canceled.'
done

# A readable backup gets no other way: it would protect nothing.
mkdir open
done_well --home a backup open --readable-key
failed_with 'stored unprotected beside it' "${a[@]}" add open --code
failed_with 'the last key slot' "${a[@]}" remove open "$(basename open/recovery-*)"

# Wrong usage.
for arguments in "add stick" "add stick --code --passphrase" "remove stick" "check" "nothing stick" \
  "passphrase stick --passphrase-file - --new-passphrase-file -" "add stick --recipient age1nobody"; do
  # shellcheck disable=SC2086
  run "${a[@]}" $arguments
  expect_code 2
done
run recovery
expect_code 2

# A code that cannot be shown opens nothing.
if [ -e /dev/full ]; then
  before=$(ls stick)
  ran="recovery add --code to a full disk"
  code=0
  "$tool" "${a[@]}" add stick --code --identity-file key.txt >/dev/full 2>err </dev/null || code=$?
  expect_code 1
  [ "$(ls stick)" = "$before" ] || fail "a slot was left that nobody can open"
fi
