# SPDX-License-Identifier: MIT
"""The registers of a dump's notes are read as they are."""

import struct
import tempfile
import unittest
from pathlib import Path

import notes

WORDS = list(range(100, 134))


def note(words, kind=notes.NT_PRSTATUS, name=b"CORE\0"):
  content = bytes(notes.REGISTERS_AT) + struct.pack("<34Q", *words) + bytes(8)
  padded = name + bytes(-len(name) % 4)
  return struct.pack("<3I", len(name), len(content), kind) + padded + content


def elf_file(segment, kind=notes.PT_NOTE, magic=b"\x7fELF\x02\x01"):
  head = bytearray(64)
  head[:6] = magic
  struct.pack_into("<Q", head, 32, 64)
  struct.pack_into("<2H", head, 54, 56, 2)
  entries = struct.pack("<2I6Q", 1, 0, 0, 0, 0, 5, 0, 0) + struct.pack(
    "<2I6Q", kind, 0, 176, 0, 0, len(segment), 0, 0
  )
  return bytes(head) + entries + segment


class NotesTest(unittest.TestCase):
  def read(self, content):
    with tempfile.NamedTemporaryFile() as file:
      Path(file.name).write_bytes(content)
      return notes.read(file.name)

  def test_each_cpu_has_its_registers(self):
    second = [word + 1000 for word in WORDS]
    found = self.read(elf_file(note(WORDS) + note(WORDS, kind=7, name=b"VMCOREINFO\0") + note(second)))
    self.assertEqual(found[0], notes.Registers(pc=132, sp=131, fp=129, lr=130, pstate=133))
    self.assertEqual([registers.pc for registers in found], [132, 1132])

  def test_the_level_tells_user_space(self):
    for pstate, expected in ((0x80000000, True), (0x3C5, False), (0x5, False), (0x10, True)):
      self.assertEqual(notes.Registers(0, 0, 0, 0, pstate).is_in_user_space(), expected)

  def test_a_file_without_registers_is_refused(self):
    good = note(WORDS)
    for content in (elf_file(good, kind=1), elf_file(note(WORDS, kind=7)), elf_file(good, magic=bytes(6))):
      with self.assertRaises(notes.NoRegisters):
        self.read(content)


if __name__ == "__main__":
  unittest.main()
