#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash run.sh TOOL PROGRAM: machine two plays the encrypted stream with unmodified ffmpeg and mpv.
source "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../../tests/play/support.sh"
need ffmpeg curl
make_clip
make_machines

# Makes the stream: segments of a second, all encrypted with the content key.
mkdir stream
(umask 077 && printf '%b' "$(sed 's/../\\x&/g' <<<$key)" >content.key)
printf '%s\n' "key/$kid" content.key >key_info
ffmpeg -nostdin -loglevel error -i clear.mp4 -c copy -f hls -hls_time 1 -hls_playlist_type vod \
  -hls_key_info_file key_info -hls_segment_filename stream/clip%d.ts stream/clip.m3u8
rm content.key key_info
frames_of_ffmpeg -i clear.mp4 >clear.frames

# Plays through a playlist that has the address, since other users could read the address on a command line.
play() {
  (umask 077 && printf '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000000\n%sclip.m3u8\n' "$address" >"$1.m3u8")
  frames_of_ffmpeg -protocol_whitelist file,http,tcp,crypto -i "$1.m3u8" >"$1.frames" 2>err
}

status_of() { curl --silent --output answer --write-out '%{http_code}' "$@" || fail "no answer for $*"; }

start_server two stream
play restored || fail "ffmpeg ended with $?"
expect_same_frames clear.frames restored.frames
if command -v mpv >/dev/null; then
  mpv --no-config --really-quiet --o=mpv.frames --of=framemd5 --ovc=rawvideo --playlist=restored.m3u8 >out 2>err ||
    fail "mpv ended with $?"
  expect_same_frames clear.frames mpv.frames
else
  echo "mpv is not installed: played with ffmpeg only."
fi

# The server gives the key only to requests with the token, the right host name, and no foreign origin.
[ "$(status_of "${address}key/$kid")" = 200 ] || fail "the player would not get the key"
[ "$(stat -c %s answer)" -eq 16 ] || fail "this is no key"
others=("${address%/*/}/key/$kid" "${address%/*/}/00000000000000000000000000000000/key/$kid"
  "${address}key/$kid -H Host:localhost" "${address}key/$kid -H Host:example.com:80"
  "${address}key/$kid -H Origin:http://example.com" "${address}key/$kid -H Origin:null" "${address}key/$kid -X POST")
for other in "${others[@]}"; do
  # shellcheck disable=SC2086
  [ "$(status_of $other)" = 403 ] || fail "asked at $other, the server does not refuse"
  [ ! -s answer ] || fail "asked at $other, the server sends a body"
done
for name in key/ key/00000000 nosuch.ts .. ../two/machine.key ..%2Ftwo%2Fmachine.key ''; do
  [ "$(status_of --path-as-is "$address$name")" = 404 ] || fail "'$name' is found"
done
port=$(sed 's|.*:\([0-9]*\)/.*|\1|' <<<"$address")
for other in 127.0.0.2 "$(hostname -I | awk '{ print $1 }')"; do
  if [ -n "$other" ] && curl --silent --max-time 5 "http://$other:$port/" >answer; then fail "it listens on $other"; fi
done
[ ! -s complaints ] || fail "the server complains: $(cat complaints)"
end_server

# Without the license, errors and no frames.
for machine in three four; do
  start_server $machine stream
  [ "$(status_of "${address}key/$kid")" = 403 ] || fail "machine $machine has a key"
  [ ! -s answer ] || fail "machine $machine sends a body"
  play $machine || true
  [ -s err ] || fail "ffmpeg reports no error"
  [ -z "$(hashes $machine.frames)" ] || fail "machine $machine plays frames"
  grep -qF "$(refusal_of $machine)" complaints || fail "the server does not say why: $(cat complaints)"
  end_server
done
