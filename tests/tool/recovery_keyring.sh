#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# A backup can be opened with a key in the key store of the user's session: here one of its own, on a bus of its own.
source "$(dirname "$0")/support.sh"
for program in dbus-run-session gnome-keyring-daemon; do
  command -v $program >/dev/null || { echo "Skipped: there is no $program here." && exit 77; }
done
"$tool" recovery add --help | grep -q -e --keyring || { echo "Skipped: the tool has no keyring." && exit 77; }

if [ -z "${in_session:-}" ]; then
  unset DISPLAY WAYLAND_DISPLAY # nobody is there to be asked
  in_session=1 timeout 120 dbus-run-session -- bash "$tests/recovery_keyring.sh" "$tool"
  exit
fi
mkdir -m 700 run user
export XDG_RUNTIME_DIR=$scratch/run XDG_DATA_HOME=$scratch/user
printf of-a-test | gnome-keyring-daemon --unlock --components=secrets >daemon 2>&1

mkdir stick
done_well --home a import clearkey film.json --allow-backup
done_well --home a backup stick --passphrase-file passphrase
failed_with 'The given key does not open this backup.' --home b recovery check stick --keyring
done_well --home a recovery add stick --keyring
done_well --home b recovery check stick --keyring
expect_out keyring
done_well --home b restore stick --individualize --keyring
done_well --home c verify stick --keyring

# Once is enough.
before=$(ls stick)
done_well --home a recovery add stick --keyring
[ "$(ls stick)" = "$before" ] || fail "the keyring got a second slot"

# A removed one is forgotten, so that a copy of it does not open either.
slot=$(cd stick && echo recovery-*-keyring-*)
cp "stick/$slot" copy
done_well --home b recovery remove stick "$slot"
cp copy "stick/$slot"
failed_with 'The given key does not open this backup.' --home b recovery check stick --keyring
done_well --home b recovery remove stick "$slot"
done_well --home a recovery add stick --keyring
done_well --home b recovery check stick --keyring
run --home b restore stick --keyring --identity-file nowhere
expect_code 2

# Nothing is left of a slot that could not be added.
mkdir other
done_well --home b backup other --passphrase-file passphrase
failed_with 'The passphrase does not open' --home c recovery add other --keyring --passphrase-file wrong_passphrase
failed_with 'The given key does not open this backup.' --home c recovery check other --keyring
