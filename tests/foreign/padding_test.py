# SPDX-License-Identifier: MIT
"""Padding is what no path leads to, and nothing else."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import padding

SOURCE = """
  .arch armv8.5-a
  ret
  nop
  nop
  mov x0, x1
  nop
  blr x1
  nop
  b .
  dsb sy
  isb
  br x2
  sb
  retaa
  nop
  cbz x0, .
  nop
"""


class PaddingTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    image = Path(folder.name) / "image"
    subprocess.run(["aarch64-linux-gnu-as", "-", "-o", f"{image}.o"], input=SOURCE, text=True, check=True)
    subprocess.run(["aarch64-linux-gnu-ld", "-e0", "-Ttext=0x1000", f"{image}.o", "-o", image], check=True)
    self.code = padding.Code(image)
    self.addCleanup(self.code.close)

  def test_knows_padding(self):
    found = [number for number in range(16) if self.code.is_padding(0x1000 + 4 * number, 0x1004 + 4 * number)]
    self.assertEqual(found, [1, 2, 8, 9, 11, 13])

  def test_all_of_a_range_has_to_be_padding(self):
    self.assertTrue(self.code.is_padding(0x1004, 0x100C))
    self.assertFalse(self.code.is_padding(0x1004, 0x1010))
    self.assertFalse(self.code.is_padding(0x9000, 0x9004))


if __name__ == "__main__":
  unittest.main()
