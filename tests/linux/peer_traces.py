# SPDX-License-Identifier: MIT
"""Compares a tool's trace of a task with surefoot's, address by address, and names what the tool's lacks."""

from dataclasses import dataclass

EQUAL, LACKS, TRAMPOLINE, CUT, RUNS_ON, WRONG, LOST = (
  "equal", "lacks a caller", "trampoline", "cut short", "runs on", "foreign frame", "lost frame",
)  # fmt: skip
FLAWS = (LACKS, TRAMPOLINE, CUT, RUNS_ON, WRONG, LOST)
# The price of each flaw: the cheapest way to make one trace of the other says what happened.
# A traced stack holds many trampolines, each in its caller's place. The further two traces go together, the cheaper.
PRICES = {EQUAL: -0.002, LACKS: 1, TRAMPOLINE: -0.001, CUT: 2, RUNS_ON: 2, WRONG: 3, LOST: 3}
PARTED = 7  # both at once: dearer than one strange frame in place of another


@dataclass(frozen=True)
class Expected:
  """A frame of surefoot's trace. `is_extra`: the caller of an interrupted function, which is in no frame record.
  `is_replaced`: a tracer holds its return address."""

  pc: int
  is_extra: bool = False
  is_replaced: bool = False


def number(value):
  return value if isinstance(value, int) else int(value, 0)


def expected_of(task):
  """The frames of a task of surefoot's JSON."""
  frames, before = [], None
  for frame in task["frames"]:
    is_extra = before is not None and "crossed_exception" in before["evidence"]
    is_extra = is_extra and frame["source"] in ("link_register", "frame_table", "return_stack")
    frames.append(Expected(number(frame["pc"]), is_extra, "return_address_hooked" in frame["evidence"]))
    before = frame
  return frames


def cheapest(ways):
  return min(ways, key=lambda way: (way[0], sorted(way[1])))


def more(one, flaw):
  return one[0] + PRICES[flaw], one[1] | ({flaw} - {EQUAL})


def flaws(expected, pcs, trampolines):
  """What is wrong with a trace: a set out of FLAWS, empty if it is the expected one. A trace that leaves the stack for
  good, and says something else from there on, is cut short and runs on."""
  # best[j]: (price, flaws) of the cheapest way from expected[:i] to pcs[:j].
  best = [(0, frozenset())]
  for _ in pcs:
    best.append(more(best[-1], WRONG))

  def ends(is_last):
    """The ways in which the traces may part here."""
    for j, way in enumerate(best):
      if not is_last and j < len(pcs):
        yield way[0] + PARTED, way[1] | {CUT, RUNS_ON}
      elif j == len(pcs):
        yield way if is_last else more(way, CUT)
      elif not expected or (j > 0 and pcs[j - 1] in {expected[-1].pc, *trampolines}):
        yield more(way, RUNS_ON)

  found = [cheapest(ends(is_last=not expected))]
  for frame in expected:
    skip = LACKS if frame.is_extra else LOST
    row = [more(best[0], skip)]
    for j, pc in enumerate(pcs):
      ways = [more(best[j + 1], skip), more(row[j], WRONG)]
      if pc == frame.pc:
        ways.append(more(best[j], EQUAL))
      elif frame.is_replaced and pc in trampolines:
        ways.append(more(best[j], TRAMPOLINE))
      row.append(cheapest(ways))
    best = row
    found.append(cheapest(ends(is_last=frame is expected[-1])))
  return set(cheapest(found)[1])


class KernelsWords:
  """The kernel's own trace of each task, as addresses."""

  def __init__(self, said, symbols):
    self.symbols = symbols
    self.slide = number(said["dump"]["slide"])
    self.left_out = symbols.left_out()
    self.of_modules = {}
    for task in said["tasks"]:
      for frame in task["frames"]:
        if frame["module"]:
          key = (frame["module"].replace("-", "_"), frame["function"], number(frame["offset"]))
          self.of_modules.setdefault(key, set()).add(number(frame["pc"]))

  def places(self, frame):
    if frame["module"]:
      return self.of_modules.get((frame["module"].replace("-", "_"), frame["function"], frame["offset"]), set())
    return {place + self.slide for place in self.symbols.places(frame["function"], frame["offset"])}

  def is_printed(self, pc):
    return not any(start <= pc - self.slide < end for start, end in self.left_out)

  def are_same(self, frames, pcs):
    """True if the kernel printed these addresses, less those of functions that it never prints."""
    pcs = [pc for pc in pcs if self.is_printed(pc)]
    return len(pcs) == len(frames) and all(pc in self.places(frame) for pc, frame in zip(pcs, frames))
