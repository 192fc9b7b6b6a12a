#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Kills the tool with SIGKILL at random moments of backups and restores.

    kill_at_random.py TOOL [RUNS] [SEED]

After every kill during a backup over an existing one, the old or the new backup must verify; one that was reported done
must be the new one. After every kill during a restore the store must be as before or complete. Moments are drawn evenly
over the time an undisturbed run takes, and a tenth more.
"""
import base64
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LICENSES = 2000


def write_keys(path, count, rng):
    encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    keys = [{"kty": "oct", "k": encode(rng.randbytes(16)), "kid": encode(rng.randbytes(16))} for _ in range(count)]
    path.write_text(json.dumps({"keys": keys, "type": "temporary"}))


class Tool:
    def __init__(self, program, passphrase):
        self.program, self.passphrase = program, passphrase

    def command(self, home, *arguments):
        return [self.program, "--home", str(home), "--json", *map(str, arguments)]

    def result(self, home, *arguments):
        """Runs to the end and gives the result line; the exit code must be 0."""
        done = subprocess.run(self.command(home, *arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])

    def killed_after(self, seconds, home, *arguments):
        """Runs, kills after some time, and says whether the tool had reported success before."""
        process = subprocess.Popen(self.command(home, *arguments), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        output = process.communicate()[0]
        lines = output.splitlines()
        return bool(lines) and lines[-1].startswith('{"result":"done"') and lines[-1].endswith("}")

    def duration(self, home, *arguments):
        start = time.monotonic()
        self.result(home, *arguments)
        return time.monotonic() - start


def copy(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


def kill_backups(tool, place, runs, rng):
    home, stick = place / "a", place / "stick"
    stick.mkdir()
    keys = place / "one.json"
    tool.result(home, "backup", stick, "--passphrase-file", tool.passphrase)
    usual = max(tool.duration(home, "backup", stick, "--overwrite") for _ in range(3))
    on_stick = have = LICENSES
    finished = replaced = 0
    for run in range(runs):
        write_keys(keys, 1, rng)
        tool.result(home, "import", "clearkey", keys, "--allow-backup")
        have += 1
        reported = tool.killed_after(rng.uniform(0, 1.1 * usual), home, "backup", stick, "--overwrite")
        found = tool.result(home, "verify", stick)["licenses_done"]
        allowed = {have} if reported else {on_stick, have}
        if found not in allowed:
            raise SystemExit(f"backup {run}: {found} licenses, reported done: {reported}, allowed: {allowed}")
        finished += reported
        replaced += found == have
        on_stick = found
    return f"backup:  {runs} kills, {finished} after it had ended, new backup {replaced} times, " \
           f"old {runs - replaced} times, all verified"


def kill_restores(tool, place, runs, rng):
    """On the machine the backup was made on, so that no time goes into the passphrase."""
    origin, before, home, stick = place / "a", place / "before", place / "b", place / "stick"
    tool.result(origin, "backup", stick, "--overwrite")
    complete = tool.result(origin, "list")["licenses"]
    before.mkdir()
    shutil.copy(origin / "machine.key", before)
    write_keys(place / "mine.json", 5, rng)
    tool.result(before, "import", "clearkey", place / "mine.json")
    times = []
    for _ in range(3):
        copy(before, home)
        times.append(tool.duration(home, "restore", stick))
    finished = restored = 0
    for run in range(runs):
        copy(before, home)
        reported = tool.killed_after(rng.uniform(0, 1.1 * max(times)), home, "restore", stick)
        found = tool.result(home, "list")["licenses"]
        allowed = {complete + 5} if reported else {5, complete + 5}
        if found not in allowed:
            raise SystemExit(f"restore {run}: {found} licenses, reported done: {reported}, allowed: {allowed}")
        finished += reported
        restored += found != 5
        if found == 5 and run % 10 == 0:
            tool.result(home, "restore", stick)
    return f"restore: {runs} kills, {finished} after it had ended, store complete {restored} times, " \
           f"as before {runs - restored} times"


def main():
    program = str(Path(sys.argv[1]).resolve())
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "passphrase").write_text("of nobody's concern\n")
        tool = Tool(program, place / "passphrase")
        write_keys(place / "keys.json", LICENSES, rng)
        tool.result(place / "a", "import", "clearkey", place / "keys.json", "--allow-backup")
        print(kill_backups(tool, place, runs, rng), flush=True)
        print(kill_restores(tool, place, runs, rng), flush=True)


main()
