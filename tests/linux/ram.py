# SPDX-License-Identifier: MIT
"""Reads words at the kernel's virtual addresses out of the guest's memory, by its page tables."""

import mmap
import re

PAGE_BITS = 12
LEVEL_BITS = 9
ADDRESS_MASK = 0x0000_FFFF_FFFF_F000  # the guest's memory ends far below 2^48
IS_VALID, IS_TABLE = 1, 2


class NoMemory(ValueError):
  """No word is at this address, or nothing says where the page tables are."""


class Memory:
  """The memory of a guest as a file: `base` is the physical address of its first byte."""

  def __init__(self, path, base):
    self.base = base
    with open(path, "rb") as file:
      self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    self.root = None
    self.address_bits = 48

  def close(self):
    self.bytes.close()

  def number(self, name):
    """A number of VMCOREINFO, which the kernel has in its memory as text."""
    at = self.bytes.find(f"\nNUMBER({name})=".encode())
    while at >= 0:
      found = re.match(rb"\n[^=]+=(-?(?:0x)?[0-9a-f]+)\n", self.bytes[at : at + 80])
      if found:
        return int(found.group(1), 0)
      at = self.bytes.find(f"\nNUMBER({name})=".encode(), at + 1)
    raise NoMemory(f"no VMCOREINFO with {name} is in memory")

  def find_tables(self, swapper_pg_dir):
    """Finds the page tables: their virtual address is that of `swapper_pg_dir`, moved by KASLR."""
    self.root = swapper_pg_dir - self.number("kimage_voffset")
    self.address_bits = 64 - self.number("TCR_EL1_T1SZ")

  def physical_word(self, address):
    at = address - self.base
    if at < 0 or at + 8 > len(self.bytes) or at % 8:
      raise NoMemory(f"{address:#x}: not in memory")
    return int.from_bytes(self.bytes[at : at + 8], "little")

  def to_physical(self, address):
    """Follows the page tables."""
    levels = -(-(self.address_bits - PAGE_BITS) // LEVEL_BITS)
    table = self.root
    for level in range(levels - 1, -1, -1):
      shift = PAGE_BITS + LEVEL_BITS * level
      bits = min(LEVEL_BITS, self.address_bits - shift)
      entry = self.physical_word(table + 8 * (address >> shift & (1 << bits) - 1))
      if not entry & IS_VALID:
        break
      if level == 0 or not entry & IS_TABLE:
        inside = (1 << shift) - 1
        return entry & ADDRESS_MASK & ~inside | address & inside
      table = entry & ADDRESS_MASK
    raise NoMemory(f"{address:#x}: not mapped")

  def word(self, address):
    return self.physical_word(self.to_physical(address))
