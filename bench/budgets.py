# SPDX-License-Identifier: MIT
"""Shows the figures that do not depend on the machine, and compares them with the budgets and the committed table."""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "bench/size")]

import collect  # noqa: E402

COMMITTED = ROOT / "bench/figures.json"
TOLERANCE = 0.02

# What has to hold: (what, figures whose sum it is, with clang; the most that is allowed; unit). The one budget of a
# time is not here: bench/host measures it.
BUDGETS = (
    ("instructions a frame, every strict check on, -O2", ("{c}-O2/walk_strict/instructions a frame",), 24, ""),
    ("stack of a walk, worst case, -O2", ("{c}-O2/core walk/stack bytes, worst case",), 256, "bytes"),
    (
        "code of the core walk, -Os",
        ("{c}-Os/core walk/.text bytes", "{c}-Os/core walk/.rodata bytes"),
        2048,
        "bytes",
    ),
    ("frame table beside the one of GNU as", ("frame table/percent of the one of GNU as, worst sample",), 100, "%"),
    (
        "undefined symbols, and instructions of locks",
        ("{c}-O2/libsurefoot.a/undefined symbols", "{c}-O2/core walk/instructions of locks"),
        0,
        "",
    ),
)


def value(figures, names, compiler):
    return sum(figures[name.format(c=compiler)] for name in names)


def show_figures(figures):
    rows = {}
    for name, number in figures.items():
        configuration, _, what = name.partition("/")
        if configuration in collect.CONFIGURATIONS:
            rows.setdefault(what, {})[configuration] = number
        else:
            rows[name] = {collect.CONFIGURATIONS[0]: number}
    print(f"{'':<62}" + "".join(f"{c:>10}" for c in collect.CONFIGURATIONS))
    for what, numbers in rows.items():
        print(f"{what:<62}" + "".join(f"{numbers.get(c, ''):>10}" for c in collect.CONFIGURATIONS))


def find_worse(figures, committed):
    """One line for each figure that is worse than in the committed table, or that is in only one of the two."""
    for name, before in committed.items():
        if name not in figures:
            yield f"{name}: {before} before, not measured now"
        elif figures[name] > before + abs(before) * TOLERANCE:
            change = f" (+{100 * (figures[name] - before) / abs(before):.1f} %)" if before else ""
            yield f"{name}: {before} before, {figures[name]} now{change}"
    for name in figures.keys() - committed.keys():
        yield f"{name}: not in the committed table; scripts/bench --update"


def check(figures, committed):
    """Prints budgets, and what is worse. Returns the exit code."""
    missed = 0
    lines = []
    for what, names, limit, unit in BUDGETS:
        found = value(figures, names, "clang")
        is_met = found <= limit
        missed += not is_met
        beside = ""
        if any("{c}" in name for name in names):
            beside = f"  (GCC {value(figures, names, 'gcc'):g})"
        lines.append(f"{what:<50} {found:g} of {limit} {unit:<6}".rstrip() + f"  {'met' if is_met else 'MISSED'}{beside}")
        if not is_met and all(name.format(c="clang") in committed for name in names):
            if value(committed, names, "clang") <= limit:
                lines.append("  the committed table says that it is met")
    worse = sorted(find_worse(figures, committed))
    better = sum(figures[name] < before for name, before in committed.items() if name in figures)
    for line in worse:
        print(f"worse: {line}")
    print(f"figures: {len(figures)} measured, {len(worse)} worse than the committed ones, {better} better")
    print(*lines, sep="\n")
    print(f"budgets: {len(BUDGETS) - missed} met, {missed} missed")
    return 1 if missed or worse else 0


def main():
    parser = argparse.ArgumentParser(prog="budgets.py", description=__doc__)
    parser.add_argument("action", choices=("show", "check", "update"))
    parser.add_argument("--tool", type=Path, required=True, help="the program surefoot")
    arguments = parser.parse_args()
    try:
        figures = collect.collect(ROOT, arguments.tool)
        if arguments.action == "show":
            show_figures(figures)
        elif arguments.action == "update":
            COMMITTED.write_text(json.dumps(figures, indent=2) + "\n")
            print(f"{COMMITTED.relative_to(ROOT)}: {len(figures)} figures")
        else:
            return check(figures, json.loads(COMMITTED.read_text()))
    except (OSError, ValueError, RuntimeError, KeyError, collect.subprocess.CalledProcessError) as error:
        print(f"bench: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
