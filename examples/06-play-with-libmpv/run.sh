#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash run.sh TOOL PROGRAM: what machine two plays is what the clip showed before it was encrypted.
source "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../../tests/play/support.sh"
need ffmpeg
make_clip
encrypt_clip
make_machines

frames_of_ffmpeg -i clear.mp4 >clear.frames
shows out two none clear.mp4 clear_here.frames
expect_same_frames clear.frames clear_here.frames
shows out two $kid encrypted.mp4 restored.frames
expect_same_frames clear.frames restored.frames

for machine in three four; do
  shows_nothing "$(refusal_of $machine)" $machine $kid encrypted.mp4 refused.frames
  [ ! -e refused.frames ] || fail "machine $machine plays something"
done

# Without a key the player finds nothing to show, so the frames above came from the license.
if "$program" two none encrypted.mp4 refused.frames >out 2>err; then fail "the clip plays without a key"; fi
[ ! -e refused.frames ] || [ -z "$(hashes refused.frames)" ] || fail "the clip shows frames without a key"
