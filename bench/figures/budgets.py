# SPDX-License-Identifier: MIT
"""The budgets of what does not depend on the machine. Those of time are in bench/report/host.py."""

from dataclasses import dataclass
from typing import Callable, Union

import collect

# Where a name says {c}: the budgets are for the first; the second is shown beside it.
COMPILERS = ("clang", "gcc")


@dataclass(frozen=True)
class Budget:
  """What some figures come to, as a sum if nothing else is said, is at most the limit. A pair is the first figure by
  the second."""

  what: str
  parts: tuple[Union[str, tuple[str, str]], ...]
  limit: float
  unit: str = ""
  combine: Callable = sum

  def value(self, figures, compiler):
    def of(part):
      if isinstance(part, tuple):
        return of(part[0]) / of(part[1])
      return figures[part.format(c=compiler)]

    return self.combine([of(part) for part in self.parts])

  def is_met(self, figures):
    return self.value(figures, COMPILERS[0]) <= self.limit

  @property
  def names(self):
    return [name for part in self.parts for name in (part if isinstance(part, tuple) else (part,))]

  def is_known(self, figures):
    return all(name.format(c=COMPILERS[0]) in figures for name in self.names)

  def depends_on_compiler(self):
    return any("{c}" in name for name in self.names)

  @property
  def digits(self):
    """How many are shown after the point."""
    return 2 if any(isinstance(part, tuple) for part in self.parts) else 1


def profile_budget(profile, what, limit):
  return Budget(f"{profile}: {what}, -O2", (f"{{c}}-O2/profile {profile}/instructions",), limit)


STACK = "core walk/stack bytes, worst case"
CODE = ("{c}-Os/core walk/.text bytes", "{c}-Os/core walk/.rodata bytes")

# Five of them are not those that were wanted: see docs/decisions/0015.
BUDGETS = (
  Budget("instructions a plain frame, strict, -O2", ("{c}-O2/walk_strict/instructions a frame",), 20),
  profile_budget("a8", "8 plain frames, strict", 380),
  profile_budget("a16", "16 plain frames, strict", 550),
  profile_budget("a24", "24 plain frames, strict", 700),
  profile_budget("b", "timer sample, 15 frames, exact", 1950),
  profile_budget("c", "16 frames, 4 graph-traced", 850),
  profile_budget("d", "16 frames, every third in a module", 1100),
  profile_budget("e", "blocked task, 12 frames", 450),
  Budget(
    "a16 frame by frame, by walk(), -O2",
    (("{c}-O2/profile a16/instructions, frame by frame", "{c}-O2/profile a16/instructions"),),
    4.7,
  ),
  Budget(
    "-Os by -O2, the profile that comes off worst",
    tuple((f"{{c}}-Os/profile {p}/instructions", f"{{c}}-O2/profile {p}/instructions") for p in collect.PROFILES),
    1.2,
    combine=max,
  ),
  Budget("stack of a walk, worst case, Clang -O2", (f"clang-O2/{STACK}",), 528, "bytes"),
  Budget(
    "the same, the worst of Clang -Os and GCC",
    tuple(f"{configuration}/{STACK}" for configuration in collect.CONFIGURATIONS if configuration != "clang-O2"),
    912,
    "bytes",
    combine=max,
  ),
  Budget("code of the core walk, -Os", CODE, 12288, "bytes"),
  Budget("frame table beside that of GNU as", ("frame table/percent of that of GNU as, worst sample",), 100, "%"),
  Budget(
    f"frame table of {collect.CFI_LIBRARY.name} beside .eh_frame",
    (f"frame table/percent of .eh_frame, {collect.CFI_LIBRARY.name}",),
    60,
    "%",
  ),
  Budget(
    "undefined symbols, and instructions of locks",
    ("{c}-O2/libsurefoot.a/undefined symbols", "{c}-O2/core walk/instructions of locks"),
    0,
  ),
)
