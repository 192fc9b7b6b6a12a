#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Runs programs that use only the Backup Restorer object:
#
#     bash run.sh TOOL LIBRARY PROGRAMS SCENARIO [CALLERS]
#
# with the command line tool, libreinstate_wmsdk and the folder of the programs, all by their full path, and one of the
# functions below.
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
source "$here/../../tests/tool/support.sh"
library=$(realpath --no-symlinks "$2")
programs=$(realpath "$3")

# The object and the tool have the same default home, so the tool prepares machines and inspects them.
home() { echo "$scratch/$1/reinstate"; }
on() { done_well --home "$(home "$1")" "${@:2}"; }

make_machine() { # <machine>
  on "$1" import clearkey film.json --title 'A film' --allow-backup
  on "$1" import clearkey restricted.json --title 'Another film' --allow-backup
}

command_of() { # <caller>
  case $1 in
    by_number) command=(python3 "$here/by_number.py" "$library") ;;
    *) command=("$programs/$1") ;;
  esac
}

# Runs a caller on a machine without configuration; its output is in the files out and err.
call() { # <machine> <caller> <backup or restore> <folder>
  command_of "$2"
  ran="$2 $3 on $1"
  XDG_DATA_HOME=$scratch/$1 "${command[@]}" "${@:3}" >out 2>err || fail "'$ran' ended with $?"
  expect_silence
}

# Compares the numbers of the events; the number of individualization events may vary.
expect_events() { # <numbers>
  local events
  events=$(awk '$1 == 24 { if (seen) next; seen = 1 } { printf "%s%s", (NR > 1 ? " " : ""), $1 }' out)
  [ "$events" = "$1" ] || fail "'$ran' sends $events, not $1"
}

expect_same_licenses() { # <machine> <machine>
  on "$1" list --json
  cp out expected
  on "$2" list --json
  cmp -s expected out || fail "machine $2 does not have the licenses of machine $1"
  on "$2" key $kid
  [ "$(cat out)" = $key ] || fail "machine $2 has another key"
}

# Every caller passes paths as UTF-16, so the name needs one, two and three bytes of UTF-8, and a surrogate pair.
folder=$scratch/'Lizenzen für 映画 🎬'

# The first caller backs up; each caller restores that backup on a new machine.
every_caller_restores_the_backup_of() { # <caller> <callers...>
  mkdir "$folder"
  make_machine one
  call one "$1" backup "$folder"
  expect_events "21 27"
  call one "$1" restore "$folder"
  expect_events "21 28 29 27"
  local caller
  for caller in "${@:2}"; do
    call "two-$caller" "$caller" restore "$folder"
    expect_events "21 24 28 29 27"
    expect_same_licenses one "two-$caller"
    call "two-$caller" "$caller" restore "$folder" # once more changes nothing
    expect_events "21 28 29 27"
    expect_same_licenses one "two-$caller"
  done
}

# A license that may not be backed up is named by its key id in base64, and all others are backed up.
a_restricted_license_is_named() { # <callers...>
  on one import clearkey film.json --title 'A film' --allow-backup
  on one import clearkey restricted.json
  local caller
  for caller in "$@"; do
    mkdir "$caller"
    call one "$caller" backup "$scratch/$caller"
    expect_events "21 31 27"
    expect_out "STRING AAAAAAAAAAAAAAAAAAAAAQ=="
    call "two-$caller" "$caller" restore "$scratch/$caller"
    on "two-$caller" key $kid
    failed_with "There is no such license." --home "$(home "two-$caller")" key 00000000000000000000000000000001
  done
}

# As with the original, the folder is enough to open the backup, and README.txt says so.
the_folder_is_enough() { # <caller>
  command -v age >/dev/null || { echo "Skipped: age is not installed." && exit 77; }
  mkdir "$folder"
  make_machine one
  call one "$1" backup "$folder"
  cd "$folder"
  [ "$(echo recovery-*)" = "$(echo recovery-000001-readable-*.txt)" ] || fail "the recovery key is not just readable"
  grep -qF readable README.txt || fail "README.txt does not mention the readable recovery key"
  age -d -i recovery-000001-readable-*.txt 000001/licenses-001.age >"$scratch/opened" 2>"$scratch/err" || fail "age does not open it"
  cd "$scratch"
  grep -qa 'A film' opened || fail "age opens something else"
  # The machine that made it needs no recovery key; the tool on another takes a readable one only with the option.
  on one verify "$folder" --readable-key
  failed_with "stored unprotected beside it" --home two restore "$folder" --individualize
  done_well --home two restore "$folder" --individualize --readable-key
}

# The trace has the call that started the program, which shows that tracing works.
nothing_but_files_is_touched() { # <callers...>
  strace -o trace true 2>err || { echo "Skipped: programs cannot be traced here." && exit 77; }
  mkdir "$folder"
  make_machine one
  local caller step machine
  for caller in "$@"; do
    for step in backup restore; do
      ran="$caller $step"
      machine=$([ $step = backup ] && echo one || echo "two-$caller")
      XDG_DATA_HOME=$scratch/$machine strace -f -e trace=network,execve -e signal=none -o trace \
        "$programs/$caller" $step "$folder" >out 2>err || fail "'$ran' ended with $?"
      cp trace out
      [ "$(grep -c 'execve(' trace)" -eq 1 ] || fail "'$ran' starts a program"
      if grep -vE 'execve\(|\+\+\+ exited' trace; then fail "'$ran' touches a network"; fi
    done
  done
}

# The library is loaded by name and configured: with other homes for the machines, and a passphrase.
a_player_moves_its_licenses() { # <caller>
  make_machine old
  mkdir -p "$folder" new/reinstate # folders that are configured are not created
  ran=$1
  "$programs/$1" "$library" "$(home old)" "$(home new)" "$folder" >out 2>err || fail "'$ran' ended with $?"
  expect_silence
  [ "$(grep passphrase out | paste -sd ' ')" = "passphrase to protect passphrase to open" ] || fail "wrong purposes"
  expect_same_licenses old new
  ls "$folder"/recovery-000001-passphrase-*.age >/dev/null || fail "the recovery key is not encrypted"
  ! ls "$folder"/recovery-*.txt >ls 2>&1 || fail "the recovery key is readable"
  failed_with "The passphrase does not open this backup." --home third verify "$folder" --passphrase-file wrong_passphrase
  done_well --home third restore "$folder" --passphrase-file passphrase --individualize
  # The same program refuses another library.
  if "$programs/$1" "$(ldd "$programs/$1" | awk '/libc\.so/ { print $3 }')" a b c >out 2>err; then
    fail "it accepted another library"
  fi
  expect_err "names are missing"
}

"$4" "${@:5}"
