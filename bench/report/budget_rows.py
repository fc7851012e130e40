# SPDX-License-Identifier: MIT
"""The table of budgets, those of time and those that do not depend on the machine."""

from dataclasses import dataclass
from typing import Optional

from tables import table


@dataclass
class BudgetRow:
  what: str
  limit: float
  value: float
  unit: str = ""
  gcc: Optional[float] = None  # beside it: the budgets are for clang
  digits: int = 1

  @property
  def is_met(self):
    return self.value <= self.limit

  def cells(self):
    values = (self.limit, self.value, self.gcc)
    shown = ["" if value is None else f"{round(value, self.digits):g} {self.unit}".rstrip() for value in values]
    return [self.what, *shown, "met" if self.is_met else "**missed**"]


def make_text(rows):
  rows = list(rows)
  met = sum(row.is_met for row in rows)
  lines = table(["", "budget", "measured", "with GCC", "is"], [row.cells() for row in rows])
  return f"{lines}\n\n{met} met, {len(rows) - met} missed."
