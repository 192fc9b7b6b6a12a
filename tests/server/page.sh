#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# A browser shows the machines page and releases a machine there:
#
#     bash page.sh SERVER FOLDER
#
# leaves pictures of the pages in FOLDER/pictures, and installs puppeteer-core in FOLDER, once. Skipped where there is no
# Chromium or no npm, or where npm finds no registry.
set -euo pipefail
server=$1
script=$(realpath "$(dirname "${BASH_SOURCE[0]}")")/page.mjs
for name in chromium node npm; do
  command -v "$name" >/dev/null || { echo "Skipped: there is no $name here." && exit 77; }
done
mkdir -p "$2/pictures"
cd "$2"
if [ ! -d node_modules/puppeteer-core ]; then
  npm install --no-audit --no-fund --loglevel=error --prefix . puppeteer-core@24 >npm.log 2>&1 ||
    { echo "Skipped: npm could not install puppeteer-core:" && cat npm.log && exit 77; }
fi
cp "$script" page.mjs # beside what it imports

coproc served { exec "$server"; }
read -r link <&"${served[0]}"
read -r expired <&"${served[0]}"
printf '%s\n' "$link" "$expired" | node page.mjs "$(command -v chromium)" pictures
eval "exec ${served[1]}>&-"
