# SPDX-License-Identifier: MIT
"""A trace is the kernel's, or better, or not: on a made-up kernel."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import compare
import made_up
from made_up import frame, kernels, pc_of, registers, task

CROSSED = ("crossed_exception",)
INTERRUPTED = [frame("el1h_64_sync"), frame("leaf", source="exception_frame", evidence=CROSSED)]
EXTRA = frame("caller", source="link_register")
OUTER = [frame("outer"), frame("entry")]


def outcome_of(ours, truth, witness=None):
  return compare.Comparison(made_up.said(ours), made_up.SYMBOLS, witness).compare(truth, "a kind")


class CompareTest(unittest.TestCase):
  def is_of(self, expected, ours, truth, witness=None):
    outcome = outcome_of(ours, truth, witness)
    self.assertEqual(outcome.outcome, expected)
    return outcome

  def test_the_same_functions_are_equal(self):
    outcome = self.is_of(compare.EQUAL, task(OUTER), kernels("outer", "entry"))
    self.assertEqual((outcome.is_reliable, outcome.is_false_reliable(), outcome.kind), (True, False, "a kind"))

  def test_the_scheduler_is_left_out_of_both(self):
    self.is_of(compare.EQUAL, task([frame("schedule"), *OUTER]), kernels("outer", "entry"))

  def test_what_differs_is_different(self):
    for names in (("outer",), ("entry",), ("entry", "outer"), ("outer", "entry", "entry"), ("caller", "entry")):
      self.is_of(compare.DIFFERENT, task(OUTER), kernels(*names))
    self.is_of(compare.DIFFERENT, task(OUTER), kernels("outer", ("entry", 0x24, 0x100)))
    self.is_of(compare.DIFFERENT, task(OUTER), kernels("outer", ("entry", 0x20, 0x100, "tun")))
    self.is_of(compare.DIFFERENT, task([]), kernels("outer"))

  def test_a_right_address_with_a_wrong_name_is_different(self):
    wrong = {**frame("outer"), "function": "caller"}
    for ours in (wrong, {**wrong, "function": ""}, {**frame("outer"), "offset": 0x24}):
      self.is_of(compare.DIFFERENT, task([ours, frame("entry")]), kernels("outer", "entry"))

  def test_a_right_name_with_a_wrong_address_is_different(self):
    wrong = frame("outer", pc=pc_of("outer") + 4)
    self.is_of(compare.DIFFERENT, task([wrong, frame("entry")]), kernels("outer", "entry"))

  def test_another_name_of_the_same_place_is_equal(self):
    self.is_of(compare.EQUAL, task([{**frame("outer"), "function": "alias"}]), kernels("outer"))
    # Two functions are called twin; the kernel names either so.
    self.is_of(compare.EQUAL, task([frame("twin")]), kernels("twin"))

  def test_the_end_of_a_function_is_the_start_of_the_next(self):
    self.is_of(compare.EQUAL, task([frame("entry", 0)]), kernels(("outer", made_up.SIZE, made_up.SIZE)))

  def test_functions_of_modules_are_compared_by_name(self):
    ours = frame("start", 0x30, module="my-module", pc=0xFFFF000012345678)
    self.is_of(compare.EQUAL, task([ours]), kernels(("start", 0x30, 0x80, "my_module")))
    self.is_of(compare.DIFFERENT, task([ours]), kernels(("start", 0x34, 0x80, "my_module")))
    self.is_of(compare.DIFFERENT, task([ours]), kernels(("start", 0x30, 0x80)))

  def test_a_task_that_ran_is_not_compared(self):
    for ours, truth in (
      (task(OUTER, switches=5), kernels("outer", "entry")),
      (task(OUTER), kernels("caller", after=5)),
      (task(OUTER), kernels("caller", state="R")),
      (task(OUTER, is_running=True), kernels("caller")),
    ):
      self.assertFalse(self.is_of(compare.MOVED, ours, truth).is_compared())

  def test_a_dead_task_has_no_stack(self):
    self.is_of(compare.DEAD, task([]), kernels(state="Z"))
    outcome = self.is_of(compare.DIFFERENT, task(OUTER), kernels(state="Z"))
    self.assertTrue(outcome.is_false_reliable())

  def test_a_task_that_is_not_in_the_dump_is_missing(self):
    self.is_of(compare.MISSING, task(OUTER, pid=9), kernels("outer"))
    self.is_of(compare.MISSING, task(OUTER, is_idle=True), kernels("outer"))
    gone = kernels("outer")
    gone.name = "kworker/0:1"
    self.is_of(compare.MOVED, task(OUTER, pid=9), gone)

  def test_an_address_of_no_function_is_in_no_trace(self):
    self.is_of(compare.DIFFERENT, task(OUTER), kernels("outer", ("0x15", 0, 0)))

  def test_the_kernel_has_to_say_something_of_a_task_that_sleeps(self):
    self.is_of(compare.MISSING, task(OUTER), kernels())

  def test_only_reliable_traces_are_falsely_reliable(self):
    self.assertTrue(outcome_of(task(OUTER), kernels("outer")).is_false_reliable())
    self.assertFalse(outcome_of(task(OUTER, reliability="unreliable"), kernels("outer")).is_false_reliable())

  def test_the_caller_of_an_interrupted_function_is_better_if_something_confirms_it(self):
    lr = pc_of("caller")
    ours = task([*INTERRUPTED, EXTRA, *OUTER], [registers(1, lr=lr)])
    truth = kernels("el1h_64_sync", "leaf", "outer", "entry")
    outcome = self.is_of(compare.BETTER, ours, truth, made_up.witness())
    self.assertEqual((outcome.witnesses, outcome.unconfirmed), (["link_register"], []))
    self.assertFalse(outcome.is_false_reliable())

  def test_nothing_confirms_another_caller(self):
    ours = task([*INTERRUPTED, EXTRA, *OUTER], [registers(1, lr=pc_of("caller") + 4)])
    truth = kernels("el1h_64_sync", "leaf", "outer", "entry")
    for witness in (None, made_up.witness()):
      outcome = self.is_of(compare.BETTER, ours, truth, witness)
      self.assertEqual(outcome.unconfirmed, ["caller+0x20"])
      self.assertTrue(outcome.is_false_reliable())

  def test_extra_frames_anywhere_else_are_different(self):
    truth = kernels("el1h_64_sync", "leaf", "outer", "entry")
    lr = pc_of("caller")
    saved = [registers(1, lr=lr)]
    plain = [INTERRUPTED[0], frame("leaf", source="exception_frame")]
    for ours in (
      task([*INTERRUPTED, OUTER[0], EXTRA, OUTER[1]], saved),
      task([*INTERRUPTED, EXTRA, EXTRA, *OUTER], saved),
      task([*INTERRUPTED, frame("caller"), *OUTER], saved),
      task([*plain, EXTRA, *OUTER], saved),
      task([*INTERRUPTED, EXTRA, *OUTER], []),
      task([EXTRA, *INTERRUPTED, *OUTER], saved),
    ):
      self.is_of(compare.DIFFERENT, ours, truth, made_up.witness())

  def test_a_caller_that_cfi_has_and_neither_trace_has_is_skipped(self):
    ours = task([*INTERRUPTED, *OUTER], [registers(1, lr=pc_of("caller"))])
    truth = kernels("el1h_64_sync", "leaf", "outer", "entry")
    witness = made_up.witness(rows=[("leaf", 0, 0x100, "sp", 0, None)])
    outcome = self.is_of(compare.EQUAL, ours, truth, witness)
    self.assertEqual(len(outcome.skipped), 1)
    self.assertTrue(outcome.is_false_reliable())
    ours["verdict"]["reliability"] = "unreliable"
    self.assertFalse(outcome_of(ours, truth, witness).is_false_reliable())

  def test_a_better_caller_has_its_own_name(self):
    truth = kernels("el1h_64_sync", "leaf", "outer", "entry")
    for wrong in ({"function": "entry"}, {"function": ""}, {"offset": 0x24}):
      ours = task([*INTERRUPTED, {**EXTRA, **wrong}, *OUTER], [registers(1, lr=pc_of("caller"))])
      self.is_of(compare.DIFFERENT, ours, truth, made_up.witness())

  def test_a_caller_is_skipped_if_the_next_frame_calls_another_function(self):
    truth = kernels("el1h_64_sync", "leaf", "outer", "entry")
    ours = task([*INTERRUPTED, *OUTER], [registers(1)])
    self.assertEqual(self.is_of(compare.EQUAL, ours, truth, made_up.witness()).skipped, [])
    calls = {("outer", 0x1C): made_up.call(made_up.PLACES["outer"] + 0x1C, "caller")}
    outcome = self.is_of(compare.EQUAL, ours, truth, made_up.witness(instructions=calls))
    self.assertEqual(len(outcome.skipped), 1)
    self.assertTrue(outcome.is_false_reliable())

  def test_all_tasks_of_the_kernels_words_are_compared(self):
    comparison = compare.Comparison(made_up.said(task(OUTER)), made_up.SYMBOLS)
    sleeper = type("Sleeper", (), {"pid": 8, "kind": "pipe-read"})
    told = made_up.truth(kernels("outer", "entry"), kernels("outer", pid=9), sleepers=[sleeper])
    found = [(outcome.pid, outcome.outcome, outcome.kind) for outcome in comparison.all(told)]
    self.assertEqual(found, [(8, compare.EQUAL, "pipe-read"), (9, compare.MISSING, "")])


if __name__ == "__main__":
  unittest.main()
