# SPDX-License-Identifier: MIT
"""What the tool says of a running task is held against the way out by CFI."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import json

import made_up
import notes
import running
from made_up import STACK, frame, pc_of
from unwind import Way

KERNEL = notes.Registers(pc=pc_of("leaf"), sp=STACK, fp=STACK, lr=0, pstate=5)
USER = notes.Registers(pc=0x1000, sp=0x2000, fp=0, lr=0, pstate=0)
NAMES = ("leaf", "caller", "el0t_64_sync")
OURS = [frame("leaf"), frame("caller"), frame("el0t_64_sync", pc=0x5000)]
WAY = Way([pc_of("leaf"), pc_of("caller"), 0x5000], "el0t_64_sync", True)
AS_FAR = Way(WAY.frames[:2], "no CFI", False)


class Unwinder:
  """Says the same of all registers."""

  def __init__(self, way):
    self.way = way

  def unwind(self, _registers, _ours):
    return self.way


def task(frames=OURS, **more):
  return made_up.task(frames, **{"exceptions": [made_up.registers(0)], "is_running": True, **more})


def judged(*tasks, registers=KERNEL, way=WAY):
  return running.Judge(made_up.said(*tasks), [registers], Unwinder(way))


class JudgeTest(unittest.TestCase):
  def outcome(self, *tasks, **more):
    context = judged(*tasks, **more).all()[0]
    return context.outcome, context.is_false_reliable(), bool(context.problems)

  def test_the_same_frames_agree(self):
    self.assertEqual(self.outcome(task()), (running.AGREES, False, False))
    self.assertEqual(self.outcome(task(), way=AS_FAR), (running.AGREES_AS_FAR, False, False))

  def test_a_reliable_trace_with_other_frames_is_false(self):
    other = frame("outer")
    for frames in (OURS[:1] + OURS[2:], [OURS[0], other, OURS[2]], [*OURS[:2], other, OURS[2]], OURS[:2], []):
      self.assertEqual(self.outcome(task(frames)), (running.DIFFERENT, True, True), len(frames))

  def test_frames_behind_the_end_of_cfi_are_not_compared_but_the_last_has_to_be_right(self):
    self.assertEqual(self.outcome(task([*OURS[:2], frame("outer"), OURS[2]]), way=AS_FAR)[1], False)
    self.assertEqual(self.outcome(task([*OURS[:2], frame("outer")]), way=AS_FAR)[1], True)

  def test_a_reliable_trace_has_all_exceptions(self):
    way = Way(WAY.frames, WAY.end, True, exceptions=[STACK])
    self.assertTrue(self.outcome(task(), way=way)[1])
    self.assertFalse(self.outcome(task(exceptions=[made_up.registers(0), made_up.registers(1)]), way=way)[1])

  def test_a_hidden_address_that_the_code_contradicts_is_false(self):
    self.assertTrue(self.outcome(task(), way=Way(WAY.frames, WAY.end, True, [1], ["calls another function"]))[1])

  def test_an_unreliable_trace_answers_for_the_frames_before_the_first_doubtful_one(self):
    for doubtful, expected in ((1, False), (2, True)):
      one = task([OURS[0], frame("outer")], reliability="unreliable")
      one["verdict"]["first_doubtful"] = doubtful
      self.assertEqual(self.outcome(one)[2], expected)

  def test_each_cpu_runs_one_task(self):
    for tasks in ((), (task(), task(pid=9)), (task(cpu=1),), (task(is_running=False),)):
      self.assertEqual(self.outcome(*tasks), (running.DIFFERENT, False, True))

  def test_user_space_has_no_frames_and_a_note(self):
    note = {"notes": ["it runs in user space"], "exceptions": []}
    self.assertEqual(self.outcome(task([], **note), registers=USER), (running.USER, False, False))
    for one in (task(**note), task([], notes=[])):
      self.assertTrue(self.outcome(one, registers=USER)[2])

  def test_blocked_tasks_that_are_reliable_start_and_end_as_they_should(self):
    for names, reliability, count in (
      (("__switch_to", "caller", "el0t_64_sync"), "reliable", 0), (("ret_from_fork",), "reliable", 0),
      (("caller", "el0t_64_sync"), "reliable", 1), (("caller", "el0t_64_sync"), "unreliable", 0),
      (("__switch_to", "caller"), "reliable", 1),
    ):  # fmt: skip
      one = task([frame(name, pc=0x5000) for name in names], is_running=False, reliability=reliability)
      self.assertEqual(len(judged(one).blocked()), count, names)


class SumTest(unittest.TestCase):
  def test_dumps_are_summed_up(self):
    total = running.Sum("6.12", "max", "none")
    doubtful = task(reliability="unreliable")
    doubtful["verdict"]["evidence"] = ["crossed_exception", "not_text"]
    self.assertTrue(total.add(judged(task(), task(is_running=False, reliability="unreliable"))))
    self.assertTrue(total.add(judged(doubtful)))
    self.assertFalse(total.add(judged(task(OURS[:2]))))
    self.assertEqual((total.count(running.AGREES), total.false_reliable(), total.blocked), (2, 1, 1))
    self.assertIn("3 dumps, 0 in user space, 3 in the kernel", total.row())
    self.assertIn("  1 x not_text: at leaf (none)", total.details())
    self.assertTrue(total.problems[0].startswith("FALSE RELIABLE: dump 3"))
    json.dumps(total.to_json())

  def test_a_failure_is_said(self):
    self.assertIn("FAILED: no", running.Sum("6.12", "max", "none", failure="no").row())


if __name__ == "__main__":
  unittest.main()
