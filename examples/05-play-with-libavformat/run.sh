#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash run.sh TOOL PROGRAM: machine two plays the same frames as of the clip before it was encrypted.
source "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../../tests/play/support.sh"
need ffmpeg
make_clip
encrypt_clip
make_machines

frames_of_ffmpeg -i clear.mp4 >clear.frames
shows two clear.mp4
cp out clear_here.frames
expect_same_frames clear.frames clear_here.frames
shows two encrypted.mp4
cp out restored.frames
expect_same_frames clear.frames restored.frames

for machine in three four; do shows_nothing "$(refusal_of $machine)" $machine encrypted.mp4; done
