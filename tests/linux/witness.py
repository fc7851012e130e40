# SPDX-License-Identifier: MIT
"""Says who called a function that an exception interrupted, from what the tool does not use: the kernel's CFI, and the
words that are in the guest's memory."""

import ram
import vmlinux
from sources import Sources

IS_KERNEL = 1 << 55


def number(text):
  """A number of the tool's JSON: addresses are texts there."""
  return int(text, 0) if isinstance(text, str) else int(text)


def stripped(address, pac_mask):
  """Without the bits of a pointer authentication code."""
  return address | pac_mask if address & IS_KERNEL else address & ~pac_mask


class Witness(Sources):
  """Who called what an exception interrupted, in one dump."""

  def link_register(self, registers):
    return stripped(number(registers["lr"]), self.pac_mask)

  def by_cfi(self, registers):
    """The return address of the interrupted function where CFI says that it is, or None: no CFI, or no such word."""
    row = self.rows.at(number(registers["pc"]) - self.slide)
    base = {"sp": "sp", "x29": "fp"}.get(row.base) if row is not None else None
    if base is None:
      return None
    if row.ra is None:
      return self.link_register(registers)
    try:
      return stripped(self.memory.word(number(registers[base]) + row.offset + row.ra), self.pac_mask)
    except ram.NoMemory:
      return None

  def by_call(self, registers):
    """The link register if the call before it goes to the interrupted function, directly: nothing else has been called
    since. None if it does not."""
    lr = self.link_register(registers)
    before = lr - self.slide - vmlinux.BYTES_PER_INSTRUCTION
    try:
      callee = self.symbols.function_at(number(registers["pc"]) - self.slide)[0]
      return lr if vmlinux.target_of(self.code.instruction(before), before) == callee else None
    except ValueError:  # in a module, or no address of code
      return None

  def caller(self, registers):
    """The caller as CFI has it, or else the call before the link register. None if neither has one, or if a tracer put
    its own address there."""
    found = self.by_cfi(registers)
    if found is None:
      found = self.by_call(registers)
    return None if found in self.trampolines else found

  def calls_another(self, registers, pc):
    """True if the call before `pc` goes to another function than the interrupted one, directly: `pc` is no caller of
    it. The kernel's compiler makes no jump of a call at a function's end."""
    before = pc - self.slide - vmlinux.BYTES_PER_INSTRUCTION
    try:
      target = vmlinux.target_of(self.code.instruction(before), before)
      return target not in (None, self.symbols.function_at(number(registers["pc"]) - self.slide)[0])
    except ValueError:  # in a module
      return False

  def is_called_from(self, callee, pc):
    """True if a call right before `pc` goes to the function of `callee`, or may: it is the only indirect one there."""
    before = pc - vmlinux.BYTES_PER_INSTRUCTION
    start, end = self.symbols.function_at(before)
    target = vmlinux.target_of(self.code.instruction(before), before)
    if target is not None:
      return target == self.symbols.function_at(callee)[0]
    return self.code.indirect_calls(start, end) == [before]

  def is_between(self, callee, pc, caller):
    """True if code alone says that `pc` is between the two: its function calls that of `callee`, and that of `caller`
    calls it, directly."""
    callee, pc, caller = (address - self.slide for address in (callee, pc, caller))
    before = caller - vmlinux.BYTES_PER_INSTRUCTION
    try:
      target = vmlinux.target_of(self.code.instruction(before), before)
      return target == self.symbols.function_at(pc - 1)[0] and self.is_called_from(callee, pc)
    except ValueError:  # in a module
      return False

  def confirms(self, registers, pc, caller):
    """The name of what says that `pc` called the interrupted function, or "". `caller` is the frame behind, or None."""
    found, by = self.by_cfi(registers), "cfi"
    if found is None:
      found, by = self.link_register(registers), "link_register"
    if found in self.trampolines:
      return "calls" if caller is not None and self.is_between(number(registers["pc"]), pc, caller) else ""
    return by if found == pc else ""
