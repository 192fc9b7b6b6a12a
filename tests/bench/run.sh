#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Installs what is measured side by side (Debian 12), builds with optimization, measures, and writes docs/performance.md
# with its plot. About half an hour, and 45 GB on the disk of FOLDER, which is the one measured:
#
#     bash tests/bench/run.sh [FOLDER] [OPTION OF reinstate_bench...]
#
# FOLDER keeps the licenses for the next run; without it they are in a temporary folder that is removed.
#
# As root, caches are dropped where that is measured; otherwise it is left out. Figures of a part of it, while working:
# reinstate_bench tells its options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/support/install_debian_packages.sh
install_debian_packages "${build_packages[@]}" "${test_packages[@]}" restic borgbackup age sqlite3 tar linux-perf

if [ $# -gt 0 ]; then
  folder=$1
  mkdir -p "$folder"
  shift
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
cmake --preset bench
cmake --build --preset bench --parallel "$(nproc)"
build=build/bench/tests/bench
measured=build/bench/performance.json

"$build/reinstate_bench" --folder "$folder" --licenses 1000,10000,100000,1000000 --runs 5 --quiet 20 \
  --json "$measured" "$@"
if [ -d "$folder/corpus-100000" ]; then
  python3 tests/bench/profile.py "$build/reinstate_bench" "$folder/corpus-100000" "$folder/keys" "$measured"
fi
if [ -x "$build/pieces_bench" ]; then "$build/pieces_bench"; fi
cp "$measured" docs/performance.json
python3 tests/bench/page.py
