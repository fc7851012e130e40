# SPDX-License-Identifier: MIT
"""Finds code that nothing runs: what fills the room behind a return or a jump."""

import struct

import elf

NOP, DSB, ISB, SB = 0xD503201F, 0xD5033F9F, 0xD5033FDF, 0xD50330FF
MOST = 32


def is_filler(word):
  """NOP, and the barriers that stop speculation."""
  return word in (NOP, DSB, ISB, SB)


def leads_on(word):
  """False of an instruction that is never followed by the next one: B, BR, RET, with authentication or not."""
  if word >> 26 == 0x05:
    return False
  return word & 0xFE000000 != 0xD6000000 or word & 0x00600000 == 0x00200000  # BLR leads on


class Code:
  """The instructions of an image, by address."""

  def __init__(self, path):
    self.sections = elf.read(path).code()
    self.file = open(path, "rb")  # noqa: SIM115

  def close(self):
    self.file.close()

  def words(self, start, end):
    for section in self.sections:
      if section.address <= start and end <= section.address + section.size:
        self.file.seek(section.offset + start - section.address)
        data = self.file.read(end - start)
        return [word for (word,) in struct.iter_unpack("<I", data)]
    return []

  def is_padding(self, start, end):
    """True if [start, end) is filler behind an instruction that leads elsewhere."""
    words = self.words(start, end)
    if not words or not all(is_filler(word) for word in words):
      return False
    for back in range(1, MOST):
      before = self.words(start - 4 * back, start - 4 * back + 4)
      if not before or not is_filler(before[0]):
        return bool(before) and not leads_on(before[0])
    return False
