# SPDX-License-Identifier: MIT
"""What becomes of a fault."""

import re
from dataclasses import dataclass

import operators
import trees


@dataclass
class Outcome:
  mutant: operators.Mutant
  noticed_by: str = ""  # empty: by nothing
  is_refused: bool = False  # it does not compile
  is_same: bool = False  # every compiler makes the same code of it
  seconds: float = 0.0

  @property
  def is_alive(self):
    return not self.noticed_by and not self.is_refused and not self.is_same


def try_one(tree, mutant, stages):
  """Makes the fault in the tree, asks those of the stages that can notice it, and takes the fault back."""
  text = (tree.root / mutant.path).read_text()
  is_same = True
  try:
    for stage in trees.stages_for(mutant.path):
      if stage not in stages:
        continue
      tree.prepare(stage)
      tree.write(mutant.path, operators.apply(text, mutant))
      code, _ = tree.build(stage)
      if code is None:
        return Outcome(mutant, noticed_by=f"{stage.name}: the build hangs")
      if code != 0:
        return Outcome(mutant, is_refused=True)
      if not tree.is_same_code(stage):
        is_same = False
        noticed, _ = tree.test(stage)
        if noticed:
          return Outcome(mutant, noticed_by=f"{stage.name}: {noticed}")
      tree.write(mutant.path, text)
  finally:
    tree.write(mutant.path, text)
  return Outcome(mutant, is_same=is_same)


class Equivalents:
  """The faults that are none: nothing that anyone could see differs."""

  FORM = re.compile(r"^(?P<path>\S+)\n- (?P<old>.*)\n\+ ?(?P<new>.*)\n(?P<why>.+)$")

  def __init__(self, text):
    self.reasons = {}
    for number, entry in enumerate(text.split("\n\n")):
      lines = [line for line in entry.strip().split("\n") if not line.startswith("#")]
      if not lines or lines == [""]:
        continue
      form = self.FORM.match("\n".join(lines[:3] + [" ".join(lines[3:])]))
      if not form:
        raise ValueError(f"entry {number + 1} is not FILE, - OLD, + NEW, and why: {entry!r}")
      self.reasons[(form["path"], form["old"].strip(), form["new"].strip())] = form["why"]

  def reason(self, mutant):
    return self.reasons.get(mutant.key)

  def stale(self, all_mutants):
    """Entries that name no fault that could be made."""
    keys = {mutant.key for mutant in all_mutants}
    return [key for key in self.reasons if key not in keys]
