#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# The tool runs a service, and tells its ledger what it must know.
source "$(dirname "$0")/../tool/support.sh"
issuer=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff

# Starts a service; what it prints is in the file served: start <arguments of serve>
start() {
  mkfifo said
  ran="serve $*"
  "$tool" serve "$@" >said 2>log &
  server=$!
  exec 3<said
  rm said
  : >served
}
told() { # <lines>: waits for so many
  local line
  for ((i = 0; i < $1; i++)); do
    read -r line <&3 || { cp served out && cp log err && fail "'$ran' ended early"; }
    echo "$line" >>served
  done
}
stop() { # <signal>
  kill "-$1" $server
  code=0
  wait $server || code=$?
  cat <&3 >>served
  exec 3<&-
  cp served out
  cp log err
  expect_code 0
}
value_of() { sed -n "s/^$1 //p" served; }

start --dev service --port 0
told 3
url=$(value_of --service)
key=$(value_of --service-key)
certificate=$(value_of --service-certificate)
case $url in https://127.0.0.1:*) ;; *) fail "the address is '$url'" ;; esac
case $key in reinstate-service:*) ;; *) fail "the key is '$key'" ;; esac
if command -v curl >/dev/null; then
  curl --silent --fail --cacert "$certificate" "$url/healthz" | grep -qF '"ok"' || fail "the service is not healthy"
  curl --silent --fail --cacert "$certificate" "$url/v1/service" | grep -qF "$key" || fail "the key is another"
  grep -qF '"path":"/healthz","status":200' log || fail "nothing is logged"
fi
for file in service service/service-key service/cert-key.pem service/ledger.db; do
  [ -z "$(find "$file" -maxdepth 0 -perm /077)" ] || fail "others may read $file"
done

# A service can be told something while it runs, and a second one cannot have its address.
done_well ledger issuer add 'A studio' $issuer --ledger service/ledger.db
failed_with "The service cannot listen" serve --ledger service/ledger.db --key service/service-key \
  --tls-cert service/cert.pem --tls-key service/cert-key.pem --port "${url##*:}"
stop TERM
[ "$(wc -l <served)" -eq 3 ] || fail "more was printed than three lines"

# The same service again, with the same key.
start --dev service --port 0 --json
told 1
grep -qF "$key" served || fail "the key is another one"
grep -qF '{"serving":{"url":"https://' served || fail "the address is not told"
stop INT
expect_out '{"result":"done","error":null}'

# Issuers, and what an operator does.
done_well ledger issuers --ledger service/ledger.db
expect_out "$issuer  \"A studio\""
done_well --json ledger issuers --ledger service/ledger.db
expect_out '"issuers":[{"name":"A studio","key":"'$issuer'"}]'
done_well ledger audit --ledger service/ledger.db
done_well --json ledger audit --after 5 --ledger service/ledger.db
expect_out '"result":"done"'
failed_with "None of your licenses is on that machine." \
  ledger release 00000000-0000-0000-0000-000000000001 $issuer --ledger service/ledger.db
echo garbage >list
failed_with "This is not a revocation list" ledger revocations list --ledger service/ledger.db
failed_with "list" ledger revocations nothing/list --ledger service/ledger.db

# A mistyped name makes neither a key nor a ledger.
failed_with "nothing.db" ledger issuers --ledger nothing.db
failed_with "nothing.db" serve --plain --ledger nothing.db --key service/service-key
failed_with "nothing.key" serve --plain --ledger service/ledger.db --key nothing.key
[ ! -e nothing.db ] && [ ! -e nothing.key ] || fail "something was made"
failed_with "cert.pem" serve --ledger service/ledger.db --key service/service-key --tls-cert service/cert.pem \
  --tls-key service/service-key --port 0
failed_with "0.0.0.0" serve --plain --address 0.0.0.0 --ledger service/ledger.db --key service/service-key

start --plain --create --ledger new.db --key new.key --port 0 --quiet --release-cool-down 1 --no-former-self
told 2
[ -e new.db ] && [ -e new.key ] || fail "nothing was made"
stop TERM
[ ! -s log ] || fail "--quiet logs"

for wrong in "" "--ledger a" "--ledger a --key b" "--ledger a --key b --tls-cert c" "--dev --ledger a" "folder" \
  "--dev --port 70000"; do
  # shellcheck disable=SC2086
  run serve $wrong
  expect_code 2
done
run ledger issuer add 'A studio' 0011 --ledger service/ledger.db
expect_code 2
