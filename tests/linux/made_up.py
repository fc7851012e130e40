# SPDX-License-Identifier: MIT
"""A made-up kernel and what the tool says of it, for tests."""

import vmlinux
from cfi_text import Row
from ram import NoMemory
from truth import Frame, Task, Truth
from witness import Witness

SLIDE = 0x100000
PAC_MASK = 0x007F << 48
BASE = 0xFF80 << 48  # a kernel address whose PAC bits are clear, and so to be set
IMAGE = BASE | PAC_MASK
STACK = IMAGE + 0x800000
SIZE = 0x100

NAMES = ("start", "el1h_64_sync", "leaf", "caller", "outer", "entry", "return_to_handler", "twin", "twin")
PLACES = {name: IMAGE + 0x1000 + SIZE * index for index, name in enumerate(NAMES)}
SYMBOLS = vmlinux.Symbols(
  [f"{IMAGE + 0x1000 + SIZE * index:x} T {name}" for index, name in enumerate(NAMES)]
  + [f"{PLACES['outer']:x} t alias", f"{PLACES['twin'] + SIZE:x} T end"]
  + [f"{IMAGE + 0x8000:x} T __sched_text_start", f"{IMAGE + 0x8000:x} T schedule", f"{IMAGE + 0x8100:x} t wait"]
  + [f"{IMAGE + 0x9000:x} T __sched_text_end"]
  + [f"{IMAGE + 0xA000:x} T __lock_text_start", f"{IMAGE + 0xB000:x} T __lock_text_end"]
)


def call(where, name):
  """A direct call."""
  return 0b100101 << 26 | (PLACES[name] - where >> 2) & 0x03FFFFFF


class Code:
  """Instructions by address; all others are NOP."""

  indirect_calls = vmlinux.Code.indirect_calls

  def __init__(self, instructions):
    self.instructions = instructions

  def instruction(self, address):
    if not IMAGE <= address < IMAGE + 0x10000:
      raise ValueError("no code there")
    return self.instructions.get(address, 0xD503201F)


class Memory:
  """Words by address."""

  def __init__(self, words):
    self.words = words

  def word(self, address):
    if address not in self.words:
      raise NoMemory("not there")
    return self.words[address]


def pc_of(name, offset=0x20):
  """An address of the running kernel."""
  address = IMAGE + 0x8000 if name == "schedule" else PLACES[name]
  return address + offset + SLIDE


def frame(name, offset=0x20, source="frame_record", evidence=(), module="", pc=None):
  return {
    "pc": hex(pc_of(name, offset) if pc is None else pc),
    "function": name,
    "offset": offset,
    "size": SIZE,
    "module": module,
    "kind": "return_address",
    "source": source,
    "special": "none",
    "evidence": list(evidence),
    "is_doubtful": False,
  }


def registers(index, name="leaf", offset=0x20, lr=0):
  return {"frame": index, "at": hex(STACK), "pc": hex(pc_of(name, offset)), "fp": hex(STACK + 0x40),
          "sp": hex(STACK + 0x20), "lr": hex(lr), "pstate": "0x5"}  # fmt: skip


def task(frames, exceptions=(), pid=8, switches=4, reliability="reliable", **more):
  verdict = {"reliability": reliability, "policy": "exact", "stop": "final_record", "stop_at": "0x0", "evidence": [],
             "first_doubtful": len(frames)}  # fmt: skip
  return {"pid": pid, "tgid": pid, "name": "x", "address": "0x0", "state": "S", "cpu": 0, "is_running": False,
          "is_idle": False, "is_user": True, "switches": switches, "verdict": verdict, "frames": list(frames),
          "exceptions": list(exceptions), "notes": [], **more}  # fmt: skip


def said(*tasks):
  return {"dump": {"slide": hex(SLIDE), "pac_mask": hex(PAC_MASK), "warnings": []}, "tasks": list(tasks)}


def kernels(*names, pid=8, state="S", switches=4, after=None):
  """A task as the kernel has it: a name, or a name with offset and module."""
  frames = [Frame(name, 0x20, SIZE) if isinstance(name, str) else Frame(*name) for name in names]
  return Task(pid, pid, "x", state, "", switches, switches if after is None else after, True, frames)


def truth(*tasks, sleepers=()):
  return Truth(list(tasks), list(sleepers), {}, {}, "nop", [])


def witness(rows=(), instructions=(), words=()):
  rows = [Row(PLACES[name] + start, PLACES[name] + end, base, offset, None, ra)
          for name, start, end, base, offset, ra in rows]  # fmt: skip
  code = Code({PLACES[name] + offset: word for (name, offset), word in dict(instructions).items()})
  return Witness(SYMBOLS, vmlinux.Rows(rows), code, Memory(dict(words)), SLIDE, PAC_MASK)
