# SPDX-License-Identifier: MIT
"""Words are found by the guest's page tables, and nothing is found where they have no page."""

import tempfile
import unittest
from pathlib import Path

import ram

BASE = 0x40000000
PAGE = 0x1000
TABLE = 0b11
BLOCK = 0b01


class Picture:
  """A memory of 64 pages."""

  def __init__(self, test):
    self.bytes = bytearray(64 * PAGE)
    self.folder = tempfile.TemporaryDirectory()
    test.addCleanup(self.folder.cleanup)
    self.test = test

  def put(self, address, value):
    self.bytes[address - BASE : address - BASE + 8] = value.to_bytes(8, "little")

  def text(self, address, text):
    self.bytes[address - BASE : address - BASE + len(text)] = text

  def memory(self, without=None):
    path = Path(self.folder.name) / "ram"
    path.write_bytes(self.bytes)
    memory = ram.Memory(path, BASE, without)
    self.test.addCleanup(memory.close)
    return memory


class RamTest(unittest.TestCase):
  def setUp(self):
    self.picture = Picture(self)

  def map_page(self, root, address, page, address_bits):
    """Tables behind the root, one page after another."""
    table = root
    shifts = [shift for shift in (48, 39, 30, 21) if shift < address_bits]
    for shift in shifts:
      index = address >> shift & (1 << min(9, address_bits - shift)) - 1
      following = table + PAGE
      self.picture.put(table + 8 * index, following | TABLE)
      table = following
    self.picture.put(table + 8 * (address >> 12 & 511), page | TABLE | 0x40000000000700)

  def test_a_word_is_read_through_four_or_five_levels(self):
    for bits, address in ((48, 0xFFFF800012345000), (52, 0xFFF7800012345000)):
      with self.subTest(bits=bits):
        self.picture = Picture(self)
        self.map_page(BASE, address, BASE + 0x20000, bits)
        self.picture.put(BASE + 0x20008, 0x1122334455667788)
        memory = self.picture.memory()
        memory.root, memory.address_bits = BASE, bits
        self.assertEqual(memory.word(address + 8), 0x1122334455667788)
        with self.assertRaises(ram.NoMemory):
          memory.word(address + PAGE)
        with self.assertRaises(ram.NoMemory):
          memory.word(address + 1)

  def test_pages_of_16_kib_have_larger_tables(self):
    address, page = 0xFFFF800012345008, 0x4000
    tables = [BASE + page * index for index in range(4)]
    for table, following, shift, bits in zip(tables, [*tables[1:], BASE + 0x20000], (47, 36, 25, 14), (1, 11, 11, 11)):
      self.picture.put(table + 8 * (address >> shift & (1 << bits) - 1), following | TABLE)
    self.picture.put(BASE + 0x20000 + (address & page - 1), 5)
    memory = self.picture.memory()
    memory.root, memory.page_bits = BASE, 14
    self.assertEqual(memory.word(address), 5)
    with self.assertRaises(ram.NoMemory):
      memory.word(address + page)

  def test_a_block_holds_many_pages(self):
    address = 0xFFFF800000212340
    self.picture.put(BASE + 8 * 256, BASE + PAGE | TABLE)
    self.picture.put(BASE + PAGE, BASE + 2 * PAGE | TABLE)
    self.picture.put(BASE + 2 * PAGE + 8, BASE | BLOCK)
    self.picture.put(BASE + 0x12340, 7)
    memory = self.picture.memory()
    memory.root = BASE
    self.assertEqual(memory.word(address), 7)

  def test_tables_outside_of_memory_end_the_search(self):
    self.picture.put(BASE + 8 * 256, 0x7FFFF000 | TABLE)
    memory = self.picture.memory()
    memory.root = BASE
    with self.assertRaisesRegex(ram.NoMemory, "not in memory"):
      memory.word(0xFFFF800000000000)

  def test_the_tables_are_found_by_vmcoreinfo(self):
    self.picture.text(BASE + 0x3000, b"\nNUMBER(kimage_voffset)=%s\n")  # the format, which the kernel has, too
    text = b"OSRELEASE=6\nNUMBER(kimage_voffset)=0xffff800040000000\nNUMBER(TCR_EL1_T1SZ)=0xc\nPAGESIZE=16384\n"
    self.picture.text(BASE + 0x5000, text)
    memory = self.picture.memory()
    memory.find_tables(0xFFFF800080001000)
    self.assertEqual((memory.root, memory.address_bits, memory.page_bits), (BASE + 0x1000, 52, 14))

  def test_vmcoreinfo_of_the_kernel_that_runs_after_a_crash_is_not_taken(self):
    for at, pages in ((0x3000, 65536), (0x5000, 4096), (0x7000, 16384)):
      text = f"\nNUMBER(kimage_voffset)={0xFFFF800040000000 + at:#x}\nNUMBER(TCR_EL1_T1SZ)=16\nPAGESIZE={pages}\n"
      self.picture.text(BASE + at, text.encode())
    for without, root, page_bits in (
      (None, 0x3000, 16),
      ((BASE, BASE + 0x5000), 0x5000, 12),
      ((BASE + 0x1000, BASE + 0x7000), 0x7000, 14),
      ((BASE + 0x5000, BASE + 0x9000), 0x3000, 16),
    ):
      with self.subTest(without=without):
        memory = self.picture.memory(without)
        memory.find_tables(0xFFFF800040000000 + BASE + root)
        self.assertEqual((memory.root, memory.page_bits), (BASE, page_bits))
    with self.assertRaisesRegex(ram.NoMemory, "kimage_voffset"):
      self.picture.memory((BASE, BASE + 0x9000)).find_tables(0)

  def test_without_vmcoreinfo_there_are_no_tables(self):
    with self.assertRaisesRegex(ram.NoMemory, "kimage_voffset"):
      self.picture.memory().find_tables(0)


if __name__ == "__main__":
  unittest.main()
