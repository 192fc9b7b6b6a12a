# shellcheck shell=bash
# SPDX-License-Identifier: BSL-1.0
# To be sourced by the script of each example that plays media:
#
#     bash run.sh TOOL PROGRAM
#
# gets the command line tool and the example's program. Gives clips, machines that have their license or have not, and
# checks of what a player showed. The key of the clips is no secret, so it may be an argument of ffmpeg, which takes it
# in no other way.
program=$(realpath "$2")
source "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../tool/support.sh"

need() { # <programs...>
  local name
  for name in "$@"; do
    command -v "$name" >/dev/null || { echo "Skipped: there is no $name here." && exit 77; }
  done
}

make_clip() { # <arguments of the encoder...>
  ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=duration=2:size=320x180:rate=25 -pix_fmt yuv420p \
    -c:v libx264 "$@" clear.mp4
}

# Common Encryption; the same every time, so that no test depends on chance.
encrypt_clip() {
  ffmpeg -nostdin -loglevel error -i clear.mp4 -c copy -fflags +bitexact \
    -encryption_scheme cenc-aes-ctr -encryption_key $key -encryption_kid $kid encrypted.mp4
}

# The license goes from machine one over a stick to machine two. Nothing went to machine three; on machine four lies a
# copy of the database of machine one.
make_machines() {
  mkdir stick
  done_well --home one import clearkey film.json --title 'A film' --allow-backup
  done_well --home one backup stick --passphrase-file passphrase
  done_well --home two restore stick --passphrase-file passphrase --individualize
  done_well --home three import clearkey restricted.json
  done_well --home four import clearkey restricted.json
  cp one/licenses.db* four
  rm -rf one stick
}

# What each machine without the license says, if it is asked for the key.
refusal_of() { # <machine>
  case $1 in
    three) echo "There is no such license." ;;
    four) echo "The license store belongs to another machine." ;;
  esac
}

# The last word of every line that has one for a frame: its hash.
hashes() { awk '!/^#/ { print $NF }' "$1"; }

frames_of_ffmpeg() { ffmpeg -nostdin -loglevel error "$@" -map 0:v -fps_mode passthrough -f framemd5 -; }

# Fails unless two players showed the same frames, of which no two are alike.
expect_same_frames() { # <file> <file>
  [ "$(hashes "$1" | sort -u | wc -l)" -eq 50 ] || fail "$1 has not 50 different frames"
  cmp -s <(hashes "$1") <(hashes "$2") || fail "the frames in $2 are not those in $1"
  echo "$2: 50 of 50 frames identical"
}

# Runs the example's program, which must end well and have nothing to complain about; what it prints is in the file out.
shows() { # <arguments...>
  ran="$program $*"
  "$program" "$@" >out 2>err || fail "'$ran' ended with $?"
  expect_silence
}

# Runs the example's program, which must show nothing and complain.
shows_nothing() { # <complaint> <arguments...>
  ran="$program ${*:2}"
  if "$program" "${@:2}" >out 2>err; then fail "'$ran' did not fail"; fi
  expect_err "$1"
  [ ! -s out ] || fail "'$ran' shows something"
}

# Starts the example's server; its address, which is not to stand on command lines, is in `address`.
start_server() { # <arguments...>
  mkfifo said
  "$program" "$@" >said 2>complaints &
  server=$!
  read -r address <said || fail "there is no server: $(cat complaints)"
  rm said
}

end_server() {
  kill $server
  wait $server || fail "the server ended with $?"
}
