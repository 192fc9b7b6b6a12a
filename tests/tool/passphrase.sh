#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# A passphrase is asked for without echo, and never seen by others.
source "$(dirname "$0")/support.sh"
need_python
mkdir stick

done_well --home a import clearkey film.json --allow-backup

# A new one is asked for twice, until both are the same.
in_terminal see:'Choose a passphrase' hidden type:'open sesame' see:'Repeat' hidden type:'open sesam' \
  see:'not the same' see:'Choose' hidden type:'open sesame' see:'Repeat' hidden type:'open sesame' \
  -- --home a backup stick
expect_code 0
expect_out 'Backed up 1 license'
refuse_out sesam

in_terminal see:'Passphrase or recovery code of this backup' hidden type:'open sesame' -- --home b restore stick --individualize
expect_code 0
expect_out 'Restored 1 license'
refuse_out sesame

in_terminal see:'Passphrase or recovery code of this backup' type:'wrong' -- --home c verify stick
expect_code 1
expect_out 'The passphrase does not open this backup.'

in_terminal see:'Passphrase or recovery code of this backup' type: -- --home c verify stick
expect_code 1
expect_out 'The passphrase is empty.'

# Neither does it ask a machine that has the key, nor a user who gave it.
in_terminal -- --home a verify stick
expect_code 0
refuse_out 'Passphrase or recovery code of'
in_terminal -- --home c verify stick --passphrase-file wrong_passphrase
expect_code 1
refuse_out 'Passphrase or recovery code of'

# However it ends, the terminal has its echo back (terminal.py looks), and nothing was changed.
for pressed in ^C ^D '^\'; do
  in_terminal see:'Passphrase or recovery code of this backup' hidden press:"$pressed" -- --home d restore stick --individualize
  expect_code 1
  expect_out 'The operation was canceled.'
  expect_out 'Nothing was changed'
done
for pressed in ^C ^D '^\'; do
  in_terminal see:'Choose' hidden type:'open sesame' see:Repeat press:"$pressed" -- --home b backup stick --overwrite
  expect_code 1
  expect_out 'The operation was canceled.'
done
done_well --home a verify stick

# Neither the arguments nor the environment of a running tool show it to others.
python3 - "$tool" <<'PYTHON' || fail "the passphrase can be seen from outside"
import os, signal, subprocess, sys
secret = "open sesame"
run = subprocess.Popen([sys.argv[1], "--home", "c", "--json", "verify", "stick"], stdout=subprocess.PIPE,
                       env=dict(os.environ, REINSTATE_PASSPHRASE=secret))
run.stdout.readline()  # the first event: the tool has read the passphrase
run.send_signal(signal.SIGSTOP)
for name in "cmdline", "environ":
    with open(f"/proc/{run.pid}/{name}", "rb") as file:
        assert secret.encode() not in file.read(), name
run.send_signal(signal.SIGCONT)
run.communicate()
assert run.returncode == 0, run.returncode
PYTHON
