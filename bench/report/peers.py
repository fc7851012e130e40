# SPDX-License-Identifier: MIT
"""Of instructions of other unwinders on AArch64: what bench/peers/run writes, as a table.

  {
    "made with": {"qemu": "QEMU 7.2.22", "abseil": "20220623.1"},
    "methods": [
      {
        "name": "chase", "label": "bare pointer chase", "checks": "nothing",
        "instructions": {"8": 66, "128": 906, "1000": 7010}
      },
      ...
    ]
  }

"made with" is of names and versions, in the order in which they are shown. The methods chase and strict (ours) are
among the methods, counted in the same way. "label" and "checks" may be left out. Instructions are of one whole walk, by
depth, at the same depths for all.
"""

import json
from dataclasses import dataclass

import fit
from results import BadResults
from tables import exact, number, row, table, wrapped

BASE = "chase"
OURS = "strict"


@dataclass
class Method:
  name: str
  label: str
  checks: str
  instructions: dict[int, int]

  @property
  def points(self):
    return sorted(self.instructions.items())

  @property
  def line(self):
    return fit.line(self.points)


@dataclass
class Peers:
  made_with: dict[str, str]
  methods: dict[str, Method]


def from_json(text):
  """Reads the whole file, or raises BadResults."""
  try:
    document = json.loads(text)
    made_with = {str(name): str(version) for name, version in document["made with"].items()}
    methods = {}
    for entry in document["methods"]:
      counts = {int(depth): int(count) for depth, count in entry["instructions"].items()}
      name = str(entry["name"])
      methods[name] = Method(name, str(entry.get("label", name)), str(entry.get("checks", "")), counts)
  except (ValueError, KeyError, TypeError, AttributeError) as error:
    raise BadResults(f"not counts of other unwinders: {error!r}") from error
  for name in (BASE, OURS):
    if name not in methods:
      raise BadResults(f"{name} was not counted with the others")
  depths = set(methods[BASE].instructions)
  if len(depths) < 2 or min(depths) < 1:
    raise BadResults("a line needs two depths at least")
  for method in methods.values():
    if set(method.instructions) != depths:
      raise BadResults(f"{method.name} was not counted at the depths of {BASE}")
    if min(method.instructions.values()) <= 0:
      raise BadResults(f"{method.name}: no instructions")
  return Peers(made_with, methods)


def make_text(peers):
  """The section of the page, in Markdown. None: they were not counted."""
  if peers is None:
    return "Not counted in this run."
  base = peers.methods[BASE]
  depths = sorted(base.instructions)
  rows = []
  for method in peers.methods.values():
    slope = method.line.slope
    rows.append([
      f"`{method.name}`: {method.label}",
      number(slope),
      number(slope / peers.methods[OURS].line.slope),
      exact(method.line.fixed),
      f"{100 * method.line.deviation(method.points):.0f} %",
      *[f"{exact(method.instructions[depth])} ({number(method.instructions[depth] / base.instructions[depth])})"
        for depth in depths],
    ])
  head = ["instructions (by the chase)", "a frame", "by ours", "fixed", "farthest from the line"]
  versions = ", ".join(f"{name} {version}" for name, version in peers.made_with.items())
  checks = [[f"`{method.name}`", method.checks] for method in peers.methods.values() if method.checks]
  tables = [table([*head, *[f"depth {exact(depth)}" for depth in depths]], rows)]
  if checks:
    tables.append("| method | checks |\n| --- | --- |\n" + "\n".join(row(*cells) for cells in checks))
  return "\n\n".join([wrapped(f"{versions}."), *tables])
