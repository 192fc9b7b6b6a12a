# shellcheck shell=bash
# SPDX-License-Identifier: BSL-1.0
# To be sourced by every test of the tool, which gets the tool's path as its argument: a scratch folder to work in,
# licenses to work with, and checks that show what was there instead.
set -euo pipefail
tool=$(realpath "$1")
tests=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
unset REINSTATE_HOME REINSTATE_PASSPHRASE XDG_DATA_HOME
export HOME=$scratch/user

kid=2f05477fc24bb4faefd86517156daffc
key=b50d1b25559be9bd0a3cbe8ab59232fc
echo '{"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]}' >film.json
echo '{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","kid":"AAAAAAAAAAAAAAAAAAAAAQ"}]}' >restricted.json
echo 'correct horse battery staple' >passphrase
echo 'wrong horse' >wrong_passphrase

fail() {
  {
    echo "FAILED: $*"
    echo "--- standard output:" && cat out
    echo "--- standard error:" && cat err
  } >&2
  exit 1
}

# Runs the tool without a terminal; leaves its exit code in `code`, and what it printed in the files out and err.
run() {
  ran="$*"
  code=0
  setsid --wait "$tool" "$@" >out 2>err </dev/null || code=$?
}

expect_code() { [ "$code" -eq "$1" ] || fail "'$ran' ended with $code, not $1"; }
expect_out() { grep -qF -e "$1" out || fail "'$ran' does not print '$1'"; }
expect_err() { grep -qF -e "$1" err || fail "'$ran' does not complain '$1'"; }
expect_silence() { [ ! -s err ] || fail "'$ran' has something to complain about"; }

# Runs the tool, which must end well and silently.
done_well() {
  run "$@"
  expect_code 0
  expect_silence
}

# Runs the tool, which must fail with a text: failed_with <text> <arguments>
failed_with() {
  local text=$1
  shift
  run "$@"
  expect_code 1
  expect_err "reinstate: "
  expect_err "$text"
}

# Imports a license that may be backed up: add <home> <number, also of its key id> <title> [options]
add() {
  local key_id
  key_id=$({ head -c 15 /dev/zero && printf '%b' "\\x$(printf %02x "$2")"; } | base64 | tr '+/' '-_' | tr -d '=')
  echo '{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","kid":"'"$key_id"'"}]}' >added.json
  done_well --home "$1" import clearkey added.json --title "$3" --allow-backup "${@:4}"
}

# The key id of such a license.
key_id() { printf '%032x' "$1"; }

# The files of a folder and what is in them.
state_of() { (cd "$1" && find . -type f -not -name '*.db-*' -print0 | sort -z | xargs -0 sha256sum); }

# Damages two bytes of a file: damage <file> <offset>
damage() { printf '\x00\xff' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

# Leaves out the tests that need Python where there is none; ctest shows them as skipped.
need_python() {
  command -v python3 >/dev/null && return
  echo "Skipped: there is no python3 here."
  exit 77
}

# Runs the tool in a terminal, with somebody in front of it (terminal.py): in_terminal <steps> -- <arguments>
in_terminal() {
  local steps=()
  while [ "$1" != -- ]; do steps+=("$1") && shift; done
  shift
  ran="$*"
  code=0
  : >err
  TERM=xterm python3 "$tests/terminal.py" "${steps[@]}" -- "$tool" "$@" >out 2>&1 || code=$?
}
refuse_err() { if grep -qF -e "$1" err; then fail "'$ran' complains '$1'"; fi; }
refuse_out() { if grep -qF -e "$1" out; then fail "'$ran' shows '$1'"; fi; }

# Value of the last line's member that a Python expression names: json_result '["error"]["name"]'
# Fails unless every line of the file out is one JSON object.
json_result() { python3 "$tests/json_lines.py" out "$1" || fail "'$ran' prints something else than JSON objects"; }
expect_json() {
  local value
  value=$(json_result "$1")
  [ "$value" = "$2" ] || fail "'$ran' gives $value, not $2, for $1"
}
