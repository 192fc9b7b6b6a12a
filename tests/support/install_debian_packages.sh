# SPDX-License-Identifier: BSL-1.0
# To be sourced. Installs Debian packages, and calls apt only for what is missing.

# What building needs, and what the suite needs besides.
build_packages=(g++ cmake ninja-build pkg-config libboost1.81-dev libsodium-dev libsqlite3-dev nlohmann-json3-dev
  libcli11-dev)
test_packages=(catch2 age clang strace time python3 ffmpeg libssl-dev libsecret-1-dev gnome-keyring dbus-daemon
  g++-mingw-w64-x86-64-posix g++-mingw-w64-i686-posix valgrind libbenchmark-dev)
# Players that restored licenses are played in: about a minute and 700 MB, most of it Chromium. Without them their tests
# are skipped.
test_packages+=(libavformat-dev libavcodec-dev libavutil-dev libmpv-dev mpv chromium curl)

missing_debian_packages() {
  local package
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
      echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "Installing packages needs root: run this as root, or install sudo." >&2
    return 1
  fi
}

# install_debian_packages <names...>
install_debian_packages() {
  local missing
  mapfile -t missing < <(missing_debian_packages "$@")
  if [ "${#missing[@]}" -eq 0 ]; then
    echo "All packages are installed: $*"
    return 0
  fi
  echo "Installing with apt-get: ${missing[*]}"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}")
  # Fresh containers have no package lists, and old lists name versions that are gone; good ones need no update.
  if ! as_root "${install[@]}" >/dev/null 2>&1; then
    as_root apt-get update -qq
    as_root "${install[@]}" >/dev/null
  fi
}
