#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Puts what was measured into docs/performance.md, and its plot beside it.

    page.py [--check]

Everything between "<!-- figures: NAME -->" and "<!-- /figures -->" comes from docs/performance.json, which run.sh
writes, and from instruction_counts.json. --check changes nothing, and fails where the page says anything else.
"""
import json, pathlib, re, sys
from math import log10

HERE = pathlib.Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
PAGE, PLOT, FIGURES = DOCS / "performance.md", DOCS / "performance.svg", DOCS / "performance.json"
COUNTS = HERE / "instruction_counts.json"
OURS = "reinstate"
ORDER = [OURS, "reinstate, one thread", "floor, two threads", "floor, one thread", "one stream, age", "tar, age",
         "sqlite3 .backup, age", "sqlite3 .backup, age, merged", "restic", "borg"]


# --- text ---

def seconds(value):
    if value < 0.01: return f"{1000 * value:.1f} ms"
    if value < 0.1: return f"{1000 * value:.0f} ms"
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def spread(row):
    return f"{seconds(row['seconds'])} ({seconds(row['min'])} - {seconds(row['max'])})"


def size(value):
    return f"{value / 1e6:.0f} MB" if value >= 1e7 else f"{value / 1e3:.0f} kB"


def table(head, rows):
    lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head)] + rows]
    return "\n".join(lines)


def of(data, **wanted):
    return [row for row in data["rows"] if all(row[name] == value for name, value in wanted.items())]


def by_licenses(data, what, cell=spread):
    """One row for each who, one column for each number of licenses."""
    rows = of(data, what=what)
    counts = sorted({row["licenses"] for row in rows})
    cells = {(row["who"], row["licenses"]): cell(row) for row in rows}
    whos = [who for who in ORDER if any((who, n) in cells for n in counts)]
    return table([what] + [f"{n:,} licenses" for n in counts],
                 [[who] + [cells.get((who, n), "-") for n in counts] for who in whos])


def targets(data):
    return table(["", "measured", "at most", ""],
                 [[each["target"], f"{each['value']:.3g}", f"{each['limit']:g}",
                   "met" if each["met"] else "**not met**"]
                  for each in data["targets"]])


def updates(data):
    rows = sorted((row for row in data["rows"] if row["what"].startswith("update")),
                  key=lambda row: (row["licenses"], float(row["what"].split()[1]), ORDER.index(row["who"])))
    return table(["licenses", "changed", "", "time", "written"],
                 [[f"{row['licenses']:,}", row["what"].removeprefix("update, "), row["who"], spread(row),
                   size(row["bytes"])]
                  for row in rows])


CONDITIONS = ["backup", "backup, cold", "backup, grown", "backup, grown, cold", "backup, one core", "restore",
              "restore, cold", "restore, one core"]


def conditions(data):
    rows = [row for what in CONDITIONS for row in of(data, what=what, licenses=100000)
            if row["who"] in (OURS, "reinstate, one thread", "floor, two threads", "floor, one thread")]
    return table(["", "", "time", "processor time", "peak memory"],
                 [[row["what"], row["who"], spread(row), seconds(row["cpu_seconds"]), f"{row['peak_mib']:.0f} MiB"]
                  for row in rows])


def memory(data):
    whats = ("backup", "restore", "update, 1 %")
    rows = [row for row in data["rows"] if row["who"] == OURS and row["what"] in whats]
    counts = sorted({row["licenses"] for row in rows})
    cells = {(row["what"], row["licenses"]): f"{row['peak_mib']:.0f} MiB" for row in rows}
    return table(["peak memory"] + [f"{n:,} licenses" for n in counts],
                 [[what] + [cells.get((what, n), "-") for n in counts] for what in whats])


def latencies(data):
    rows = [row for row in data["rows"] if "p99" in row]
    return table(["", "times", "half of them within", "99 of 100 within", "the slowest"],
                 [[row["what"], str(row["runs"]), seconds(row["seconds"]), seconds(row["p99"]), seconds(row["max"])]
                  for row in rows])


def machine(data):
    about = data["machine"]
    programs = ", ".join(version if name in version else f"{name} {version}"
                         for name, version in about["programs"].items() if version)
    noise = max((row.get("others", 0) for row in data["rows"]), default=0)
    return table(["", ""], [
        ["processor", f"{about['processor']}, {about['cores']} cores"], ["memory", about["memory"]],
        ["system", about["system"]], ["disk", about["disk"]], ["compiler", f"{about['compiler']}, Release"],
        ["libraries", about["libraries"]], ["programs", programs],
        ["other processes", f"took at most {100 * noise:.0f} % of the machine during any run"]])


def profile(data):
    found = data.get("profile", {})
    labels = list(dict.fromkeys(label for shares in found.values() for label in shares))
    return table(["share of processor time"] + list(found),
                 [[label] + [f"{100 * shares.get(label, 0):.0f} %" for shares in found.values()] for label in labels])


def instructions(_):
    known = json.loads(COUNTS.read_text())
    parts = ("reinstate", "sqlite", "libsodium", "libc")
    rows = [[loop] + [f"{count[part] / known['licenses']:,.0f}" for part in parts]
            for loop, count in known["counts"].items()]
    return table(["instructions for each license", OURS, "SQLite", "libsodium", "libc"], rows)


PARTS = {"targets": targets, "backup": lambda data: by_licenses(data, "backup"),
         "restore": lambda data: by_licenses(data, "restore"), "updates": updates, "conditions": conditions,
         "memory": memory, "latencies": latencies, "machine": machine, "profile": profile, "instructions": instructions}


# --- plot ---

COLORS = {OURS: "#e8590c", "floor, two threads": "#868e96", "tar, age": "#1c7ed6", "sqlite3 .backup, age": "#2f9e44",
          "restic": "#9c36b5", "borg": "#c2255c"}
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px } .ours { font-weight: 600 }
  .ground { fill: #ffffff } .grid { stroke: #d0d7de; stroke-width: 1 } .line { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .ground { fill: #0d1117 } .grid { stroke: #30363d } }
"""
WIDTH, HEIGHT, LEFT, TOP, INNER_WIDTH, INNER_HEIGHT = 960, 400, 60, 50, 250, 300


def ticks(low, high):
    return [10.0 ** power for power in range(int(low // 1), int(high // 1) + 2) if low <= power <= high]


def number_text(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def apart(labels, gap=16):
    """Moves labels, (y, text), downwards until none covers another."""
    out, last = [], -gap
    for y, text in sorted(labels):
        last = max(y, last + gap)
        out.append((last, text))
    return out


def panel(data, what, left, low, high):
    """One chart: time against the number of licenses, both logarithmic."""
    rows = of(data, what=what)
    counts = sorted({row["licenses"] for row in rows})
    first, last = log10(counts[0]), max(log10(counts[-1]), log10(counts[0]) + 1)
    x = lambda n: left + INNER_WIDTH * (log10(n) - first) / (last - first)
    y = lambda t: TOP + INNER_HEIGHT * (high - log10(t)) / (high - low)
    out = [f'<text class="title" x="{left}" y="{TOP - 18}">{what}: seconds, by licenses</text>']
    for t in ticks(low, high):
        out.append(f'<line class="grid" x1="{left}" y1="{y(t):.1f}" x2="{left + INNER_WIDTH}" y2="{y(t):.1f}"/>')
        out.append(f'<text x="{left - 8}" y="{y(t) + 4:.1f}" text-anchor="end">{number_text(t)}</text>')
    for n in counts:
        out.append(f'<line class="grid" x1="{x(n):.1f}" y1="{TOP}" x2="{x(n):.1f}" y2="{TOP + INNER_HEIGHT}"/>')
        out.append(f'<text x="{x(n):.1f}" y="{TOP + INNER_HEIGHT + 20}" text-anchor="middle">{n:,}</text>')
    labels = []
    for who, color in COLORS.items():
        points = sorted((row["licenses"], row["seconds"]) for row in rows if row["who"] == who)
        if not points: continue
        line = " ".join(f"{x(n):.1f},{y(t):.1f}" for n, t in points)
        out.append(f'<polyline class="line" points="{line}" stroke="{color}"/>')
        out += [f'<circle cx="{x(n):.1f}" cy="{y(t):.1f}" r="3" fill="{color}"/>' for n, t in points]
        # Beside the right edge, at the height where the line would meet it.
        n, t = points[-1]
        labels.append((y(t * counts[-1] / n) if n != counts[-1] else y(t), who))
    for at, who in apart([(min(max(at, TOP + 4), TOP + INNER_HEIGHT), who) for at, who in labels]):
        out.append(f'<circle cx="{left + INNER_WIDTH + 12}" cy="{at:.1f}" r="5" fill="{COLORS[who]}"/>')
        kind = ' class="ours"' if who == OURS else ""
        out.append(f'<text{kind} x="{left + INNER_WIDTH + 22}" y="{at + 4:.1f}">{who}</text>')
    return out


def plot(data):
    times = [row["seconds"] for what in ("backup", "restore") for row in of(data, what=what) if row["who"] in COLORS]
    low, high = log10(min(times)) - 0.1, log10(max(times)) + 0.1
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
             "<title>Time of backup and restore against the number of licenses</title>", f"<style>{STYLE}</style>",
             f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>']
    lines += panel(data, "backup", LEFT, low, high) + panel(data, "restore", LEFT + WIDTH // 2, low, high)
    return "\n".join(lines + ["</svg>"]) + "\n"


# --- page ---

def filled(page, data):
    def part(found):
        return f"<!-- figures: {found[1]} -->\n{PARTS[found[1]](data)}\n<!-- /figures -->"
    return re.sub(r"<!-- figures: (\w+) -->\n.*?<!-- /figures -->", part, page, flags=re.DOTALL)


def main():
    data = json.loads(FIGURES.read_text())
    wanted = {PAGE: filled(PAGE.read_text(), data), PLOT: plot(data)}
    if sys.argv[1:] != ["--check"]:
        for file, text in wanted.items(): file.write_text(text)
        return 0
    wrong = [file for file, text in wanted.items() if not file.exists() or file.read_text() != text]
    for file in wrong:
        print(f"{file} does not say what was measured: run {sys.argv[0]}, and look at what changes", file=sys.stderr)
    return 1 if wrong else 0


sys.exit(main())
