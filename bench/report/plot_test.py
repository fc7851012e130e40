# SPDX-License-Identifier: MIT
"""Plots."""

import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import fit
import plot

POINTS = [(8, 9.0, 10.0, 12.0), (1000, 900.0, 1000.0, 1100.0)]


class PlotTest(unittest.TestCase):
  def draw(self, series):
    with tempfile.TemporaryDirectory() as folder:
      output = Path(folder) / "it's.svg"
      plot.draw(output, "title", "frames", "ns", "xy", series)
      return "".join(ElementTree.parse(output).getroot().itertext())

  def test_draws_an_svg_that_names_each_series(self):
    text = self.draw([("strict_all", POINTS, fit.Line(1, 1)), ("it's", POINTS, None)])
    self.assertIn("strict_all", text)
    self.assertIn("it's", text)

  def test_leaves_out_numbers_that_would_lie_on_top_of_one_another(self):
    text = plot.script("a", "title", "entries", "n", "x", [("a", [(x, 1, 1, 1) for x in (8, 64, 100, 1000)], None)])
    self.assertIn("set xtics (8, 64, 1000)", text)

  def test_draws_a_curve_where_its_points_are(self):
    text = plot.script("a", "title", "frames", "ns", "xy", [("a", POINTS, fit.Line(1, 2))])
    self.assertIn("[8:1000] 1 + 2 * x with lines", text)

  def test_has_each_depth_on_its_axis(self):
    text = self.draw([("a", POINTS, None)])
    self.assertIn("1000", text)
    self.assertIn("8", text)
