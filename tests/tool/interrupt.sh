#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Ctrl-C and a termination cancel what runs: exit code 1, and nothing was changed.
source "$(dirname "$0")/support.sh"
need_python
mkdir stick other_stick
done_well --home a import clearkey film.json --allow-backup
done_well --home a backup stick --passphrase-file passphrase
done_well --home b import clearkey restricted.json
done_well --home b list
cp out before

# interrupted <signal> <arguments>: sends the signal at the first event, while scrypt still works on the passphrase.
interrupted() {
  ran="${*:2}"
  code=0
  : >err
  python3 - "$1" "$tool" --json --passphrase-file passphrase "${@:2}" >out <<'PYTHON' || code=$?
import signal, subprocess, sys
run = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, text=True)
first = run.stdout.readline()
run.send_signal(getattr(signal, sys.argv[1]))
print(first + run.communicate()[0], end="")
sys.exit(run.returncode)
PYTHON
  expect_code 1
  expect_json '["result"]' canceled
  expect_json '["error"]["name"]' operation_canceled
}

for signal in SIGINT SIGTERM SIGHUP SIGQUIT; do
  interrupted $signal --home b restore stick
  done_well --home b list
  cmp -s out before || fail "a canceled restore changed the licenses"
  interrupted $signal --home a backup other_stick
  failed_with "There is no backup at this path." --home a verify other_stick
done
done_well --home a backup other_stick --passphrase-file passphrase
