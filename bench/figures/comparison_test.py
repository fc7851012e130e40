# SPDX-License-Identifier: MIT
"""Budgets: what is met, what is missed, and what has got worse."""

import contextlib
import io
import unittest

import budgets


def figures(**changed):
  """All that a budget is of, each at its limit."""
  found = {}
  for budget in budgets.BUDGETS:
    for compiler in budgets.COMPILERS:
      for position, name in enumerate(budget.names):
        found[name.format(c=compiler)] = budget.limit if position == 0 else 0
  return found | changed


class BudgetsTest(unittest.TestCase):
  def check(self, now, before):
    with contextlib.redirect_stdout(io.StringIO()) as output:
      status = budgets.check(now, before)
    return status, output.getvalue().splitlines()

  def test_meets_a_budget_at_its_limit(self):
    status, lines = self.check(figures(), figures())
    self.assertEqual(status, 0)
    self.assertEqual(lines[-1], f"budgets: {len(budgets.BUDGETS)} met, 0 missed")

  def test_fails_for_each_budget_that_is_missed(self):
    for budget in budgets.BUDGETS:
      with self.subTest(budget.what):
        name = budget.names[-1].format(c="clang")
        missed = figures(**{name: budget.limit + 1})
        # Were the committed figure as bad, it would be no worse, and missed all the same.
        status, lines = self.check(missed, missed)
        self.assertEqual(status, 1)
        self.assertEqual(lines[-1], f"budgets: {len(budgets.BUDGETS) - 1} met, 1 missed")
        self.assertEqual(sum("MISSED" in line for line in lines), 1)

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


if __name__ == "__main__":
  unittest.main()
