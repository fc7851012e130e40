# SPDX-License-Identifier: MIT
"""Unwinds a CPU that was stopped anywhere in the kernel by what the tool does not use: the kernel's CFI, and the words
that are in the guest's memory. Entry code and tracers' trampolines have no CFI: what they leave on the stack is read
here by its known form."""

from dataclasses import dataclass, field, replace

import ram
import vmlinux
from sources import Sources
from witness import stripped

MOST_FRAMES = 1000
PATCHED_BYTES = 8  # at the start of a function
EXCEPTIONS = [f"el1{mode}_64_{kind}" for mode in "th" for kind in ("sync", "irq", "fiq", "error")]
OUTERMOST = [f"el0t_{width}_{kind}" for width in (64, 32) for kind in ("sync", "irq", "fiq", "error")]
OUTERMOST += ["ret_from_fork", "__secondary_switched", "__primary_switched"]
TRACING = ["ftrace_caller", "ftrace_regs_caller", "ftrace_common", "ftrace_call"]
IRQ_STACK = "call_on_irq_stack"
# Where struct pt_regs has them: the architecture's user ABI fixes it.
SAVED_FP, SAVED_LR, SAVED_SP, SAVED_PC = 0xE8, 0xF0, 0xF8, 0x100


class End(Exception):
  """The way out ends here. `is_whole` tells that this is where it should."""

  def __init__(self, reason, is_whole=False):
    super().__init__(reason)
    self.reason = reason
    self.is_whole = is_whole


@dataclass
class State:
  """Registers of a frame. `is_next`: the instruction at pc is the next one, and not the one behind a call."""

  pc: int
  sp: int
  fp: int
  lr: int | None = None
  is_next: bool = False


@dataclass
class Way:
  """The way out. `replaced` are the indices of frames whose return address a tracer hides: the tool's are believed."""

  frames: list = field(default_factory=list)
  end: str = ""
  is_whole: bool = False
  replaced: list = field(default_factory=list)
  wrong: list = field(default_factory=list)  # what a replaced address of the tool contradicts
  exceptions: list = field(default_factory=list)  # addresses of saved registers
  has_irq_stack: bool = False


def size_of_frame(instruction):
  """How much `sub sp, sp, #number` takes, or 0."""
  return instruction >> 10 & 0xFFF if instruction & 0xFFC003FF == 0xD10003FF else 0


class Unwinder(Sources):
  """For one dump."""

  def __init__(self, symbols, *others):
    super().__init__(symbols, *others)
    self.names = {}
    for names in (EXCEPTIONS, OUTERMOST, TRACING, [IRQ_STACK], vmlinux.TRAMPOLINES):
      for name in names:
        self.names.update({address: name for address in symbols.at(name)})

  def word(self, address):
    try:
      return self.memory.word(address)
    except ram.NoMemory as error:
      raise End(f"no memory: {error}") from error

  def place(self, state):
    """The place in the image that a frame is at."""
    return state.pc - self.slide - (0 if state.is_next else vmlinux.BYTES_PER_INSTRUCTION)

  def start_of(self, state):
    try:
      return self.symbols.function_at(self.place(state))[0]
    except ValueError as error:
      raise End("no function of the image") from error

  def step(self, state):
    """The caller, whose return address may be a tracer's; or the interrupted frame."""
    row = self.row_of(state)
    if row is not None:
      return self.by_row(state, row)
    name = self.names.get(self.start_of(state), "")
    if name in OUTERMOST:
      raise End(name, is_whole=True)
    if state.is_next:
      raise End("no CFI where it was interrupted")
    if name in EXCEPTIONS:
      return self.interrupted(state.sp)
    if name == IRQ_STACK:
      return State(self.word(state.fp + 8), state.fp + 16, self.word(state.fp))
    if name in TRACING:
      return self.traced(state)
    if name in vmlinux.TRAMPOLINES:
      return self.hooked(state, name)
    raise End("no CFI")

  def row_of(self, state):
    """The row of a frame. At the instructions that tracers patch, CFI may start behind them: nothing is done yet."""
    place = self.place(state)
    row = self.rows.at(place)
    behind = self.start_of(state) + PATCHED_BYTES
    if row is None and state.is_next and place < behind:
      row = self.rows.at(behind)
      return row if row is not None and row.start == behind else None
    return row

  def by_row(self, state, row):
    if row.base not in ("sp", "x29"):
      raise End("a CFA that is no register and number")
    base = (state.sp if row.base == "sp" else state.fp) + row.offset
    if row.ra is None and state.lr is None:
      raise End("CFI has the return address in a register that is lost")
    pc = state.lr if row.ra is None else self.word(base + row.ra)
    fp = state.fp if row.fp is None else self.word(base + row.fp)
    return State(pc, base, fp)

  def interrupted(self, at):
    return State(self.word(at + SAVED_PC), self.word(at + SAVED_SP), self.word(at + SAVED_FP),
                 self.word(at + SAVED_LR), is_next=True)  # fmt: skip

  def traced(self, state):
    """Two records: of the traced function, which has made no frame yet, and of its caller."""
    caller = self.word(state.fp)
    return State(self.word(state.fp + 8), caller + 16, self.word(caller), self.word(caller + 8), is_next=True)

  def hooked(self, state, name):
    """A trampoline that calls a tracer: it has saved registers below the frame of the function that it replaced."""
    start = self.symbols.one(name)
    size = next(filter(None, (size_of_frame(self.code.instruction(start + 4 * i)) for i in range(3))), 0)
    if not size:
      raise End(f"{name} has no frame")
    fp = state.fp if name == "return_to_handler" else self.word(state.sp + SAVED_FP)
    return State(self.hooks_address(name), state.sp + size, fp)

  def hooks_address(self, name):
    return self.symbols.one(name) + self.slide

  def check_replaced(self, way, pc, callee):
    """The call before a hidden return address goes to the function that was left, if it is a direct one."""
    before = pc - self.slide - vmlinux.BYTES_PER_INSTRUCTION
    try:
      target = vmlinux.target_of(self.code.instruction(before), before)
      start, left = self.symbols.function_at(callee - self.slide)[0], self.names.get(target, target)
    except ValueError:
      return
    if target is not None and left != start and self.names.get(start) is None:
      way.wrong.append(f"{pc:#x} calls another function than that of {callee:#x}")

  def unwind(self, registers, ours):
    """The way out from a CPU's registers. `ours` are the pcs that the tool has."""
    state = State(registers.pc, registers.sp, registers.fp, registers.lr, is_next=True)
    way = Way([state.pc])
    try:
      while len(way.frames) < MOST_FRAMES:
        way.has_irq_stack |= self.names.get(self.start_of(state)) == IRQ_STACK
        before = state
        state = self.step(state)
        if state.is_next:
          way.exceptions += [before.sp] if self.names.get(self.start_of(before)) in EXCEPTIONS else []
        elif stripped(state.pc, self.pac_mask) in self.trampolines:
          state = self.replace(way, state, ours)
        state = replace(state, pc=stripped(state.pc, self.pac_mask))
        if state.lr is not None:
          state.lr = stripped(state.lr, self.pac_mask)
        way.frames.append(state.pc)
      way.end = "too many frames"
    except End as end:
      way.end, way.is_whole = end.reason, end.is_whole
    return way

  def replace(self, way, state, ours):
    index = len(way.frames)
    if index >= len(ours):
      raise End("a hidden return address, and the tool has none")
    way.replaced.append(index)
    # A trampoline on the stack is of the function that has returned to it: who that was is not known.
    if self.names.get(self.start_of(State(way.frames[-1], 0, 0))) not in vmlinux.TRAMPOLINES:
      self.check_replaced(way, ours[index], way.frames[-1])
    return replace(state, pc=ours[index])
