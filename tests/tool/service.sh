#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Managed licenses and their service, as users see them: from issuing to releasing, over TLS on this machine.
source "$(dirname "$0")/support.sh"
run serve --help
[ "$code" -eq 0 ] || { echo "Skipped: the tool is built without the service." && exit 77; }
mkdir stick

# Starts the service in the folder dev, and waits until it has said how to reach it; its options are then in `known`.
start_service() {
  rm -f lines && mkfifo lines
  "$tool" serve --dev dev --port "${1:-0}" --release-cool-down 0 >lines 2>serve.log &
  service=$!
  mapfile -t -n 3 options <lines
  read -r -a known <<<"${options[*]}"
}
stop_service() {
  kill -TERM "$service"
  wait "$service" || fail "the service ended with $?"
}
trap '[ -z "${service:-}" ] || kill "$service" 2>/dev/null || :; rm -rf "$scratch"' EXIT
start_service
url=${known[1]}
port=${url##*:}

# An issuer, whom the service is told of, and his licenses on machine a.
done_well issuer key studio.key
expect_out "A new private key is in studio.key"
[ "$(stat -c %a studio.key)" = 600 ] || fail "others may read the issuer's key"
done_well issuer key studio.key --json
issuer=$(json_result '["public_key"]')
failed_with "film.json: This is not valid here." issuer key film.json
done_well ledger issuer add Studio "$issuer" --ledger dev/ledger.db
as_issuer=(--issuer-name Studio --issuer-key studio.key --managed --machines 2 --user 'user 7')
done_well --home a import clearkey film.json --title 'A film' "${as_issuer[@]}"
done_well --home a import clearkey restricted.json --title 'Free' --allow-backup

# Without a service, or with half of one, a backup leaves managed licenses out and says how to name one.
run --home a backup stick --passphrase-file passphrase
expect_code 3
expect_out "A film"
expect_out "--service-key KEY"
failed_with "service" --home a backup stick --overwrite --service "$url"
run --home a backup stick --service-key "${known[3]}x"
expect_code 2

# A backup needs the key only, and asks nobody.
stop_service
done_well --home a backup stick --overwrite --service-key "${known[3]}" --passphrase-file passphrase
expect_out "Backed up 2 licenses ("
start_service "$port"

# What is remembered is checked, shown, used and forgotten.
failed_with "The path does not exist." --home b service set --service "$url" --service-key "${known[3]}" \
  --service-certificate nosuch.pem
[ ! -e b ] || fail "something was remembered"
failed_with "http://licenses.example: This is not valid here." --home b service set --service http://licenses.example --service-key "${known[3]}"
done_well --home b service set "${known[@]}" --machine-name 'Living room'
done_well --home b service set --trusted-issuer "Studio=$issuer"
done_well --home b service show
for line in "$url" "${known[3]}" dev/cert.pem 'Living room' "Studio=$issuer"; do expect_out "$line"; done
[ "$(wc -l <out)" -eq 5 ] || fail "something else is remembered"
done_well --home b service forget
done_well --home b service show
expect_out "(none"
echo '{"key": 7}' >b/service.json
failed_with "b/service.json" --home b service show
echo '{"key": "reinstate-service:x"}' >b/service.json
failed_with "b/service.json" --home b service show
done_well --home b service forget
done_well --home b service set "${known[@]}" --machine-name 'Living room'

# Nobody agreed: the managed license is left out, the other one restored.
restore=(restore stick --individualize --passphrase-file passphrase)
run --home b "${restore[@]}"
expect_code 3
expect_out "Restored 1 license ("
expect_out "--agree"
run --home b "${restore[@]}" --offline
expect_code 3
expect_out "forbids network access"

# In a terminal the user is asked, with what would be sent and to whom.
if command -v python3 >/dev/null; then
  for answer in n ''; do
    in_terminal see:"$url" see:'Living room' see:'Continue?' type:"$answer" -- --home b "${restore[@]}"
    expect_code 3
    expect_out "contacting it was not permitted"
  done
fi

# How options go together.
for wrong in "release" "release stick" "release stick a --send" "restore stick --agree --offline" "service" \
  "service set --trusted-issuer Studio" "import clearkey film.json --managed" "issuer revoke list.bin"; do
  # shellcheck disable=SC2086
  run $wrong
  expect_code 2
done
for command in service 'service set' 'service show' 'service forget' machines release issuer 'issuer key' \
  'issuer revoke'; do
  # shellcheck disable=SC2086
  done_well $command --help
  expect_out "Example: reinstate "
done

# Machine b takes the second place, and plays.
done_well --home b "${restore[@]}" --agree
expect_out "Restored 1 license ("
done_well --home b key $kid
[ "$(cat out)" = $key ] || fail "the key restored is another one"

# There is no third place; the page is named.
run --home c "${restore[@]}" --agree "${known[@]}" --machine-name 'Kitchen'
expect_code 3
expect_out "See $url/machines"
expect_out "on as many machines as its issuer permits"

# The owner lists the machines, and releases one by its name.
failed_with "The passphrase does not open this backup." --home b machines stick --passphrase-file wrong_passphrase
done_well --home b machines stick --passphrase-file passphrase
expect_out "Living room"
expect_out "this machine"
expect_out "A license may be on 2 machines."
done_well --home b machines stick --passphrase-file passphrase --json
living_room=$(sed -n 's/.*"machine":"\([0-9a-f]*\)","name":"Living room".*/\1/p' out)
[ -n "$living_room" ] || fail "the machine is not in the list"
failed_with "Kitchen: None of your licenses is on that machine." --home b release stick Kitchen \
  --passphrase-file passphrase
done_well --home b release stick 'Living room' --passphrase-file passphrase
expect_out "Released: 1 license."
done_well --home c "${restore[@]}" --agree "${known[@]}" --machine-name 'Kitchen'
expect_out "Restored 1 license ("

# Where the service is away, a release by its whole id waits, and is sent when it is back.
stop_service
failed_with "$url: The License Management Service cannot be reached." --home c release stick Kitchen \
  --passphrase-file passphrase "${known[@]}"
run --home c release stick "$living_room" --passphrase-file passphrase "${known[@]}"
expect_code 3
expect_out "The release is kept"
run --home c release --send "${known[@]}"
expect_code 3
expect_out "Still waiting: 1."
start_service "$port"
run --home c release --send "${known[@]}"
expect_out "Still waiting: 0."
done_well --home c release --send "${known[@]}"

# The machine that made the backup, with a new system, takes back its own place: there is no other.
run --home e "${restore[@]}" --agree "${known[@]}"
expect_code 3
expect_out "on as many machines as its issuer permits"
done_well --home e "${restore[@]}" --agree "${known[@]}" --same-machine
expect_out "Restored 1 license ("

# With trusted issuers, what none of them signed is left out.
run --home f "${restore[@]}" --offline --trusted-issuer "Studio=$issuer"
expect_code 3
expect_out '"Free"'
expect_out "no trusted issuer signed the statement"

# A license that its issuer revoked comes back nowhere.
done_well --home a list --json
license=$(sed -n 's/.*"license_id":"\([0-9a-f]*\)".*"title":"A film".*/\1/p' out)
done_well issuer revoke list.bin --issuer-name Studio --issuer-key studio.key --version 1 --license "$license"
failed_with "list.bin: File exists" issuer revoke list.bin --issuer-name Studio --issuer-key studio.key --version 2
done_well ledger revocations list.bin --ledger dev/ledger.db
run --home d "${restore[@]}" --agree "${known[@]}"
expect_code 3
expect_out "revoked"

# Another service that answers at this address is found out.
stop_service
mv dev old
start_service "$port"
known[3]=$("$tool" --home b service show | sed -n 's/^key *//p')
failed_with "did not come from the License Management Service whose key is configured" --home b machines stick \
  --passphrase-file passphrase --service-certificate dev/cert.pem
stop_service
service=
