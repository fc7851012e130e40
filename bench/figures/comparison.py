# SPDX-License-Identifier: MIT
"""Compares figures with the budgets and with the committed table."""

from budgets import BUDGETS, COMPILERS

TOLERANCE = 0.02


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


def other_compilers(versions, committed):
  """One line for each compiler that is not the one of the committed table."""
  for compiler in COMPILERS:
    if versions[compiler] != committed[compiler]:
      yield f"{versions[compiler]} is here, the committed figures were made with {committed[compiler]}"


def check_budgets(figures, committed):
  """Prints the budgets. Returns how many are missed, and how many of these the committed table meets."""
  missed = 0
  newly_missed = 0
  for budget in BUDGETS:
    value = round(budget.value(figures, COMPILERS[0]), budget.digits)
    line = f"{budget.what:<50}{value:g} of {budget.limit} {budget.unit}".rstrip()
    line += "  met" if budget.is_met(figures) else "  MISSED"
    if budget.depends_on_compiler():
      line += f"  (GCC {round(budget.value(figures, COMPILERS[1]), budget.digits):g})"
    if not budget.is_met(figures):
      missed += 1
      if budget.is_known(committed) and budget.is_met(committed):
        newly_missed += 1
        line += "; the committed table says that it is met"
    print(line)
  print(f"budgets: {len(BUDGETS) - missed} met, {missed} missed")
  return missed, newly_missed


def check(figures, versions, committed):
  """Prints budgets, and what is worse. Returns the exit code. `committed` is the committed document."""
  others = list(other_compilers(versions, committed["made with"]))
  if others:
    for line in others:
      print(f"other compiler: {line}")
    print("nothing is judged: budgets and figures are those of the committed table's compilers")
    return 0
  before = committed["figures"]
  worse = sorted(find_worse(figures, before))
  better = sum(figures[name] < number for name, number in before.items() if name in figures)
  for line in worse:
    print(f"worse: {line}")
  print(f"figures: {len(figures)} measured, {len(worse)} worse than the committed ones, {better} better")
  _, newly_missed = check_budgets(figures, before)
  return 1 if newly_missed or worse else 0
