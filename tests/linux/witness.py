# SPDX-License-Identifier: MIT
"""Says who called a function that an exception interrupted, from what the tool does not use: the kernel's CFI, and the
words that are in the guest's memory."""

import ram
import vmlinux

IS_KERNEL = 1 << 55


def number(text):
  """A number of the tool's JSON: addresses are texts there."""
  return int(text, 0) if isinstance(text, str) else int(text)


def stripped(address, pac_mask):
  """Without the bits of a pointer authentication code."""
  return address | pac_mask if address & IS_KERNEL else address & ~pac_mask


class Witness:
  """The kernel's CFI and its memory, for one dump."""

  def __init__(self, symbols, rows, memory, slide=0, pac_mask=0):
    self.rows = rows
    self.memory = memory
    self.slide = slide
    self.pac_mask = pac_mask
    self.trampolines = {address + slide for name in vmlinux.TRAMPOLINES for address in symbols.at(name)}

  def link_register(self, registers):
    return stripped(number(registers["lr"]), self.pac_mask)

  def caller(self, registers):
    """The return address of the interrupted function as CFI has it, or None: no CFI there, or no such word, or one that
    a tracer replaced."""
    row = self.rows.at(number(registers["pc"]) - self.slide)
    base = {"sp": "sp", "x29": "fp"}.get(row.base) if row is not None else None
    if base is None:
      return None
    if row.ra is None:
      found = self.link_register(registers)
    else:
      try:
        found = stripped(self.memory.word(number(registers[base]) + row.offset + row.ra), self.pac_mask)
      except ram.NoMemory:
        return None
    return None if found in self.trampolines else found

  def confirms(self, registers, pc):
    """The name of what says that `pc` is the caller of the interrupted function, or ""."""
    caller = self.caller(registers)
    if caller is not None:
      return "cfi" if caller == pc else ""
    return "link_register" if self.link_register(registers) == pc else ""
