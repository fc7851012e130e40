# SPDX-License-Identifier: MIT
"""Reads the registers of each CPU out of an ELF dump's notes."""

import struct
from dataclasses import dataclass

PT_NOTE = 4
NT_PRSTATUS = 1
REGISTERS_AT = 112  # in the note, behind signals, process numbers and times
LEVEL_MASK = 0xC  # of PSTATE: the exception level


class NoRegisters(ValueError):
  """The dump has no registers, or is no ELF file."""


@dataclass
class Registers:
  """What a CPU had in its registers when the dump was made."""

  pc: int
  sp: int
  fp: int
  lr: int
  pstate: int

  def is_in_user_space(self):
    return self.pstate & LEVEL_MASK == 0


def parse(note):
  words = struct.unpack_from("<34Q", note, REGISTERS_AT)
  return Registers(pc=words[32], sp=words[31], fp=words[29], lr=words[30], pstate=words[33])


def notes_of(segment):
  """The type and the content of each note."""
  at = 0
  while at + 12 <= len(segment):
    name, size, kind = struct.unpack_from("<3I", segment, at)
    start = at + 12 + -(-name // 4) * 4
    yield kind, segment[start : start + size]
    at = start + -(-size // 4) * 4


def read(path):
  """The registers of all CPUs, in their order."""
  with open(path, "rb") as file:
    head = file.read(64)
    if head[:6] != b"\x7fELF\x02\x01":
      raise NoRegisters(f"{path}: no ELF file of 64 bits")
    at, entry, count = struct.unpack("<Q", head[32:40])[0], *struct.unpack("<2H", head[54:58])
    found = []
    for index in range(count):
      file.seek(at + entry * index)
      kind, _, offset, _, _, size = struct.unpack("<2I4Q", file.read(40))
      if kind == PT_NOTE:
        file.seek(offset)
        found += [parse(note) for kind, note in notes_of(file.read(size)) if kind == NT_PRSTATUS]
  if not found:
    raise NoRegisters(f"{path}: no registers")
  return found
