# SPDX-License-Identifier: MIT
"""The comparison finds what is planted, and nothing else."""

import unittest

import blind
from cfi_text import Row


def compare(cfi, derived, calls=None):
  return blind.compare(cfi, derived, calls)


class BlindTest(unittest.TestCase):
  def test_rows_that_say_the_same_agree(self):
    rows = [Row(0x100, 0x108, "sp", 0, None, None), Row(0x108, 0x140, "sp", 32, -32, -24)]
    result = compare(rows, rows)
    self.assertEqual((result.derived, result.both, result.contradicted), (16, 16, 0))

  def test_finds_another_offset_by_the_same_register(self):
    cfi = [Row(0x100, 0x140, "sp", 32, -32, -24)]
    derived = [Row(0x100, 0x120, "sp", 32, -32, -24), Row(0x120, 0x130, "sp", 48, -32, -24)]
    result = compare(cfi, derived)
    self.assertEqual((result.both, result.contradicted), (12, 4))
    self.assertEqual([(one.start, one.end) for one in result.contradictions], [(0x120, 0x130)])

  def test_finds_another_place_whatever_the_registers(self):
    for place in ({"fp": -40, "ra": -24}, {"fp": -32, "ra": -16}):
      with self.subTest(place):
        derived = Row(0x100, 0x140, "x29", 16, **place)
        self.assertEqual(compare([Row(0x100, 0x140, "sp", 32, -32, -24)], [derived]).contradicted, 16)

  def test_a_value_may_be_in_two_places(self):
    cfi = [Row(0x100, 0x140, "sp", 32, None, None)]
    self.assertEqual(compare(cfi, [Row(0x100, 0x140, "sp", 32, -32, -24)]).contradicted, 0)

  def test_two_registers_are_not_compared(self):
    cfi = [Row(0x100, 0x140, "x29", 32, -32, -24)]
    result = compare(cfi, [Row(0x100, 0x140, "sp", 64, -32, -24)])
    self.assertEqual((result.both, result.contradicted), (16, 0))

  def test_a_cfa_that_is_an_expression_is_not_compared(self):
    cfi = [Row(0x100, 0x140, None, None, -16, -8)]
    self.assertEqual(compare(cfi, [Row(0x100, 0x140, "sp", 64, -32, -24)]).both, 0)

  def test_rows_need_no_order_and_the_last_one_counts(self):
    derived = [Row(0x120, 0x140, "sp", 16, None, None), Row(0x100, 0x120, "sp", 0, None, None)]
    cfi = [Row(0x138, 0x140, "sp", 0, None, None), Row(0x100, 0x108, "sp", 0, None, None)]
    result = compare(cfi, derived)
    self.assertEqual((result.both, result.contradicted), (4, 2))

  def test_counts_calls_only_if_these_are_given(self):
    cfi = [Row(0x100, 0x140, "sp", 32, -32, -24)]
    derived = [Row(0x100, 0x140, "sp", 16, -32, -24)]
    self.assertEqual(compare(cfi, derived, calls=[0x0FC, 0x100, 0x13C, 0x140]).contradicted, 2)
    self.assertEqual(compare(cfi, derived, calls=[0x0FC, 0x140]).contradictions, [])

  def test_a_call_refutes_cfi_that_leaves_the_return_address_in_its_register(self):
    cfi = [Row(0x100, 0x140, "sp", 0, None, None)]
    derived = [Row(0x100, 0x140, "sp", 48, -48, -40)]
    self.assertEqual(compare(cfi, derived, calls=[0x100]).contradicted, 0)
    self.assertEqual(compare(cfi, derived).contradicted, 16)

  def test_neighbours_are_one_contradiction(self):
    cfi = [Row(0x100, 0x110, "sp", 32, -32, -24), Row(0x110, 0x120, "sp", 32, -32, -24)]
    result = compare(cfi, [Row(0x100, 0x140, "sp", 16, -32, -24)])
    self.assertEqual([(one.start, one.end) for one in result.contradictions], [(0x100, 0x120)])


if __name__ == "__main__":
  unittest.main()
