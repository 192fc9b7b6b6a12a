#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash run.sh TOOL PROGRAM: Chromium on machine two shows the same frames as of the clip before it was encrypted.
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
source "$here/../../tests/play/support.sh"
need ffmpeg python3 chromium
make_clip -bf 0 -g 25
encrypt_clip
for clip in clear encrypted; do python3 "$here/fragment.py" $clip.mp4 $clip.fragments.mp4; done
make_machines

# Plays a clip on a machine: the frames are in the file out, and the errors of the browser in err.
play() { # <machine> <clip>
  start_server "$1" "$2" "$here/page.html"
  code=0
  timeout 120 python3 "$here/browser.py" "$scratch/profile" <<<"$address" >out 2>err || code=$?
  end_server
}

play three clear.fragments.mp4
[ "$code" -eq 0 ] || fail "the clip does not play before it is encrypted"
cp out clear.frames
play two encrypted.fragments.mp4
[ "$code" -eq 0 ] || fail "the encrypted clip does not play"
[ ! -s complaints ] || fail "the server complains: $(cat complaints)"
cp out restored.frames
expect_same_frames clear.frames restored.frames

for machine in three four; do
  play $machine encrypted.fragments.mp4
  [ "$code" -eq 1 ] || fail "the browser ended with $code"
  expect_err "the license is refused: 403; frames decoded: 0; blank: yes"
  [ ! -s out ] || fail "machine $machine shows frames"
  grep -qF "$(refusal_of $machine)" complaints || fail "the server does not say why: $(cat complaints)"
done
