# SPDX-License-Identifier: MIT
"""What a budget is of."""

import unittest

from budgets import Budget

FIGURES = {"clang/a": 2, "clang/b": 8, "clang/c": 3, "gcc/a": 5, "gcc/b": 1}


class BudgetTest(unittest.TestCase):
  def test_adds_figures_up(self):
    self.assertEqual(Budget("", ("{c}/a", "{c}/b"), 1).value(FIGURES, "clang"), 10)
    self.assertEqual(Budget("", ("{c}/a", "{c}/b"), 1).value(FIGURES, "gcc"), 6)

  def test_takes_the_worst_if_it_says_so(self):
    self.assertEqual(Budget("", ("clang/a", "clang/c"), 1, combine=max).value(FIGURES, "gcc"), 3)

  def test_divides_one_figure_by_another(self):
    budget = Budget("", (("clang/b", "clang/a"), ("clang/c", "clang/a")), 4, combine=max)
    self.assertEqual(budget.value(FIGURES, "clang"), 4)
    self.assertTrue(budget.is_met(FIGURES))
    self.assertFalse(budget.is_met(FIGURES | {"clang/c": 9}))

  def test_is_known_only_by_all_of_its_figures(self):
    budget = Budget("", (("{c}/b", "{c}/a"),), 4)
    self.assertTrue(budget.is_known(FIGURES))
    for name in ("clang/a", "clang/b"):
      self.assertFalse(budget.is_known({other: FIGURES[other] for other in FIGURES if other != name}))


if __name__ == "__main__":
  unittest.main()
