# SPDX-License-Identifier: MIT
"""CFI is gone from a copy, and functions are there."""

import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import elf

SOURCE = """
  .text
  .cfi_sections .eh_frame
  .type f, %function
f:
  .cfi_startproc
  bl g
  blr x3
  ret
  .cfi_endproc
  .size f, . - f
g:
  blraaz x4
  ret
"""


class ElfTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.image = Path(folder.name) / "image"
    self.copy = Path(folder.name) / "copy"
    source = Path(folder.name) / "source.s"
    source.write_text("  .arch armv8.5-a\n" + SOURCE)
    subprocess.run(["aarch64-linux-gnu-as", source, "-o", f"{source}.o"], check=True)
    link = ["aarch64-linux-gnu-ld", "-shared", "--eh-frame-hdr", "-s"]
    subprocess.run([*link, f"{source}.o", "-o", self.image], check=True)
    self.start = elf.read(self.image).section(".text").address

  def readelf(self, *options):
    command = ["aarch64-linux-gnu-readelf", "-W", *options, str(self.copy)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    self.assertEqual(done.stderr, "")
    return done.stdout

  def test_knows_what_an_image_has(self):
    headers = elf.read(self.image)
    self.assertTrue(elf.is_aarch64(self.image))
    self.assertFalse(headers.has_symbols())
    self.assertEqual(headers.section(".text").size, 20)
    self.assertIsNotNone(headers.section(".eh_frame"))

  def test_hides_cfi(self):
    elf.hide_cfi(self.image, self.copy)
    self.assertNotIn("eh_frame", self.readelf("-S"))
    self.assertNotIn("GNU_EH_FRAME", self.readelf("-l"))
    self.assertNotIn("FDE", self.readelf("--debug-dump=frames"))
    self.assertEqual(len(elf.read(self.copy).sections), len(elf.read(self.image).sections))

  def test_makes_functions_of_bounds(self):
    bounds = (self.start, self.start + 12)
    elf.hide_cfi(self.image, self.copy, [bounds, bounds, (1 << 40, 2 << 40)])
    symbols = [line.split() for line in self.readelf("-s").splitlines() if " FUNC " in line]
    made = [(int(line[1], 16), int(line[2]), line[-1]) for line in symbols if line[-1].startswith("at_")]
    self.assertEqual(made, [(self.start, 12, f"at_{self.start:x}")])

  def test_finds_calls(self):
    self.assertEqual(elf.calls(self.image), [self.start, self.start + 4, self.start + 12])

  def test_refuses_what_is_no_image(self):
    self.copy.write_bytes(b"\x7fELF\x01\x01" + bytes(100))
    self.assertFalse(elf.is_aarch64(self.copy))
    with self.assertRaises(ValueError):
      elf.read(self.copy)
    self.copy.write_bytes(struct.pack("<I", 7))
    self.assertFalse(elf.is_aarch64(self.copy))


if __name__ == "__main__":
  unittest.main()
