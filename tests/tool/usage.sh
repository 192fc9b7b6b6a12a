#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# What the command line accepts, and what it says.
source "$(dirname "$0")/support.sh"

wrong_usage() {
  run "$@"
  expect_code 2
  [ -s err ] || fail "'$ran' does not say what is wrong"
}

wrong_usage
wrong_usage nonsense
wrong_usage list --nonsense
wrong_usage list too many
wrong_usage import
wrong_usage import clearkey
wrong_usage import other film.json
wrong_usage backup
wrong_usage restore
wrong_usage verify
wrong_usage inspect
wrong_usage backup stick --individualize
wrong_usage restore stick --overwrite
wrong_usage backup stick --passphrase-file
wrong_usage backup stick --passphrase secret
wrong_usage key
wrong_usage key 2f05477fc24bb4faefd86517156daff
wrong_usage key 2f05477fc24bb4faefd86517156daffcc
wrong_usage key 2f05477fc24bb4faefd86517156daffg
wrong_usage key 2f05-477fc24bb4faefd86517156daffc
wrong_usage key ''
[ ! -e "$HOME" ] || fail "wrong usage created something"

done_well --version
grep -qxE 'reinstate [0-9]+\.[0-9]+\.[0-9]+' out || fail "--version is not a name and a version"

for command in '' import 'import clearkey' list backup restore verify inspect health key \
  recovery 'recovery list' 'recovery add' 'recovery remove' 'recovery check' 'recovery passphrase'; do
  # shellcheck disable=SC2086
  done_well $command --help
  expect_out "Example: reinstate "
  expect_out "Usage:"
  case $command in '' | import | recovery) ;; *) expect_out "--home DIR" ;; esac
done
