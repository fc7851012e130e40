# SPDX-License-Identifier: MIT
"""What is met, what is missed, what has got worse, and when nothing is judged."""

import contextlib
import io
import unittest

import budgets
import comparison

MADE_WITH = {"clang": "Clang 19.1.7", "gcc": "GCC 12.2.0", "qemu": "QEMU 7.2.22"}
BUDGET_COUNT = len(budgets.BUDGETS)


def figures(**changed):
  """All that a budget is of, so that each is met."""
  names = [name for budget in budgets.BUDGETS for name in budget.names]
  limits = {budget.names[0]: budget.limit for budget in budgets.BUDGETS if isinstance(budget.parts[0], str)}
  found = {name.format(c=compiler): 0 for name in names for compiler in budgets.COMPILERS}
  for budget in budgets.BUDGETS:
    for part in budget.parts:
      if isinstance(part, tuple):  # something is divided by the figure
        found |= {name.format(c=compiler): 1 for name in part for compiler in budgets.COMPILERS}
  found |= {name.format(c="clang"): limit for name, limit in limits.items() if found[name.format(c="clang")] == 0}
  return found | changed


def above_limit(budget):
  """Figures with which it is missed."""
  met = figures()
  part = budget.parts[-1]
  name = (part[0] if isinstance(part, tuple) else part).format(c="clang")
  divided_by = met[part[1].format(c="clang")] if isinstance(part, tuple) else 1
  return met | {name: (budget.limit + 1) * divided_by}


class ComparisonTest(unittest.TestCase):
  def check(self, now, before, here=None):
    with contextlib.redirect_stdout(io.StringIO()) as output:
      status = comparison.check(now, MADE_WITH | (here or {}), {"made with": MADE_WITH, "figures": before})
    return status, output.getvalue().splitlines()

  def test_meets_a_budget_at_its_limit(self):
    status, lines = self.check(figures(), figures())
    self.assertEqual(status, 0)
    self.assertEqual(lines[-1], f"budgets: {BUDGET_COUNT} met, 0 missed")

  def test_says_of_each_budget_that_it_is_missed(self):
    for budget in budgets.BUDGETS:
      with self.subTest(budget.what):
        missed = above_limit(budget)
        self.assertFalse(budget.is_met(missed))
        _, lines = self.check(missed, missed)
        self.assertTrue(any(line.startswith(budget.what) and "MISSED" in line for line in lines))

  def test_fails_for_a_budget_that_the_committed_table_meets(self):
    status, lines = self.check(above_limit(budgets.BUDGETS[0]), figures())
    self.assertEqual(status, 1)
    self.assertTrue(any("MISSED" in line and "the committed table says that it is met" in line for line in lines))

  def test_allows_two_percent(self):
    self.assertEqual(self.check(figures(x=102), figures(x=100))[0], 0)
    status, lines = self.check(figures(x=103), figures(x=100))
    self.assertEqual(status, 1)
    self.assertEqual(lines[0], "worse: x: 100 before, 103 now (+3.0 %)")

  def test_allows_nothing_above_nothing(self):
    self.assertEqual(self.check(figures(x=1), figures(x=0))[0], 1)

  def test_fails_if_the_two_tables_are_not_of_the_same(self):
    self.assertEqual(self.check(figures(), figures(x=1))[0], 1)
    self.assertEqual(self.check(figures(x=1), figures())[0], 1)

  def test_does_not_mind_what_got_better(self):
    self.assertEqual(self.check(figures(x=50), figures(x=100))[0], 0)

  def test_judges_nothing_with_another_compiler(self):
    for compiler in budgets.COMPILERS:
      with self.subTest(compiler):
        status, lines = self.check(figures(x=1000), figures(x=100), {compiler: "Another 1.0"})
        self.assertEqual(status, 0)
        was = MADE_WITH[compiler]
        self.assertEqual(lines[0], f"other compiler: Another 1.0 is here, the committed figures were made with {was}")
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[1].startswith("nothing is judged"))

  def test_judges_with_another_emulator(self):
    self.assertEqual(self.check(figures(x=1000), figures(x=100), {"qemu": "QEMU 11.0.0"})[0], 1)


if __name__ == "__main__":
  unittest.main()
