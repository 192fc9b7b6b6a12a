#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash run.sh TOOL PROGRAM: a service on this machine, five machines of one user, and the page in between.
set -euo pipefail
tool=$(realpath "$1")
program=$(realpath "$2")
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
folder=$(mktemp -d)
trap 'kill ${service:-} 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
service=
cd "$folder"
mkfifo said answers printed

# The store owner: a service, which must know whose licenses it manages.
"$tool" serve --dev service --port 0 >said 2>log &
service=$!
exec 3<said
for option in url key certificate; do
  read -r _ "$option" <&3
done
"$tool" ledger issuer add 'Example Films' "$("$program" --issuer)" --ledger service/ledger.db

# The user: runs into the limit, and releases a machine on the page that he is shown.
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
