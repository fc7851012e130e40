# SPDX-License-Identifier: MIT
"""Reads words at the kernel's virtual addresses out of the guest's memory, by its page tables."""

import mmap
import re

ADDRESS_BITS = 48  # the guest's memory ends far below
IS_VALID, IS_TABLE = 1, 2


class NoMemory(ValueError):
  """No word is at this address, or nothing says where the page tables are."""


class Memory:
  """The memory of a guest as a file: `base` is the physical address of its first byte. No VMCOREINFO is looked for from
  the first address of `without` to before the other."""

  def __init__(self, path, base, without=None):
    self.base = base
    self.parts = [(0, without[0] - base), (without[1] - base, None)] if without else [(0, None)]
    with open(path, "rb") as file:
      self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    self.root = None
    self.address_bits = 48
    self.page_bits = 12

  def close(self):
    self.bytes.close()

  def lines(self, start):
    """The lines of VMCOREINFO in memory that start with these bytes, without them."""
    start = b"\n" + start
    for first, end in self.parts:
      end = len(self.bytes) if end is None else end
      at = self.bytes.find(start, first, end)
      while at >= 0:
        yield self.bytes[at + len(start) : at + 80].partition(b"\n")[0]
        at = self.bytes.find(start, at + 1, end)

  def number(self, name):
    """A number of VMCOREINFO, which the kernel has in its memory as text."""
    for line in self.lines(f"NUMBER({name})=".encode()):
      if re.fullmatch(rb"-?(?:0x)?[0-9a-f]+", line):
        return int(line, 0)
    raise NoMemory(f"no VMCOREINFO with {name} is in memory")

  def find_page_bits(self):
    for line in self.lines(b"PAGESIZE="):
      if line in (b"4096", b"16384", b"65536"):
        return int(line).bit_length() - 1
    raise NoMemory("no VMCOREINFO with a size of pages is in memory")

  def find_tables(self, swapper_pg_dir):
    """Finds the page tables: their virtual address is that of `swapper_pg_dir`, moved by KASLR."""
    self.root = swapper_pg_dir - self.number("kimage_voffset")
    self.address_bits = 64 - self.number("TCR_EL1_T1SZ")
    self.page_bits = self.find_page_bits()

  def physical_word(self, address):
    at = address - self.base
    if at < 0 or at + 8 > len(self.bytes) or at % 8:
      raise NoMemory(f"{address:#x}: not in memory")
    return int.from_bytes(self.bytes[at : at + 8], "little")

  def to_physical(self, address):
    """Follows the page tables."""
    level_bits = self.page_bits - 3  # a table is as large as a page
    mask = (1 << ADDRESS_BITS) - (1 << self.page_bits)
    levels = -(-(self.address_bits - self.page_bits) // level_bits)
    table = self.root
    for level in range(levels - 1, -1, -1):
      shift = self.page_bits + level_bits * level
      bits = min(level_bits, self.address_bits - shift)
      entry = self.physical_word(table + 8 * (address >> shift & (1 << bits) - 1))
      if not entry & IS_VALID:
        break
      if level == 0 or not entry & IS_TABLE:
        inside = (1 << shift) - 1
        return entry & mask & ~inside | address & inside
      table = entry & mask
    raise NoMemory(f"{address:#x}: not mapped")

  def word(self, address):
    return self.physical_word(self.to_physical(address))
