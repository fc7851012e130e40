# SPDX-License-Identifier: MIT
"""Lines and logarithms through costs."""

import unittest

import fit


class FitTest(unittest.TestCase):
  def test_finds_the_line_that_points_are_on(self):
    points = [(x, 20 + 1.5 * x) for x in (8, 32, 128, 1000, 10000)]
    line = fit.line(points)
    self.assertAlmostEqual(line.fixed, 20)
    self.assertAlmostEqual(line.slope, 1.5)
    self.assertAlmostEqual(line.deviation(points), 0)

  def test_finds_the_logarithm_that_points_are_on(self):
    points = [(8, 40.0), (64, 70.0), (1024, 110.0)]
    curve = fit.logarithm(points)
    self.assertAlmostEqual(curve.fixed, 10)
    self.assertAlmostEqual(curve.per_doubling, 10)
    self.assertAlmostEqual(curve.deviation(points), 0)

  def test_tells_a_line_from_a_logarithm(self):
    line = [(x, 20 + 1.5 * x) for x in (8, 64, 1000, 10000)]
    logarithm = [(x, 57 + 12 * (x.bit_length() - 1)) for x in (8, 64, 1000, 10000)]
    self.assertLess(fit.line(line).deviation(line), fit.logarithm(line).deviation(line))
    self.assertLess(fit.logarithm(logarithm).deviation(logarithm), fit.line(logarithm).deviation(logarithm))

  def test_counts_errors_by_their_relation_to_the_cost(self):
    # The largest cost is off by 10 %, and does not spoil what the small ones say.
    line = fit.line([(1, 1.0), (10, 10.0), (100, 100.0), (100000, 110000.0)])
    self.assertLess(line.deviation([(1, 1.0), (10, 10.0), (100, 100.0)]), 0.1)

  def test_shows_by_the_exponent_what_is_not_linear(self):
    xs = (8, 32, 128, 1000)
    self.assertAlmostEqual(fit.exponent([(x, 3 * x) for x in xs]), 1)
    self.assertAlmostEqual(fit.exponent([(x, 3 * x * x) for x in xs]), 2)

  def test_says_how_far_the_farthest_point_is(self):
    self.assertAlmostEqual(fit.Line(0, 1).deviation([(10, 10), (10, 8), (10, 11)]), 0.25)
