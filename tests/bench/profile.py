#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Adds to a file of figures where the processor's time goes.

    profile.py REINSTATE_BENCH CORPUS KEYS FIGURES.json

CORPUS is one that reinstate_bench has made. Needs perf; without it nothing is added.
"""
import json, pathlib, re, shutil, subprocess, sys, tempfile

# What no other of them calls.
PARTS = {
    "BLAKE2b of what is written and read": ["reinstate::crypto::hasher::update"],
    "ChaCha20-Poly1305 of the chunks": ["reinstate::crypto::chacha20poly1305_seal",
                                        "reinstate::crypto::chacha20poly1305_open"],
    "XChaCha20-Poly1305 of the store": ["reinstate::crypto::xchacha20poly1305_seal",
                                        "reinstate::crypto::xchacha20poly1305_open"],
    "SQLite, its reads and writes included": ["sqlite3_step", "sqlite3_blob_read", "sqlite3_exec"],
    "writing to the medium, and fsync": ["reinstate::posix::write_all", "fsync", "fdatasync", "sync_file_range"],
    "reading from the medium": ["reinstate::posix::read_full"],
}
REST = "everything else"


def shares(command):
    """The share of each part, of all samples, of everything that is called from it."""
    with tempfile.TemporaryDirectory() as folder:
        samples = pathlib.Path(folder) / "perf.data"
        subprocess.run(["perf", "record", "-q", "-F", "999", "--call-graph", "dwarf,8192", "-o", samples, *command],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        report = subprocess.run(
            ["perf", "report", "-i", samples, "--children", "-g", "none", "--sort", "symbol", "--stdio"], check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    found = {}
    for line in report.splitlines():
        match = re.match(r"\s*([\d.]+)%\s+[\d.]+%\s+\[[.k]\]\s+(\S.*?)(\s+-\s+-\s*)?$", line)
        if match: found[match[2]] = found.get(match[2], 0) + float(match[1]) / 100
    out = {part: sum(found.get(symbol, 0) for symbol in symbols) for part, symbols in PARTS.items()}
    out[REST] = max(0, 1 - sum(out.values()))
    return out


def main():
    program, corpus, keys, figures = map(pathlib.Path, sys.argv[1:])
    if not shutil.which("perf"):
        print("perf is not installed: no profile", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(dir=corpus) as folder:
        medium, home = pathlib.Path(folder) / "medium", pathlib.Path(folder) / "home"
        medium.mkdir()
        backup = shares([program, "backup", corpus / "home", medium, keys])
        subprocess.run([program, "individualize", home], check=True)
        restore = shares([program, "restore", home, medium, keys])
    data = json.loads(figures.read_text())
    data["profile"] = {"backup": backup, "restore": restore}
    figures.write_text(json.dumps(data, indent=1) + "\n")


main()
