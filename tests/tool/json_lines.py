# SPDX-License-Identifier: BSL-1.0
"""Checks that every line of a file is one JSON object, and prints a part of the last one.

    json_lines.py FILE '["error"]["name"]'

Python's own names for values are printed: None, True."""
import json
import sys

with open(sys.argv[1], encoding="ascii") as file:  # the tool escapes everything else
    text = file.read()
assert text.endswith("\n"), "the last line has no end"
objects = [json.loads(line) for line in text.splitlines()]
assert all(type(each) is dict for each in objects)
assert all("event" in each or "license" in each for each in objects[:-1]), "a line is neither event nor license"
assert "result" in objects[-1], "the last line is no result"
print(eval("objects[-1]" + sys.argv[2], {"objects": objects}))
