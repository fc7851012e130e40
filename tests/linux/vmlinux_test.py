# SPDX-License-Identifier: MIT
"""Symbols, rows and calls of a kernel are read."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import vmlinux
from cfi_text import Row

LINES = (
  "                 U undefined", "0000000000001000 T first", "0000000000001040 t $x", "0000000000001080 t second",
  "0000000000001080 W also_second", "0000000000001100 t first", "0000000000001100 D data", "0000000000001200 t last",
)  # fmt: skip


class VmlinuxTest(unittest.TestCase):
  def setUp(self):
    self.symbols = vmlinux.Symbols(LINES)

  def test_several_functions_may_share_a_name(self):
    self.assertEqual(self.symbols.places("first", 4), {0x1004, 0x1104})
    self.assertEqual(self.symbols.places("nobody", 4), set())
    self.assertEqual(self.symbols.one("second"), 0x1080)
    for name in ("first", "nobody"):
      with self.assertRaisesRegex(ValueError, name):
        self.symbols.one(name)

  def test_a_function_ends_where_the_next_one_starts(self):
    self.assertEqual(self.symbols.function_at(0x107C), (0x1000, 0x1080))
    self.assertEqual(self.symbols.function_at(0x1080), (0x1080, 0x1100))
    for address in (0xFFF, 0x1200):
      with self.assertRaises(ValueError):
        self.symbols.function_at(address)

  def test_a_row_holds_up_to_its_end(self):
    rows = vmlinux.Rows([Row(0x20, 0x30, "sp", 16, None, -8), Row(0x10, 0x20, "sp", 0, None, None)])
    self.assertEqual([rows.at(at) and rows.at(at).start for at in (0xC, 0x10, 0x1C, 0x20, 0x2C, 0x30)],
                     [None, 0x10, 0x10, 0x20, 0x20, None])  # fmt: skip

  def test_direct_calls_go_both_ways(self):
    self.assertEqual(vmlinux.target_of(0x94000002, 0x1000), 0x1008)
    self.assertEqual(vmlinux.target_of(0x97FFFFFF, 0x1000), 0xFFC)
    for other in (0x14000002, 0xD63F0100, 0xD503201F):  # b, blr, nop
      self.assertIsNone(vmlinux.target_of(other, 0x1000))

  def test_indirect_calls(self):
    for call in (0xD63F0000, 0xD63F03C0, 0xD63F081F, 0xD73F0801):  # blr x0, blr x30, blraaz x0, blraa x0, x1
      self.assertTrue(vmlinux.is_indirect_call(call), hex(call))
    for other in (0xD61F0000, 0xD65F03C0, 0x94000002, 0xD61F081F):  # br, ret, bl, braaz
      self.assertFalse(vmlinux.is_indirect_call(other), hex(other))


if __name__ == "__main__":
  unittest.main()
