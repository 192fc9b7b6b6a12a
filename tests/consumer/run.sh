#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# run.sh installed BUILD_FOLDER | run.sh subdirectory SOURCE_FOLDER
# Builds and runs the consumer project in one of the two ways a project can use reinstate.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

case $1 in
  installed)
    cmake --install "$2" --prefix "$place/prefix" >"$place/install.log"
    found=-DCMAKE_PREFIX_PATH="$place/prefix"
    "$place/prefix/bin/reinstate" --version
    ;;
  subdirectory) found=-DREINSTATE_SOURCE="$2" ;;
  *) echo "usage: run.sh installed BUILD_FOLDER | run.sh subdirectory SOURCE_FOLDER" >&2; exit 2 ;;
esac

# Debug as to assertions, but quick to build: without optimization and debug information.
cmake -S "$here/project" -B "$place/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 "$found"
cmake --build "$place/build" --target consumer old_player optional
cd "$place"
build/consumer
build/old_player
for optional in keeper issuer; do
  if [ -e build/$optional ]; then build/$optional; fi
done
