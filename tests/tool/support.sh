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

# Leaves out the tests that need Python where there is none; ctest shows them as skipped.
need_python() {
  command -v python3 >/dev/null && return
  echo "Skipped: there is no python3 here."
  exit 77
}

# Value of the last line's member that a Python expression names: json_result '["error"]["name"]'
# Fails unless every line of the file out is one JSON object.
json_result() { python3 "$tests/json_lines.py" out "$1" || fail "'$ran' prints something else than JSON objects"; }
expect_json() {
  local value
  value=$(json_result "$1")
  [ "$value" = "$2" ] || fail "'$ran' gives $value, not $2, for $1"
}
