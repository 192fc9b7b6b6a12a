#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Installs what is missing (Debian 12), builds, and runs the whole suite. Arguments go to ctest:
#
#     bash tests/run.sh                 everything
#     bash tests/run.sh -R tool         the tests whose names match
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tests/support/install_debian_packages.sh

packages=("${build_packages[@]}" "${test_packages[@]}")
# Other sources than Debian's bring these as one package, so look for the programs.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
install_debian_packages "${packages[@]}"

cmake --preset dev
cmake --build --preset dev --parallel "$(nproc)"
cmake --build --preset dev --target all_verify_interface_header_sets  # every public header compiles alone
exec ctest --preset dev "$@"
