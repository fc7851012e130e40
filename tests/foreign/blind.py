# SPDX-License-Identifier: MIT
"""Compares rules that were derived without CFI with the CFI, by means that share no code with the tool."""

import bisect
from dataclasses import dataclass

BYTES_PER_INSTRUCTION = 4


@dataclass(frozen=True)
class Contradiction:
  """A row of the CFI and a derived one that cannot both be right, where they overlap."""

  start: int
  end: int
  cfi: object
  derived: object


def contradict(cfi, derived):
  """True if both rows name the CFA by the same register and another offset, or another place for the same value.

  A place that only one of them has is no contradiction: in the middle of a prologue, a value is in its register and on
  the stack.
  """
  if cfi.base is not None and cfi.base == derived.base and cfi.offset != derived.offset:
    return True
  places = ((cfi.fp, derived.fp), (cfi.ra, derived.ra))
  return any(None not in pair and pair[0] != pair[1] for pair in places)


@dataclass
class Comparison:
  """Counts of instructions."""

  derived: int = 0  # have a derived rule
  both: int = 0  # and CFI that says where the CFA is
  contradicted: int = 0
  contradictions: list = None


def joined(contradictions):
  """Neighbours of the same kind as one."""
  found = []
  for one in contradictions:
    last = found[-1] if found else None
    if last and last.end == one.start and last.cfi.text() == one.cfi.text() and last.derived == one.derived:
      found[-1] = Contradiction(last.start, one.end, last.cfi, last.derived)
    else:
      found.append(one)
  return found


def compare(cfi_rows, derived_rows, calls=None):
  """Compares all of the rows. If `calls` is given, sorted, the CFI is right at calls only, and only the instructions at
  these addresses count. There, CFI that leaves the return address in its register does not count: the call itself
  refutes it. Compilers write such CFI for calls of parts of a prologue."""
  derived = sorted(derived_rows, key=lambda row: row.start)
  starts = [row.start for row in derived]
  result = Comparison(contradictions=[])
  result.derived = sum(row.end - row.start for row in derived) // BYTES_PER_INSTRUCTION
  for cfi in cfi_rows:
    if cfi.base is None or (calls is not None and cfi.ra is None):
      continue
    at = max(bisect.bisect_right(starts, cfi.start) - 1, 0)
    while at < len(derived) and derived[at].start < cfi.end:
      row = derived[at]
      at += 1
      start, end = max(row.start, cfi.start), min(row.end, cfi.end)
      if start >= end:
        continue
      count = (end - start) // BYTES_PER_INSTRUCTION
      if calls is not None:
        count = bisect.bisect_left(calls, end) - bisect.bisect_left(calls, start)
      result.both += count
      if count and contradict(cfi, row):
        result.contradicted += count
        result.contradictions.append(Contradiction(start, end, cfi, row))
  result.contradictions = joined(sorted(result.contradictions, key=lambda one: one.start))
  return result
