# SPDX-License-Identifier: MIT

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import peer_traces
import vmlinux
from peer_traces import CUT, LACKS, LOST, RUNS_ON, TRAMPOLINE, WRONG, Expected

TRAMPOLINES = {0x99}
PLAIN = [Expected(0x10), Expected(0x20), Expected(0x30)]
INTERRUPTED = [Expected(0x10), Expected(0x20), Expected(0x25, is_extra=True), Expected(0x30)]
TRACED = [Expected(0x10), Expected(0x20, is_replaced=True), Expected(0x30)]


class Flaws(unittest.TestCase):
  def test_each_flaw_is_named(self):
    for expected, pcs, flaws in (
      (PLAIN, [0x10, 0x20, 0x30], set()),
      (PLAIN, [0x10, 0x20], {CUT}),
      (PLAIN, [], {CUT}),
      (PLAIN, [0x10, 0x30], {LOST}),
      (PLAIN, [0x10, 0x20, 0x21, 0x30], {WRONG}),
      (PLAIN, [0x10, 0x20, 0x30, 0x40], {RUNS_ON}),
      (PLAIN, [0x10, 0x20, 0x40, 0x41], {CUT, RUNS_ON}),
      (PLAIN, [0x10, 0x99, 0x20, 0x30], {WRONG}),
      (INTERRUPTED, [0x10, 0x20, 0x25, 0x30], set()),
      (INTERRUPTED, [0x10, 0x20, 0x30], {LACKS}),
      (INTERRUPTED, [0x10, 0x20], {CUT}),
      (TRACED, [0x10, 0x99, 0x30], {TRAMPOLINE}),
      (TRACED, [0x10, 0x99], {TRAMPOLINE, CUT}),
      (TRACED, [0x10, 0x20, 0x30], set()),
      ([], [], set()),
      ([], [0x10], {RUNS_ON}),
    ):
      with self.subTest(expected=expected, pcs=pcs):
        self.assertEqual(peer_traces.flaws(expected, pcs, TRAMPOLINES), flaws)

  def test_a_trace_may_have_several(self):
    expected = [Expected(1), Expected(2, is_replaced=True), Expected(3), Expected(4, is_extra=True), Expected(5)]
    self.assertEqual(peer_traces.flaws(expected, [1, 0x99, 3, 5], TRAMPOLINES), {TRAMPOLINE, LACKS})

  def test_many_trampolines_are_no_other_stack(self):
    expected = [Expected(1), *(Expected(at, is_replaced=True) for at in range(2, 22)), Expected(22)]
    self.assertEqual(peer_traces.flaws(expected, [1, *([0x99] * 20), 22], TRAMPOLINES), {TRAMPOLINE})

  def test_what_is_wrong_before_the_traces_part_is_named(self):
    expected = [Expected(1), Expected(2, is_replaced=True), Expected(3), Expected(4), Expected(5), Expected(6)]
    self.assertEqual(peer_traces.flaws(expected, [1, 0x99, 3, 3, 3, 3], TRAMPOLINES), {TRAMPOLINE, CUT, RUNS_ON})

  def test_the_caller_of_an_interrupted_function_is_one_that_no_record_holds(self):
    def frame(pc, source, evidence=()):
      return {"pc": hex(pc), "source": source, "evidence": list(evidence)}

    task = {
      "frames": [
        frame(0x10, "start"),
        frame(0x20, "exception_frame", ["crossed_exception"]),
        frame(0x30, "link_register"),
        frame(0x40, "return_stack", ["return_address_hooked"]),
      ]
    }
    expected = [Expected(0x10), Expected(0x20), Expected(0x30, is_extra=True), Expected(0x40, is_replaced=True)]
    self.assertEqual(peer_traces.expected_of(task), expected)


class KernelsWords(unittest.TestCase):
  SYMBOLS = vmlinux.Symbols([
    "0000000000001000 T __sched_text_start", "0000000000002000 T __sched_text_end",
    "0000000000003000 T __lock_text_start", "0000000000004000 T __lock_text_end",
    "0000000000005000 T vfs_read", "0000000000006000 t vfs_read", "0000000000007000 T ksys_read",
  ])  # fmt: skip

  def words(self):
    frame = {"module": "a_b", "function": "f", "offset": 4, "pc": "0x90000"}
    return peer_traces.KernelsWords({"dump": {"slide": "0x100000"}, "tasks": [{"frames": [frame]}]}, self.SYMBOLS)

  def test_what_the_kernel_never_prints_is_left_out(self):
    frames = [
      {"module": "", "function": "vfs_read", "offset": 8},
      {"module": "a-b", "function": "f", "offset": 4},
      {"module": "", "function": "ksys_read", "offset": 12},
    ]
    for pcs, is_same in (
      ([0x101008, 0x105008, 0x90000, 0x10700C], True),
      ([0x106008, 0x90000, 0x10700C], True),
      ([0x106008, 0x90000], False),
      ([0x106008, 0x90004, 0x10700C], False),
      ([0x106008, 0x90000, 0x10700C, 0x10700C], False),
    ):
      with self.subTest(pcs=pcs):
        self.assertEqual(self.words().are_same(frames, pcs), is_same)


if __name__ == "__main__":
  unittest.main()
