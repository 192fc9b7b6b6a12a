#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# fetch.sh DEST: gets the age test vectors of C2SP/CCTV from npm into DEST and prints the folder they lie in, one file
# each, inflated. Does nothing but print where they are there already.
set -euo pipefail

version=0.2.0  # when it changes, left_out.txt may have to
dest=${1:?usage: fetch.sh DEST}
vectors=$dest/cctv-age-$version

if [ ! -d "$vectors" ]; then
  mkdir -p "$dest"
  npm install --no-save --no-audit --no-fund --prefix "$dest" "cctv-age@$version" >&2
  # The package is a module that exports the files. They are unpacked aside, so that the folder is whole or absent.
  unpacked=$(mktemp -d "$dest/unpack-XXXXXX")
  node --input-type=module - "$(realpath "$dest")/node_modules/cctv-age/index.js" "$unpacked" <<'EOF' >&2
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";

const [module, folder] = process.argv.slice(2);
for (const [name, bytes] of Object.entries(await import(pathToFileURL(module)))) {
  if (!/^\w+$/.test(name)) throw new Error(`not a file name: ${name}`);
  const file = Buffer.from(bytes);
  const end = file.indexOf("\n\n") + 1;
  const lines = file.subarray(0, end).toString("latin1");
  const header = lines.replace(/^compressed: zlib\n/m, "");
  const age = file.subarray(end + 1);
  writeFileSync(join(folder, name),
    Buffer.concat([Buffer.from(header + "\n", "latin1"), header === lines ? age : inflateSync(age)]));
}
EOF
  mv "$unpacked" "$vectors"
fi
echo "$vectors"
