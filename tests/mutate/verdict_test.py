# SPDX-License-Identifier: MIT
"""What becomes of a fault, in a tree whose builds and tests are made up."""

import tempfile
import unittest
from pathlib import Path

import operators
import trees
import verdict


class MadeUpTree(trees.Tree):
  """Its build fails if the file has `refused` in it; its tests notice `noticed by STAGE` in that stage."""

  def __init__(self, root, folder):
    super().__init__(root, folder, 1)
    self.asked = []

  def prepare(self, stage):
    pass

  def build(self, stage):
    return int("refused" in (self.folder / "src/unwind/x.cpp").read_text()), ""

  def is_same_code(self, stage):
    return "comment" in (self.folder / "src/unwind/x.cpp").read_text()

  def test(self, stage):
    self.asked.append(stage.name)
    text = (self.folder / "src/unwind/x.cpp").read_text()
    return ("a test" if f"noticed by {stage.name}" in text else None), ""


class TryOneTest(unittest.TestCase):
  def outcome(self, new):
    with tempfile.TemporaryDirectory() as name:
      tree = MadeUpTree(Path(name) / "root", Path(name) / "copy")
      for folder in (tree.root, tree.folder):
        (folder / "src/unwind").mkdir(parents=True)
        (folder / "src/unwind/x.cpp").write_text("  old\n")
      mutant = operators.Mutant("src/unwind/x.cpp", 1, "made up", "  old", new)
      outcome = verdict.try_one(tree, mutant, (trees.HOST, trees.KERNEL))
      self.assertEqual((tree.folder / "src/unwind/x.cpp").read_text(), "  old\n")
      return outcome, tree.asked

  def test_is_noticed_by_the_first_stage_that_does(self):
    outcome, asked = self.outcome("  noticed by host")
    self.assertEqual((outcome.noticed_by, asked), ("host: a test", ["host"]))
    outcome, asked = self.outcome("  noticed by kernel")
    self.assertEqual((outcome.noticed_by, asked), ("kernel: a test", ["host", "kernel"]))

  def test_survives(self):
    outcome, asked = self.outcome("  new")
    self.assertTrue(outcome.is_alive)
    self.assertEqual(asked, ["host", "kernel"])

  def test_is_none_if_every_stage_has_the_same_code(self):
    outcome, asked = self.outcome("  comment")
    self.assertTrue(outcome.is_same and not outcome.is_alive)
    self.assertEqual(asked, [])

  def test_does_not_count_if_it_does_not_compile(self):
    outcome, asked = self.outcome("  refused")
    self.assertTrue(outcome.is_refused and not outcome.is_alive)
    self.assertEqual(asked, [])


class EquivalentsTest(unittest.TestCase):
  text = (
    "# heading\n\nsrc/a.cpp\n- if (x < y) return;\n+ if (x <= y) return;\nx and y are\nnever equal\n\n"
    "src/b.cpp\n- f();\n+\nonly cost\n"
  )

  def test_knows_a_fault_by_its_line(self):
    known = verdict.Equivalents(self.text)
    mutant = operators.Mutant("src/a.cpp", 7, "boundary", "  if (x < y) return;", "  if (x <= y) return;")
    self.assertEqual(known.reason(mutant), "x and y are never equal")
    self.assertIsNone(known.reason(operators.Mutant("src/c.cpp", 7, "boundary", mutant.old, mutant.new)))
    self.assertEqual(known.stale([mutant]), [("src/b.cpp", "f();", "")])

  def test_refuses_an_entry_without_a_reason(self):
    with self.assertRaises(ValueError):
      verdict.Equivalents("src/a.cpp\n- f();\n+\n")


class RunTest(unittest.TestCase):
  def test_what_hangs_is_ended(self):
    code, _ = trees.run(["sleep", "60"], ".", 0.1)
    self.assertIsNone(code)

  def test_says_what_a_program_said(self):
    self.assertEqual(trees.run(["sh", "-c", "echo said; exit 3"], ".", 10), (3, "said\n"))


if __name__ == "__main__":
  unittest.main()
