# SPDX-License-Identifier: MIT
"""A line through costs that span several orders of magnitude."""

import math
from dataclasses import dataclass


@dataclass
class Line:
  fixed: float
  slope: float

  def at(self, x):
    return self.fixed + self.slope * x

  def deviation(self, points):
    """How far the farthest point is from the line, relative to the point."""
    return max(abs(self.at(x) - y) / y for x, y in points)


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


def exponent(points):
  """The p of y = c * x ** p: 1 if the cost is in proportion, less where a fixed part shows. x and y are positive."""
  return _least_squares([(1, math.log(x), math.log(y)) for x, y in points]).slope
