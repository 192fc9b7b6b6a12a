#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# The progress line is for people in front of a terminal, and for nobody else.
source "$(dirname "$0")/support.sh"
need_python
mkdir stick
done_well --home a import clearkey film.json --allow-backup
done_well --home a backup stick --passphrase-file passphrase

erase=$'\r\e[K'

# in_terminal <kind of terminal> <arguments>
in_terminal() {
  ran="${*:2}"
  code=0
  : >err
  TERM=$1 python3 "$tests/terminal.py" -- "$tool" "${@:2}" >out 2>&1 || code=$?
  expect_code 0
}

in_terminal xterm --home a verify stick
expect_out "${erase}copying 1 of 1 license, "
expect_out "The backup is good"
[ "$(sed "s/.*$(printf '\r')\x1b\[K//" out | grep -c copying)" -eq 0 ] || fail "something of it is left at the end"

for arguments in 'dumb --home a verify stick' 'xterm --home a verify stick --json' 'xterm --home a verify stick --quiet'; do
  # shellcheck disable=SC2086
  in_terminal $arguments
  if grep -qF -e "copying " -e $'\e' out; then fail "'$ran' shows progress"; fi
done

# Standard output may go elsewhere while the user watches, but not the other way round.
in_terminal xterm --home a verify stick
TERM=xterm python3 "$tests/terminal.py" -- sh -c '"$0" "$@" >piped' "$tool" --home a verify stick >out || fail "exit code"
expect_out "${erase}copying 1 of 1 license, "
if grep -qF -e $'\e' piped; then fail "progress goes to standard output"; fi
TERM=xterm python3 "$tests/terminal.py" -- sh -c '"$0" "$@" 2>piped' "$tool" --home a verify stick >out || fail "exit code"
[ ! -s piped ] || fail "progress goes to a file"
TERM=xterm done_well --home a verify stick
