#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Plays a license from one machine on another. Run on a fresh Debian 12, as root or with sudo:
#
#     bash examples/quickstart.sh
#
# "Machines" A and B are two folders, since reinstate sees a machine as a folder. Everything is in a temporary folder
# that is removed at the end; only packages and the build in build/quickstart stay.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$project/tests/support/install_debian_packages.sh"

step=0
say() { printf '\n%s. %s\n' "$((++step))" "$*"; }

# Shows a command and runs it.
run() {
  printf '   $ %s\n' "$*"
  "$@" 2>&1 | sed 's/^/     /'
}

fail() {
  echo "quickstart failed: $*" >&2
  exit 1
}

# Shows a command and runs it; shows its output only if it fails.
run_quietly() {
  printf '   $ %s\n' "$*"
  local printed
  printed=$("$@" 2>&1) || fail "$printed"
}

random_hex() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# Converts hexadecimal digits to base64url without padding, the form of JSON Web Keys.
base64url() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")" | base64 | tr '+/' '-_' | tr -d '=\n'; }

# Prints the hash of every frame that a player shows, one per line.
frame_hashes() { ffmpeg -nostdin -loglevel quiet "$@" -map 0:v -f framemd5 - | grep '^0,' || true; }

say "Install the required packages"
install_debian_packages "${build_packages[@]}" ffmpeg

say "Build the command line tool (about four minutes)"
cd "$project"
# Leaves out the parts that this script does not need.
run_quietly cmake --preset release -B build/quickstart -DREINSTATE_PRECOMPILE=ON \
  -DREINSTATE_SERVICE=OFF -DREINSTATE_LCP=OFF -DREINSTATE_KEYRING=OFF
run_quietly cmake --build build/quickstart --target reinstate_tool
PATH=$project/build/quickstart/examples/reinstate:$PATH
unset REINSTATE_HOME REINSTATE_PASSPHRASE

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT PIPE TERM
cd "$scratch"
mkdir stick

say "Make a clip, and encrypt it with a random key (Common Encryption)"
key=$(random_hex)
kid=$(random_hex)
# ffmpeg takes keys only as arguments, where other users of the machine can see them: acceptable for a key that is used
# for a minute. reinstate never takes a secret as an argument.
ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=duration=3:size=320x180:rate=25 -pix_fmt yuv420p clear.mp4
ffmpeg -nostdin -loglevel error -i clear.mp4 -c copy \
  -encryption_scheme cenc-aes-ctr -encryption_key "$key" -encryption_kid "$kid" encrypted.mp4
frame_hashes -i clear.mp4 >clear.hashes
echo "   encrypted.mp4: $(wc -l <clear.hashes) frames, key id $kid"

say "Machine A gets the license of the clip"
printf '{"keys":[{"kty":"oct","k":"%s","kid":"%s"}],"type":"temporary"}\n' "$(base64url "$key")" "$(base64url "$kid")" \
  >clip.json
run reinstate --home machine-a import clearkey clip.json --title "The clip" --allow-backup
rm clip.json

say "Back up the licenses of machine A to a stick"
echo "four words you chose" >passphrase.txt
run reinstate --home machine-a backup stick --passphrase-file passphrase.txt

say "A copy of A's license database is useless on machine B"
mkdir -m 700 machine-b
run cp machine-a/licenses.db* machine-b
if run reinstate --home machine-b key "$kid" >copied.txt; then fail "the copied database opened on machine B"; fi
cat copied.txt
grep -q "belongs to another machine" copied.txt || fail "the copied database was refused for another reason"
run rm -r machine-b

say "Restore the backup on machine B"
run reinstate --home machine-b restore stick --passphrase-file passphrase.txt --individualize
run reinstate --home machine-b list

say "Play the clip on machine B"
echo "   \$ ffmpeg -decryption_key \"\$(reinstate --home machine-b key $kid)\" -i encrypted.mp4 ..."
restored_key=$(reinstate --home machine-b key "$kid")
frame_hashes -decryption_key "$restored_key" -i encrypted.mp4 >restored.hashes
frame_hashes -decryption_key "$(random_hex)" -i encrypted.mp4 >wrong.hashes
if cmp -s clear.hashes wrong.hashes; then fail "a wrong key plays the clip as well, so this proves nothing"; fi

total=$(wc -l <clear.hashes)
identical=$(comm -12 <(sort clear.hashes) <(sort restored.hashes) | wc -l)
[ "$total" -gt 0 ] || fail "the clip has no frames"
cmp -s clear.hashes restored.hashes || fail "only $identical of $total frames are identical"
echo "restored license plays: $identical of $total frames identical"
