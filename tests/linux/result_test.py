# SPDX-License-Identifier: MIT
"""A boot is as it should be, or each thing that is not so is named."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import compare
import result
from compare import Outcome
from result import Result


def good():
  """A boot without a problem: 100 kinds of sleep, 30 of them with an exception."""
  one = Result("6.12", "max", "both", probes=20, tracer_standing="function_graph")
  for policy in ("exact", "strict"):
    outcomes = [
      Outcome(pid, f"k{pid}", compare.BETTER if pid < 10 else compare.EQUAL, f"k{pid}", pid >= 30 or policy == "exact",
              pid < 30, pid == 50)  # fmt: skip
      for pid in range(100)
    ]
    setattr(one, policy, outcomes)
  return one


class ResultTest(unittest.TestCase):
  def has(self, expected, one):
    problems = one.problems()
    self.assertTrue(any(expected in problem for problem in problems), problems)

  def test_a_good_boot_has_no_problem(self):
    one = good()
    self.assertEqual(one.problems(), [])
    expected = "6.12 max both elf 100 90 10 0 0 100.0 70.0 30 0 100 20 0"
    self.assertEqual(one.row().split(), expected.split())
    self.assertIn("FAILED", Result("6.1", "max", "none", failure="why").row())
    self.assertEqual(Result("6.1", "max", "none", failure="why").problems(), ["why"])

  def test_one_false_reliable_is_a_problem_under_either_policy(self):
    for policy in ("exact", "strict"):
      one = good()
      getattr(one, policy)[40].outcome = compare.DIFFERENT
      self.assertEqual(len(one.false_reliable()), 1)
      self.has("FALSE RELIABLE: 40 k40", one)

  def test_what_differs_is_a_problem_even_if_it_is_not_reliable(self):
    for what in (compare.DIFFERENT, compare.MISSING):
      one = good()
      one.exact[40].outcome, one.exact[40].is_reliable = what, False
      one.exact[40].kernel, one.exact[40].ours = ["a+0x1"], ["b+0x2"]
      self.has(f"{what}: 40 k40: the kernel: a+0x1; ours: b+0x2", one)

  def test_what_nothing_confirms_is_a_problem(self):
    one = good()
    one.exact[5].unconfirmed = ["f+0x4"]
    self.has("FALSE RELIABLE: 5 k5: nothing confirms f+0x4", one)
    one.exact[5].is_reliable = False
    self.has("unconfirmed: 5 k5", one)

  def test_a_skipped_caller_is_a_problem_if_the_trace_is_reliable(self):
    one = good()
    one.exact[5].skipped = ["0x10 behind 0x20"]
    self.has("FALSE RELIABLE: 5 k5: skipped 0x10", one)
    one.exact[5].is_reliable = False
    self.assertEqual(one.problems(), [])

  def test_a_few_exact_traces_may_be_unreliable(self):
    one = good()
    for outcome in one.exact[:3]:
      outcome.is_reliable = False
    self.assertEqual(one.problems(), [])
    one.exact[3].is_reliable = False
    one.exact[3].evidence = ["no_rule"]
    self.has("exact: 96.0 % reliable", one)
    self.has("k3: no_rule", one)

  def test_without_an_exception_strict_has_to_be_reliable(self):
    one = good()
    one.strict[40].is_reliable = False
    self.has("strict: not reliable, without an exception: 40 k40", one)

  def test_a_boot_that_shows_too_little_is_a_problem(self):
    for expected, change in (
      ("kinds of sleep are right", lambda one: one.exact.__delitem__(slice(60, 100))),
      ("kinds with an exception frame", lambda one: [setattr(o, "has_exception", False) for o in one.exact[10:]]),
      ("in a module", lambda one: setattr(one.exact[50], "has_module", False)),
      ("14 kretprobes stand", lambda one: setattr(one, "probes", 14)),
      ("the tracer is nop", lambda one: setattr(one, "tracer_standing", "nop")),
      ("the panic: no task", lambda one: setattr(one, "panic", "no task")),
      ("the guest: mount_x 1", lambda one: one.faults.append("mount_x 1")),
      ("tasks moved", lambda one: one.exact.extend(Outcome(1, "x", compare.MOVED) for _ in range(20))),
    ):
      one = good()
      change(one)
      self.has(expected, one)

  def test_without_kretprobes_none_need_to_stand(self):
    one = good()
    one.tracer, one.probes = "function_graph", 0
    self.assertEqual(one.problems(), [])

  def test_no_task_at_all_is_a_problem(self):
    one = Result("6.1", "max", "none", tracer_standing="nop")
    self.has("exact: - % reliable", one)

  def test_shares_are_cut(self):
    self.assertEqual([result.share(*pair) for pair in ((9999, 10000), (1, 1), (0, 0))], ["99.9", "100.0", "-"])

  def test_the_total_is_a_sum(self):
    words = result.total([good(), good()]).split()
    self.assertEqual(words[:5], ["total", "2", "boots", "200", "180"])


if __name__ == "__main__":
  unittest.main()
