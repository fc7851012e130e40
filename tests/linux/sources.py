# SPDX-License-Identifier: MIT
"""What the tool does not use, for one dump: the kernel's CFI and code as others read them, and the words in memory."""

import vmlinux


class Sources:
  """`rows` and `code` are of the kernel's file, `slide` is how far it has been moved."""

  def __init__(self, symbols, rows, code, memory, slide=0, pac_mask=0):
    self.symbols = symbols
    self.rows = rows
    self.code = code
    self.memory = memory
    self.slide = slide
    self.pac_mask = pac_mask
    self.trampolines = {address + slide for name in vmlinux.TRAMPOLINES for address in symbols.at(name)}
