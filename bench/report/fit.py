# SPDX-License-Identifier: MIT
"""Lines and logarithms through costs that span several orders of magnitude."""

import math
from dataclasses import dataclass


class Curve:
  def deviation(self, points):
    """How far the farthest point is from the curve, relative to the point."""
    return max(abs(self.at(x) - y) / y for x, y in points)


@dataclass
class Line(Curve):
  fixed: float
  slope: float

  def at(self, x):
    return self.fixed + self.slope * x

  def formula(self):
    """For gnuplot."""
    return f"{self.fixed} + {self.slope} * x"


@dataclass
class Logarithm(Curve):
  fixed: float
  per_doubling: float

  def at(self, x):
    return self.fixed + self.per_doubling * math.log2(x)

  def formula(self):
    return f"{self.fixed} + {self.per_doubling} * log(x) / log(2)"


def _least_squares(weighted_points):
  sum_w = sum_x = sum_y = sum_xx = sum_xy = 0.0
  for w, x, y in weighted_points:
    sum_w += w
    sum_x += w * x
    sum_y += w * y
    sum_xx += w * x * x
    sum_xy += w * x * y
  determinant = sum_w * sum_xx - sum_x * sum_x
  slope = (sum_w * sum_xy - sum_x * sum_y) / determinant
  return Line((sum_y - slope * sum_x) / sum_w, slope)


def line(points):
  """The line with the least squares of relative errors. Of absolute ones, only the largest cost would count.

  Needs two different x and positive y.
  """
  return _least_squares([(1 / (y * y), x, y) for x, y in points])


def logarithm(points):
  """The same, of a cost that grows by a part each time that x doubles. x is positive as well."""
  line_of_logs = _least_squares([(1 / (y * y), math.log2(x), y) for x, y in points])
  return Logarithm(line_of_logs.fixed, line_of_logs.slope)


def exponent(points):
  """The p of y = c * x ** p: 1 if the cost is in proportion, less where a fixed part shows. x and y are positive."""
  return _least_squares([(1, math.log(x), math.log(y)) for x, y in points]).slope
