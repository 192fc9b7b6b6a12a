#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash run.sh TOOL PROGRAM: machine two plays the same frames as of the clip before it was encrypted.
source "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../../tests/play/support.sh"
need ffmpeg
make_clip
encrypt_clip
make_machines
# Sanitizers check only our own code: libmpv leaks a packet of libavutil when it writes frames, and a thread sanitizer
# does not see the synchronization of threads that it did not instrument.
echo leak:av_malloc >leaks
printf 'called_from_lib:%s\n' libmpv.so libavcodec.so libavutil.so >races
export LSAN_OPTIONS=suppressions=$scratch/leaks:print_suppressions=0 TSAN_OPTIONS=suppressions=$scratch/races

frames_of_ffmpeg -i clear.mp4 >clear.frames
shows two none clear.mp4 clear_here.frames
expect_same_frames clear.frames clear_here.frames
shows two $kid encrypted.mp4 restored.frames
expect_same_frames clear.frames restored.frames

for machine in three four; do
  shows_nothing "$(refusal_of $machine)" $machine $kid encrypted.mp4 refused.frames
  [ ! -e refused.frames ] || fail "machine $machine plays frames"
done

# Without a key the player finds nothing to show, so the frames above came from the license.
if "$program" two none encrypted.mp4 refused.frames >out 2>err; then fail "the clip plays without a key"; fi
[ ! -e refused.frames ] || [ -z "$(hashes refused.frames)" ] || fail "the clip shows frames without a key"

# The program mpv gets the key through a pipe: printf is built into the shell, so no command line has the key.
if command -v mpv >/dev/null; then
  mpv --no-config --really-quiet --o=mpv.frames --of=framemd5 --ovc=rawvideo \
    --include=<(printf 'demuxer-lavf-o=decryption_key=%s\n' "$("$tool" --home two key $kid)") \
    encrypted.mp4 >out 2>err || fail "mpv ended with $?"
  expect_same_frames clear.frames mpv.frames
else
  echo "The program mpv is not installed: played with the library only."
fi
