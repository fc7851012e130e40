# SPDX-License-Identifier: MIT
"""A CPU's way out is followed by CFI, by what entry code saves, and by the records of trampolines."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import made_up
import notes
import unwind
import vmlinux
from cfi_text import Row
from made_up import IMAGE, PAC_MASK, SIZE, SLIDE

NAMES = ("start", "leaf", "caller", "el1h_64_irq", "el1h_64_irq_handler", "call_on_irq_stack", "ftrace_caller",
         "return_to_handler", "el0t_64_sync", "assembly", "plain", "late", "end")  # fmt: skip
PLACES = {name: IMAGE + 0x1000 + SIZE * index for index, name in enumerate(NAMES)}
SYMBOLS = vmlinux.Symbols([f"{address:x} T {name}" for name, address in PLACES.items()])
STACK, IRQ_STACK = IMAGE + 0x800000, IMAGE + 0x900000
FRAME = ("sp", 0x20, -0x20, -0x18)  # a record at the bottom of 32 bytes
NONE_YET = ("sp", 0, None, None)


def row(name, meaning, start=0, end=SIZE):
  base, offset, fp, ra = meaning
  return Row(PLACES[name] + start, PLACES[name] + end, base, offset, fp, ra)


ROWS = [row("leaf", NONE_YET, 8, 0x10), row("leaf", FRAME, 0x10), row("caller", FRAME),
        row("el1h_64_irq_handler", FRAME), row("plain", FRAME), row("late", NONE_YET, 12)]  # fmt: skip


def pc(name, offset=0x20):
  return PLACES[name] + offset + SLIDE


def signed(address):
  return address & ~PAC_MASK | 0x0055 << 48


def unwound(registers, words, ours=(), instructions=(), symbols=SYMBOLS):
  code = made_up.Code({PLACES[name] + offset: word for (name, offset), word in dict(instructions).items()})
  memory = made_up.Memory(words)
  return unwind.Unwinder(symbols, vmlinux.Rows(ROWS), code, memory, SLIDE, PAC_MASK).unwind(registers, list(ours))


def registers(name, offset=0x20, sp=STACK, fp=STACK, lr=0):
  return notes.Registers(pc=pc(name, offset), sp=sp, fp=fp, lr=lr, pstate=5)


# From STACK: the frames of leaf, caller, and of entry code.
TWO = {STACK: STACK + 0x20, STACK + 8: signed(pc("caller")), STACK + 0x20: 0, STACK + 0x28: pc("el0t_64_sync")}
WHOLE = [pc("leaf"), pc("caller"), pc("el0t_64_sync")]


class UnwindTest(unittest.TestCase):
  def test_frames_are_followed_by_cfi_to_the_entry_from_user_space(self):
    way = unwound(registers("leaf"), TWO)
    self.assertEqual((way.frames, way.end, way.is_whole), (WHOLE, "el0t_64_sync", True))

  def test_a_function_that_has_made_no_frame_has_its_caller_in_the_link_register(self):
    words = {STACK: 0, STACK + 8: pc("el0t_64_sync")}
    for offset in (0, 4, 8, 12):  # at the instructions that tracers patch, there is no row
      way = unwound(registers("leaf", offset, lr=signed(pc("caller"))), words)
      self.assertEqual(way.frames, [pc("leaf", offset), *WHOLE[1:]])

  def test_a_row_at_the_start_of_a_function_holds_there(self):
    words = {STACK + 0x20: 0, STACK + 0x28: pc("el0t_64_sync"), STACK + 8: pc("caller"), STACK: 0}
    self.assertEqual(unwound(registers("plain", 4), words).frames[1:], WHOLE[1:])
    words = {STACK: 0, STACK + 8: pc("el0t_64_sync")}
    self.assertEqual(unwound(registers("late", 4, lr=pc("caller")), words).frames, [pc("late", 4)])

  def test_a_link_register_that_is_lost_ends_the_way(self):
    words = {STACK: 0, STACK + 8: pc("leaf", 0x10)}
    way = unwound(registers("caller"), words)
    self.assertEqual((len(way.frames), way.is_whole), (2, False))

  def test_an_exception_leads_to_the_registers_that_it_saved(self):
    saved = STACK + 0x20
    words = {STACK: 0, STACK + 8: pc("el1h_64_irq"), saved + 0xE8: 0, saved + 0xF0: 0,
             saved + 0xF8: STACK + 0x200, saved + 0x100: pc("leaf"),
             STACK + 0x200: 0, STACK + 0x208: pc("el0t_64_sync")}  # fmt: skip
    way = unwound(registers("el1h_64_irq_handler"), words)
    self.assertEqual(way.frames, [pc("el1h_64_irq_handler"), pc("el1h_64_irq"), pc("leaf"), pc("el0t_64_sync")])
    self.assertEqual((way.exceptions, way.is_whole), ([saved], True))

  def test_the_irq_stack_is_left_by_the_record_on_the_other(self):
    words = {IRQ_STACK: STACK, IRQ_STACK + 8: pc("call_on_irq_stack"),
             STACK: STACK + 0x10, STACK + 8: pc("caller"),
             STACK + 0x10: 0, STACK + 0x18: pc("el0t_64_sync")}  # fmt: skip
    way = unwound(registers("leaf", sp=IRQ_STACK, fp=IRQ_STACK), words)
    self.assertEqual(way.frames, [pc("leaf"), pc("call_on_irq_stack"), pc("caller"), pc("el0t_64_sync")])
    self.assertTrue(way.has_irq_stack and way.is_whole)

  def test_a_trampoline_of_a_tracer_has_two_records(self):
    first, second = STACK + 0x20, STACK + 0x60
    words = {STACK: first, STACK + 8: pc("ftrace_caller"), first: second, first + 8: pc("leaf", 8),
             second: 0, second + 8: pc("caller"), second + 0x10: 0, second + 0x18: pc("el0t_64_sync")}  # fmt: skip
    way = unwound(registers("plain"), words)
    self.assertEqual(way.frames, [pc("plain"), pc("ftrace_caller"), pc("leaf", 8), *WHOLE[1:]])
    self.assertEqual((way.exceptions, way.is_whole), ([], True))

  def test_a_hidden_return_address_is_the_tools_if_the_call_before_it_fits(self):
    words = {**TWO, STACK + 8: signed(pc("return_to_handler", 0))}
    call = {("caller", 0x1C): 0b100101 << 26 | (PLACES["leaf"] - PLACES["caller"] - 0x1C >> 2) & 0x03FFFFFF}
    for instructions, wrong in ((call, 0), ({("caller", 0x1C): 0b100101 << 26}, 1)):
      way = unwound(registers("leaf"), words, WHOLE, instructions)
      self.assertEqual((way.frames, way.replaced, len(way.wrong)), (WHOLE, [1], wrong))
    self.assertFalse(unwound(registers("leaf"), words, WHOLE[:1]).is_whole)

  def test_inside_of_a_return_trampoline_its_frame_is_left_behind(self):
    words = {STACK: STACK + 0x60, STACK + 8: pc("return_to_handler", 0x20),
             STACK + 0x60: 0, STACK + 0x68: pc("el0t_64_sync")}  # fmt: skip
    ours = [pc("leaf"), pc("return_to_handler"), pc("caller"), pc("el0t_64_sync")]
    make_room = {("return_to_handler", 0): 0xD10103FF}  # sub sp, sp, #0x40
    way = unwound(registers("leaf"), words, ours, make_room)
    self.assertEqual((way.frames, way.replaced, way.is_whole), (ours, [2], True))

  def test_the_way_ends_where_nothing_is_known(self):
    for name, words, end in (("assembly", {}, "no CFI where it was interrupted"), ("leaf", {}, "no memory")):
      way = unwound(registers(name), words)
      self.assertEqual((len(way.frames), way.is_whole), (1, False))
      self.assertIn(end, way.end)


if __name__ == "__main__":
  unittest.main()
