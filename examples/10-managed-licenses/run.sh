#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash run.sh TOOL PROGRAM: runs a service, five machines of one user, and releases a machine on the service's page.
set -euo pipefail
tool=$(realpath "$1")
program=$(realpath "$2")
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
folder=$(mktemp -d)
trap 'kill ${service:-} 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
service=
cd "$folder"
mkfifo service_output answers printed

# The store owner starts a service, and registers the issuer whose licenses it manages.
"$tool" serve --dev service --port 0 >service_output 2>log &
service=$!
exec 3<service_output
for option in url key certificate; do
  read -r _ "$option" <&3
done
"$tool" ledger issuer add 'Example Films' "$("$program" --issuer)" --ledger service/ledger.db

# The user reaches the limit, and releases a machine on the page that the program names.
"$program" machines "$url" "$key" "$certificate" <answers >printed &
machines=$!
exec 4>answers
exec 5<printed
while read -r line <&5; do
  echo "$line"
  case $line in
    'The page: '*) page=${line#The page: } ;;
    'Press Enter'*)
      python3 "$here/release.py" "$page" Kitchen "$certificate"
      echo >&4
      ;;
  esac
done
wait $machines
