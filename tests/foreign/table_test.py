# SPDX-License-Identifier: MIT
"""What the table says of an image."""

import unittest

import table
from tool import Result


class TableTest(unittest.TestCase):
  def test_a_share_is_cut_and_not_rounded(self):
    self.assertEqual(table.share(3, 3), "100.000")
    self.assertEqual(table.share(9_999_999, 10_000_000), "99.999")
    self.assertEqual(table.share(0, 0), "-")

  def test_a_row_has_the_sums(self):
    text = table.row(Result("libx", instructions=1000, with_rule=990, contradicted=7, known_faults=2,
                            errors={"a": 2, "b": 1}, seconds=0.26, megabytes=99.6))  # fmt: skip
    self.assertEqual(text.split(), ["libx", "1,000", "99.000", "0", "0", "-", "7", "(2)", "3", "0", "0.3", "100"])

  def test_says_why_there_are_no_figures(self):
    self.assertIn("not read: no section", table.row(Result("x.ko", not_read="no section")))
    self.assertIn("FAILED: it hung", table.row(Result("x", failure="it hung", not_read="no section")))

  def test_a_cell_shows_what_is_not_as_it_should_be(self):
    cases = (
      (Result("a", instructions=8, with_rule=8), "100"),
      (Result("a", instructions=8, with_rule=7), "87.5"),
      (Result("a", instructions=8, with_rule=8, errors={"k": 2}, contradicted=5), "100 2e 5!"),
      (Result("a", not_known="no such flag"), "-"),
      (Result("a", failure="it crashed"), "FAILED"),
    )
    for result, text in cases:
      with self.subTest(text):
        self.assertEqual(table.cell(result), text)

  def test_the_matrix_has_a_column_for_each_compiler(self):
    results = {("clang 19", "O2"): Result("", instructions=8, with_rule=8), ("gcc 12", "O2"): Result("", not_known="n")}
    self.assertEqual(table.matrix(results, ["clang 19", "gcc 12"], ["O2"]), "flags  c19  g12\nO2     100    -")


if __name__ == "__main__":
  unittest.main()
