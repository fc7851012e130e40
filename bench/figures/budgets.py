#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows the figures that do not depend on the machine, and compares them with the budgets and the committed table."""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left in the source tree
import collect
import versions

ROOT = Path(__file__).resolve().parent.parent.parent
COMMITTED = ROOT / "bench/figures.json"
TOLERANCE = 0.02
# The budgets are for the first; the second is shown beside it.
COMPILERS = ("clang", "gcc")


@dataclass(frozen=True)
class Budget:
  """The sum of some figures is at most the limit."""

  what: str
  names: tuple[str, ...]
  limit: float
  unit: str = ""

  def value(self, figures, compiler):
    return sum(figures[name.format(c=compiler)] for name in self.names)

  def is_met(self, figures):
    return self.value(figures, COMPILERS[0]) <= self.limit

  def is_known(self, figures):
    return all(name.format(c=COMPILERS[0]) in figures for name in self.names)

  def depends_on_compiler(self):
    return any("{c}" in name for name in self.names)


# The one budget that is missing is a time: bench/host measures it.
BUDGETS = (
  Budget("instructions a frame, every strict check on, -O2", ("{c}-O2/walk_strict/instructions a frame",), 24),
  Budget("stack of a walk, worst case, -O2", ("{c}-O2/core walk/stack bytes, worst case",), 256, "bytes"),
  # See docs/decisions/0011.
  Budget(
    "code of the core walk, -Os", ("{c}-Os/core walk/.text bytes", "{c}-Os/core walk/.rodata bytes"), 5120, "bytes"
  ),
  Budget("frame table beside that of GNU as", ("frame table/percent of that of GNU as, worst sample",), 100, "%"),
  Budget(
    "undefined symbols, and instructions of locks",
    ("{c}-O2/libsurefoot.a/undefined symbols", "{c}-O2/core walk/instructions of locks"),
    0,
  ),
)


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
  worse = sorted(find_worse(figures, committed))
  better = sum(figures[name] < before for name, before in committed.items() if name in figures)
  for line in worse:
    print(f"worse: {line}")
  print(f"figures: {len(figures)} measured, {len(worse)} worse than the committed ones, {better} better")

  missed = 0
  for budget in BUDGETS:
    line = f"{budget.what:<50}{budget.value(figures, COMPILERS[0]):g} of {budget.limit} {budget.unit}".rstrip()
    line += "  met" if budget.is_met(figures) else "  MISSED"
    if budget.depends_on_compiler():
      line += f"  (GCC {budget.value(figures, COMPILERS[1]):g})"
    if not budget.is_met(figures):
      missed += 1
      if budget.is_known(committed) and budget.is_met(committed):
        line += "; the committed table says that it is met"
    print(line)
  print(f"budgets: {len(BUDGETS) - missed} met, {missed} missed")
  return 1 if missed or worse else 0


def write_for_report(path, figures):
  """All that a report needs: it then depends on nothing here."""
  budgets = [
    {
      "what": budget.what,
      "limit": budget.limit,
      "unit": budget.unit,
      "value": budget.value(figures, COMPILERS[0]),
      "gcc": budget.value(figures, COMPILERS[1]) if budget.depends_on_compiler() else None,
    }
    for budget in BUDGETS
  ]
  document = {
    "made with": versions.collect(ROOT / "build/count"),
    "configurations": collect.CONFIGURATIONS,
    "figures": figures,
    "budgets": budgets,
  }
  path.write_text(json.dumps(document, indent=2) + "\n")


def main():
  parser = argparse.ArgumentParser(prog="budgets", description=__doc__)
  parser.add_argument("action", choices=("show", "check", "update", "write"))
  parser.add_argument("--tool", type=Path, required=True, help="the program surefoot")
  parser.add_argument("--output", type=Path, help="for the action write: the file that reports are made of")
  arguments = parser.parse_args()
  if (arguments.output is None) == (arguments.action == "write"):
    parser.error("write wants --output, and nothing else does")
  try:
    figures = collect.collect(ROOT, arguments.tool)
    if arguments.action == "show":
      show_figures(figures)
    elif arguments.action == "update":
      COMMITTED.write_text(json.dumps(figures, indent=2) + "\n")
      print(f"{COMMITTED.relative_to(ROOT)}: {len(figures)} figures")
    elif arguments.action == "write":
      write_for_report(arguments.output, figures)
    else:
      return check(figures, json.loads(COMMITTED.read_text()))
  except (OSError, ValueError, RuntimeError, KeyError, subprocess.CalledProcessError) as error:
    print(f"bench: {type(error).__name__}: {error}", file=sys.stderr)
    return 2
  return 0


if __name__ == "__main__":
  sys.exit(main())
