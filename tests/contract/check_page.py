#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compares the statements of docs/contract.md with the tests that carry their numbers as tags.

    check_page.py PAGE CONTRACT_TEST...    names every difference, and counts
    check_page.py --link PAGE              writes the links and the count of the page from the tags in the sources
"""
import pathlib
import re
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
ROW = re.compile(r"\| ([CO]\d+) \| ")
COUNT = "**{} statements are in scope, {} are not.**"


def by_number(number):
    return number[0], int(number[1:])


def read(page):
    """The cells of each row with a number, in scope (number, statement, level, tests) or not (number, reason)."""
    lines = page.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if ROW.match(line)]
    return [row for row in rows if len(row) > 2], [row for row in rows if len(row) == 2]


def tags_in(source):
    """What stands in string literals that are nothing but tags."""
    literals = re.findall(r'"((?:\[[^]"]+\])+)"', source.read_text(encoding="utf-8"))
    return {tag for literal in literals for tag in re.findall(r"\[([^]]+)\]", literal)}


def listing(program, *arguments):
    """What the program lists. Its exit code is the number of entries with one version of Catch2, 0 with the other."""
    return subprocess.run([program, *arguments], stdout=subprocess.PIPE, text=True, check=False).stdout


def wrong_numbers(numbers):
    for letter in "CO":
        found = [int(number[1:]) for number in numbers if number[0] == letter]
        for number in range(1, max(found) + 1):
            if found.count(number) != 1:
                yield f"{letter}{number} has {found.count(number)} rows"


def wrong_links(page, in_scope):
    for number, *_, links in in_scope:
        for link in re.findall(r"\]\(([^)]+)\)", links):
            source = page.parent / link
            if not source.is_file():
                yield f"{number}: there is no file {link}"
            elif number not in tags_in(source):
                yield f"{number}: no test in {link} carries the tag"
        if "](" not in links:
            yield f"{number}: no test is linked"


def wrong_tags(programs, in_scope):
    numbers = {row[0] for row in in_scope}
    tags = {tag for program in programs
            for tag in re.findall(r"^ +\d+ +\[([CO]\d+)\]", listing(program, "--list-tags"), re.MULTILINE)}
    for number in sorted(numbers - tags, key=by_number):
        yield f"{number}: no test carries the tag"
    for tag in sorted(tags - numbers, key=by_number):
        yield f"{tag}: a test carries the tag, and the page has no such statement in scope"
    # A hidden one makes something and tests nothing.
    with_number = "".join(f"~[{tag}]" for tag in sorted(tags | numbers, key=by_number))
    for program in programs:
        others = listing(program, "--list-tests", "~[.]" + with_number)
        if not re.search(r"^0 (matching )?test cases", others, re.MULTILINE):
            yield f"tests that name no statement:\n{others}"


def check(page, programs):
    in_scope, out_of_scope = read(page)
    wrong = [*wrong_numbers([row[0] for row in in_scope + out_of_scope]), *wrong_links(page, in_scope),
             *wrong_tags(programs, in_scope)]
    if COUNT.format(len(in_scope), len(out_of_scope)) not in page.read_text(encoding="utf-8"):
        wrong.append("the page counts wrongly")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"statements covered: {len(in_scope)}, out of scope: {len(out_of_scope)}, differences: {len(wrong)}")
    return 1 if wrong else 0


def link(page):
    sources = {path.relative_to(FOLDER): tags_in(path) for path in sorted(FOLDER.glob("*/*_test.cpp"))}
    lines = page.read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        cells = line.strip("| ").split(" | ")
        if ROW.match(line) and len(cells) > 2:
            paths = [path for path, tags in sources.items() if cells[0] in tags]
            cells[3:] = [", ".join(f"[{p.parent}/{p.stem}](../tests/contract/{p})" for p in paths) or "none"]
            lines[i] = f"| {' | '.join(cells)} |"
    counts = COUNT.format(*(len(rows) for rows in read(page)))
    text = re.sub(re.escape(COUNT).replace(r"\{\}", r"\d+"), counts, "\n".join(lines) + "\n")
    page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if sys.argv[1] == "--link":
        sys.exit(link(pathlib.Path(sys.argv[2])))
    sys.exit(check(pathlib.Path(sys.argv[1]), sys.argv[2:]))
