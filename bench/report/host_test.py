# SPDX-License-Identifier: MIT
"""Tables of time, and its budgets."""

import tempfile
import unittest
from pathlib import Path

import budget_rows
import host
import results

DEPTHS = (16, 128, 1000)


def measured(**slopes):
  slopes = {"chase": 2.0, "strict": 2.1, "strict_kernel": 2.3, "abseil": 4.0, "libunwind": 8.0, "glibc": 100.0} | slopes
  methods = {}
  for name, slope in slopes.items():
    samples = {depth: results.Samples([slope * depth] * 3) for depth in DEPTHS}
    methods[name] = results.Method(name, f"label of {name}", samples)
  return results.Results({"cpu": "a CPU", "compiler": "Clang 19.1.7", "glibc": "2.36"}, methods)


class HostTest(unittest.TestCase):
  def test_shows_time_of_a_frame_and_by_the_chase(self):
    text = host.make_text(measured(), None)
    self.assertIn("| `abseil`: label of abseil | 4.00 (2.00) | 4.00 (2.00) | 4.00 (2.00) |", text)
    self.assertIn("| `glibc` | 100 | 0.0 |", text)

  def test_names_what_it_was_measured_with(self):
    text = host.make_text(measured(), None)
    for part in ("a CPU", "Clang 19.1.7", "glibc 2.36", "3 repetitions"):
      self.assertIn(part, text)

  def test_compares_with_the_chase_and_with_the_fastest_other(self):
    rows = list(host.budget_rows(measured()))
    self.assertEqual([round(row.value, 3) for row in rows], [1.05, 1.05, 1.05, 0.525, 0.525])
    self.assertTrue(all(row.is_met for row in rows))
    self.assertIn("`libunwind`", list(host.budget_rows(measured(libunwind=3.0)))[-1].what)

  def test_says_which_budgets_are_missed(self):
    text = budget_rows.make_text(host.budget_rows(measured(strict=2.4)))
    self.assertIn("| time of `strict` by that of `chase`, depth 128 | 1.15 | 1.2 |  | **missed** |", text)
    self.assertIn("depth 16 | 1.3 | 1.2 |  | met |", text)
    self.assertTrue(text.endswith("3 met, 2 missed."))

  def test_shows_a_budget_with_its_unit_and_beside_gcc(self):
    text = budget_rows.make_text([budget_rows.BudgetRow("code", 2048, 2000, "bytes", gcc=2100)])
    self.assertIn("| code | 2048 bytes | 2000 bytes | 2100 bytes | met |", text)

  def test_draws_its_plots(self):
    with tempfile.TemporaryDirectory() as folder:
      host.draw_plots(measured(), Path(folder))
      self.assertEqual({path.name for path in Path(folder).iterdir()}, {"host-cost.svg", "host-frame.svg"})

  def test_refuses_a_run_that_left_something_out(self):
    host.check(measured())
    for name in ("chase", "strict", "abseil"):
      less = measured()
      del less.methods[name]
      with self.subTest(name), self.assertRaisesRegex(results.BadResults, name):
        host.check(less)
    shallow = measured()
    for method in shallow.methods.values():
      del method.samples[1000]
    with self.assertRaisesRegex(results.BadResults, "depth 1000"):
      host.check(shallow)


if __name__ == "__main__":
  unittest.main()
