#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compares the instructions of the hot loops with the checked-in counts.

    count_instructions.py COUNTED_LOOP [--accept] [--keep FOLDER]

Counts repeat where times do not: on a busy machine, and on another one. They are taken for each library apart, in one
thread, with valgrind's callgrind. This library's own count is good for one compiler and its flags, that of SQLite for
one version of it, that of libsodium also for what the processor offers, that of libc for one processor besides the
compiler. What was counted with something else is not compared; where nothing is left, the test is skipped (exit code
77).

--accept writes new counts. Say in the commit why they are higher.
"""
import argparse, json, pathlib, shutil, subprocess, sys, tempfile

LICENSES = 2000
TOLERANCE = 0.03
SLACK = 5  # instructions a license: less is no news however small the count
SKIPPED = 77
COUNTS = pathlib.Path(__file__).with_name("instruction_counts.json")
# What each count depends on.
DEPENDS = {"reinstate": ["compiler", "flags", "boost"], "sqlite": ["sqlite"], "libsodium": ["libsodium", "processor"],
           "libc": ["compiler", "flags", "libc", "model"]}


def part_of(obj):
    """Which of the counts an object file adds to."""
    name = pathlib.Path(obj).name
    if name.startswith("libsqlite3"): return "sqlite"
    if name.startswith("libsodium"): return "libsodium"
    if name == "counted_loop" or name.startswith("libreinstate"): return "reinstate"
    if name.startswith("libc.so"): return "libc"
    return None


def read_counts(file):
    """The instructions in each object's own functions, from callgrind's output."""
    counts = dict.fromkeys(DEPENDS, 0)
    names, obj, skip = {}, None, False
    for line in open(file, errors="replace"):
        if line.startswith("ob="):
            number, _, name = line[3:].strip().partition(" ")
            obj = names.setdefault(number, name)
        elif line.startswith("cob="):
            number, _, name = line[4:].strip().partition(" ")
            names.setdefault(number, name)
        elif line.startswith("calls="):
            skip = True  # the next line has what was called, which counts itself
        elif line[0] in "0123456789+-*":
            part = None if skip or obj is None else part_of(obj)
            skip = False
            if part: counts[part] += int(line.split()[1])
    return counts


def processor(line):
    lines = (each.partition(":") for each in open("/proc/cpuinfo"))
    return next((value.strip() for name, _, value in lines if name.strip() == line), "")


def processor_features():
    """Those by which libsodium chooses its code."""
    return " ".join(sorted(set(processor("flags").split()) & {"ssse3", "sse4_1", "avx", "avx2", "avx512f"}))


def describe(program):
    """What counts depend on here, and the names of the loops."""
    lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
    pairs = [line.split("\t", 1) for line in lines]
    here = {name: value for name, value in pairs if name != "loop"}
    here |= {"processor": processor_features(), "model": processor("model name")}
    return here, [value for name, value in pairs if name == "loop"]


def count(program, loop, keep):
    with tempfile.TemporaryDirectory() as folder:
        out = (keep or pathlib.Path(folder)) / ("callgrind." + "".join(c if c.isalnum() else "_" for c in loop))
        subprocess.run(["valgrind", "--tool=callgrind", "--toggle-collect=counted", f"--callgrind-out-file={out}",
                        "--quiet", program, loop, folder, str(LICENSES)], check=True)
        return read_counts(out)


def difference(new, old):
    return (new - old) / max(old, 1)


def compare(counts, before, comparable):
    """The loops that differ, as lines of text."""
    wrong = []
    for loop in sorted(counts.keys() | before.keys()):
        for part in comparable:
            new, old = counts.get(loop, {}).get(part, 0), before.get(loop, {}).get(part, 0)
            by = difference(new, old)
            text = f"{loop:28} {part:10} {old / LICENSES:9.0f} -> {new / LICENSES:9.0f} a license, {100 * by:+.2f} %"
            print(text)
            if abs(by) > TOLERANCE and abs(new - old) > SLACK * LICENSES: wrong.append(text)
    return wrong


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--accept", action="store_true")
    options.add_argument("--keep", type=pathlib.Path, help="where callgrind's files stay")
    given = options.parse_args()
    if not shutil.which("valgrind"):
        print("Skipped: valgrind is not installed.")
        return SKIPPED
    here, loops = describe(given.program)
    known = json.loads(COUNTS.read_text()) if COUNTS.exists() else {"environment": {}, "counts": {}}
    same = [name for name in here if known["environment"].get(name) == here[name]]
    comparable = [part for part, needs in DEPENDS.items() if set(needs) <= set(same)]
    for part in DEPENDS.keys() - set(comparable):
        others = [name for name in DEPENDS[part] if name not in same]
        print(f"Not compared, {part}: counted with another {', '.join(others)}: {[here[name] for name in others]}")
    if not comparable and not given.accept:
        print("Skipped: nothing here is as it was where the counts come from.")
        return SKIPPED
    if given.keep: given.keep.mkdir(parents=True, exist_ok=True)
    counts = {loop: count(given.program, loop, given.keep) for loop in loops}
    wrong = compare(counts, known["counts"], comparable)
    if given.accept:
        COUNTS.write_text(json.dumps({"environment": here, "licenses": LICENSES, "counts": counts}, indent=1) + "\n")
        return 0
    if not wrong: return 0
    print(f"\nMore than {100 * TOLERANCE:.0f} % off, {len(wrong)} of them:", *wrong, sep="\n  ")
    print(f"""
To see where they went:
  python3 {__file__} {given.program} --keep /tmp/counts; callgrind_annotate /tmp/counts/callgrind.NAME | head -60
where NAME is that of the loop; the same on the commit before shows the difference. If it is on purpose, faster or worth
it, accept the new counts, commit {COUNTS.name} with the change, and say why:
  python3 {__file__} {given.program} --accept""")
    return 1


sys.exit(main())
