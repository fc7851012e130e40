# SPDX-License-Identifier: MIT
"""What readelf and the tool print, as they print it."""

import unittest

import cfi_text
from cfi_text import Row

READELF = """Contents of the .eh_frame section:


00000000 0000000000000010 00000000 CIE "zR" cf=4 df=-8 ra=30
   LOC           CFA
0000000000000000 sp+0

00000014 0000000000000010 00000018 FDE cie=00000000 pc=000000000000ca70..000000000000caa0

00000028 0000000000000020 00000040 FDE cie=00000000 pc=000000000000cae0..000000000000cb28
   LOC           CFA      x19   x29   ra
000000000000cae0 sp+0     u     u     u
000000000000cae4 sp+32    u     c-32  c-24
000000000000caec x29+32   c-16  c-32  c-24
000000000000cb24 sp+0     u     u     u

000000c0 000000000000001c 000000c4 FDE cie=00000000 pc=000000000000cb90..000000000000cba0
   LOC           CFA      ra
000000000000cb90 sp+0     u
000000000000cb90 sp+16    c-16
000000000000cb98 exp      c-16

000000e0 ZERO terminator
"""

LIST = """image: 3 functions, 0 of them with CFI
instructions
  ordinary                  69077   with a rule     69077  100.000 %

0xca70..0xca80 
  000000000000ca70  sp+0 u u

0xcae0..0xcb28 matherr
  000000000000cae0  sp+0 u u
  000000000000cae4  sp+32 c-32 c-24
  000000000000caec  none
  000000000000caf0  sp+32 u u[s]
  000000000000caf4  fp+32 c-32 c-24[s]
  000000000000cb20  RA undefined

calls without a record
  000000000000cb24 matherr+0x44
"""  # noqa: W291


class ReadCfiTest(unittest.TestCase):
  def setUp(self):
    self.rows = list(cfi_text.read_cfi(READELF.splitlines()))

  def test_an_fde_without_rows_has_those_of_its_cie(self):
    self.assertEqual(self.rows[0], Row(0xCA70, 0xCAA0, "sp", 0, None, None))

  def test_a_row_ends_where_the_next_one_starts(self):
    self.assertEqual(self.rows[1:5], [
      Row(0xCAE0, 0xCAE4, "sp", 0, None, None),
      Row(0xCAE4, 0xCAEC, "sp", 32, -32, -24),
      Row(0xCAEC, 0xCB24, "x29", 32, -32, -24),
      Row(0xCB24, 0xCB28, "sp", 0, None, None),
    ])  # fmt: skip

  def test_of_two_rows_at_one_place_the_last_one_holds(self):
    self.assertEqual(self.rows[5], Row(0xCB90, 0xCB98, "sp", 16, None, -16))

  def test_an_expression_is_no_register_and_number(self):
    self.assertEqual(self.rows[6], Row(0xCB98, 0xCBA0, None, None, None, -16))
    self.assertEqual(len(self.rows), 7)

  def test_finds_the_bounds_of_all_fdes(self):
    bounds = list(cfi_text.read_bounds(READELF.splitlines()))
    self.assertEqual(bounds, [(0xCA70, 0xCAA0), (0xCAE0, 0xCB28), (0xCB90, 0xCBA0)])


class ReadDerivedTest(unittest.TestCase):
  def test_reads_rows_and_leaves_out_what_has_none(self):
    self.assertEqual(list(cfi_text.read_derived(LIST.splitlines())), [
      Row(0xCA70, 0xCA80, "sp", 0, None, None, "at_ca70"),
      Row(0xCAE0, 0xCAE4, "sp", 0, None, None, "matherr"),
      Row(0xCAE4, 0xCAEC, "sp", 32, -32, -24, "matherr"),
      Row(0xCAF0, 0xCAF4, "sp", 32, None, None, "matherr"),
      Row(0xCAF4, 0xCB20, "x29", 32, -32, -24, "matherr"),
    ])  # fmt: skip

  def test_refuses_a_row_of_another_form(self):
    with self.assertRaises(ValueError):
      list(cfi_text.read_derived(["0x10..0x20 f", "  0000000000000010  sp+0 u"]))


if __name__ == "__main__":
  unittest.main()
