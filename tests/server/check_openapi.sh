#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Looks through the description of the service's protocol with Spectral:
#
#     bash check_openapi.sh FOLDER
#
# installs it in that folder, once. Skipped where there is no npm, or where npm finds no registry.
set -euo pipefail
document=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../docs/service/openapi.yaml")
command -v npm >/dev/null || { echo "Skipped: there is no npm here." && exit 77; }
mkdir -p "$1"
cd "$1"
if [ ! -x node_modules/.bin/spectral ]; then
  npm install --no-audit --no-fund --loglevel=error --prefix . @stoplight/spectral-cli@6 >npm.log 2>&1 ||
    { echo "Skipped: npm could not install Spectral:" && cat npm.log && exit 77; }
fi
echo '{"extends": ["spectral:oas"]}' >ruleset.json
node_modules/.bin/spectral lint --ruleset ruleset.json --fail-severity hint "$document"
