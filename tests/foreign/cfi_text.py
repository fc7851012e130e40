# SPDX-License-Identifier: MIT
"""Reads the rows that `readelf --debug-dump=frames-interp -W` and `surefoot frames --list` print."""

import re
from dataclasses import dataclass

FDE = re.compile(r"^[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ FDE .*\bpc=([0-9a-f]+)\.\.([0-9a-f]+)")
ENTRY = re.compile(r"^[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ (CIE|FDE) |^[0-9a-f]+ ZERO terminator")
PLACE = re.compile(r"^c([+-]\d+)(\[s\])?$")  # [s]: signed


@dataclass(frozen=True)
class Row:
  """Where the caller's frame is, from `start` to before `end`.

  `base` and `offset` are of the CFA, both None if it is something else than a register and a number. `fp` and `ra` are
  places on the stack, as distances from the CFA, or None: in a register, or anywhere else.
  """

  start: int
  end: int
  base: str | None
  offset: int | None
  fp: int | None
  ra: int | None
  function: str = ""

  def text(self):
    cfa = "?" if self.base is None else f"{self.base}{self.offset:+d}"
    places = ["-" if place is None else f"c{place:+d}" for place in (self.fp, self.ra)]
    return f"{cfa} {places[0]} {places[1]}"


def base_of(text):
  """Register and offset of a CFA: ("sp", 32) for "sp+32"."""
  found = re.fullmatch(r"([a-z]+\d*)([+-]\d+)", text)
  if found is None:
    return None, None
  register = "x29" if found.group(1) == "fp" else found.group(1)
  return register, int(found.group(2))


def place_of(text):
  """-16 for "c-16". None for what is no place."""
  found = PLACE.match(text or "")
  if found is None and text and text.startswith("c"):
    raise ValueError(f"a place that is not understood: {text!r}")
  return int(found.group(1)) if found else None


class _Rows:
  """Rows that end where the next one starts."""

  def __init__(self, end, function=""):
    self.end = end
    self.function = function
    self.start = None
    self.meaning = None

  def next(self, start, meaning):
    """The row before this one, if it is of anything."""
    row = self.last(start)
    self.start, self.meaning = start, meaning
    return row

  def last(self, end=None):
    end = self.end if end is None else end
    if self.meaning is None or end <= self.start:
      return []
    return [Row(self.start, end, *self.meaning, self.function)]


def read_cfi(lines):
  """The rows of all FDEs, out of what readelf prints.

  An FDE without rows of its own has the one of its CIE: sp+0, both in registers, as all AArch64 compilers write it. A
  column that an FDE does not name is in its register.
  """
  rows = None
  columns = []
  for line in lines:
    if ENTRY.match(line):
      if rows is not None:
        yield from rows.last()
      rows = None
      found = FDE.match(line)
      if found:
        start, end = (int(number, 16) for number in found.groups())
        rows = _Rows(end)
        yield from rows.next(start, ("sp", 0, None, None))
      continue
    words = line.split()
    if not words:
      continue
    if words[0] == "LOC":
      columns = words[2:]
    elif rows is not None and re.fullmatch(r"[0-9a-f]{8,16}", words[0]) and len(words) >= 2:
      places = dict(zip(columns, words[2:]))
      meaning = (*base_of(words[1]), place_of(places.get("x29")), place_of(places.get("ra", places.get("x30"))))
      yield from rows.next(int(words[0], 16), meaning)
  if rows is not None:
    yield from rows.last()


def read_bounds(lines):
  """Start and end of all FDEs, out of what readelf prints."""
  for line in lines:
    found = FDE.match(line)
    if found:
      yield tuple(int(number, 16) for number in found.groups())


FUNCTION = re.compile(r"^0x([0-9a-f]+)\.\.0x([0-9a-f]+) (.*)$")
DERIVED = re.compile(r"^  ([0-9a-f]{8,16})  (.+)$")


def read_derived(lines):
  """The rows that the tool derived, out of its list, which has a line for each function and one for each row.

  Instructions without a rule belong to no row: the list says "none" for them.
  """
  rows = None
  for line in lines:
    found = FUNCTION.match(line)
    if found:
      if rows is not None:
        yield from rows.last()
      rows = _Rows(int(found.group(2), 16), found.group(3).strip() or f"at_{found.group(1)}")
      continue
    found = DERIVED.match(line)
    if found is None or rows is None:
      if rows is not None and line.strip():  # the list of calls
        yield from rows.last()
        rows = None
      continue
    words = found.group(2).split()
    meaning = None
    if len(words) == 3:
      meaning = (*base_of(words[0]), place_of(words[1]), place_of(words[2]))
    elif words not in (["none"], ["RA", "undefined"]):
      raise ValueError(f"a row that is not understood: {line!r}")
    yield from rows.next(int(found.group(1), 16), meaning)
  if rows is not None:
    yield from rows.last()
