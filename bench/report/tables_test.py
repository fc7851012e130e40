# SPDX-License-Identifier: MIT
"""Tables and numbers."""

import unittest

import tables


class TablesTest(unittest.TestCase):
  def test_shows_three_significant_digits(self):
    cases = ((1.234, "1.23"), (9.999, "10.0"), (12.34, "12.3"), (99.99, "100"), (123.4, "123"), (1234567, "1 234 567"))
    for value, text in cases:
      self.assertEqual(tables.number(value), text)

  def test_shows_counts_in_full_and_no_error_of_rounding(self):
    for value, text in ((0, "0"), (24.0, "24"), (211.9999999, "212"), (552.333, "552.3"), (10000, "10 000")):
      self.assertEqual(tables.exact(value), text)

  def test_aligns_all_columns_but_the_first(self):
    self.assertEqual(tables.table(["a", "b"], [["c", "1"]]), "| a | b |\n| --- | ---: |\n| c | 1 |")

  def test_wraps_paragraphs_as_wide_as_sources(self):
    lines = tables.wrapped("word " * 60).splitlines()
    self.assertGreater(len(lines), 1)
    self.assertLessEqual(max(map(len, lines)), 120)


if __name__ == "__main__":
  unittest.main()
