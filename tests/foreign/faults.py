# SPDX-License-Identifier: MIT
"""The known faults of CFI: contradictions in which the CFI is wrong, each with the reason."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

FILE = Path(__file__).resolve().parent / "known_faults.txt"


@dataclass(frozen=True)
class Fault:
  """Patterns of an image's and of a function's name, the most instructions in a row, and why the CFI is wrong there."""

  image: str
  function: str
  most: int
  reason: str

  def matches(self, image, one):
    is_named = fnmatchcase(image, self.image) and fnmatchcase(one["function"], self.function)
    return is_named and one["instructions"] <= self.most


def read(text):
  """Lines IMAGE; FUNCTION; MOST; REASON. A line that starts with # says nothing."""
  found = []
  for number, line in enumerate(text.splitlines(), 1):
    if not line.strip() or line.startswith("#"):
      continue
    parts = [part.strip() for part in line.split(";", 3)]
    if len(parts) != 4 or not all(parts) or not parts[2].isdigit():
      raise ValueError(f"{FILE.name}:{number}: not IMAGE; FUNCTION; MOST; REASON: {line!r}")
    found.append(Fault(parts[0], parts[1], int(parts[2]), parts[3]))
  return found


def set_apart(result, known):
  """Moves what is a known fault from a result's contradictions to its known faults. The faults that were met."""
  met = set()
  left = []
  for one in result.contradictions:
    faults = [fault for fault in known if fault.matches(result.name, one)]
    met.update(faults)
    if faults:
      result.known_faults += one["instructions"]
      result.contradicted -= one["instructions"]
    else:
      left.append(one)
  result.contradictions = left
  return met


def stale(known, met, names, whole):
  """The faults that no image of a run has any more. Patterns of images are judged by whole runs only."""
  return [f for f in known if f not in met and (whole or f.image in names)]
