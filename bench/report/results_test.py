# SPDX-License-Identifier: MIT
"""Reading result files."""

import json
import unittest

import results


def row(name, cpu_time, **more):
  return {
    "name": name,
    "family_index": 0,
    "run_name": name,
    "run_type": "iteration",
    "cpu_time": cpu_time,
    "time_unit": "ns",
    **more,
  }


def document(*rows):
  return json.dumps({"context": {}, "benchmarks": rows})


class ResultsTest(unittest.TestCase):
  def test_gives_medians_of_repetitions_and_leaves_out_aggregates(self):
    text = document(
      row("a/8", 3.0),
      row("a/8", 100.0),
      row("a/8", 2.0),
      row("a/8", 35.0, run_type="aggregate"),
    )
    samples = results.from_json(text).methods["a"].samples[8]
    self.assertEqual(samples.median, 3.0)
    self.assertEqual(len(samples.times), 3)

  def test_orders_methods_as_they_were_declared(self):
    text = document(row("b/8", 1.0, family_index=1), row("a/8", 2.0, family_index=0))
    self.assertEqual(list(results.from_json(text).methods), ["a", "b"])

  def test_gives_ratios_of_medians(self):
    text = document(row("a/8", 2.0), row("b/8", 3.0, family_index=1))
    self.assertEqual(results.from_json(text).ratio("b", "a", 8), 1.5)

  def test_tells_the_spread_by_the_farther_quartile(self):
    self.assertEqual(results.Samples([10.0, 10.0, 10.0, 12.0, 30.0]).spread, 0.2)
    self.assertEqual(results.Samples([10.0]).spread, 0.0)

  def test_refuses_what_cannot_be_reported(self):
    cases = {
      "no JSON": "{",
      "no object": "[]",
      "nothing was run": document(),
      "a method failed": document(row("a/8", 1.0, error_occurred=True, error_message="frame 3 is another one")),
      "no depth": document(row("a", 1.0)),
      "a depth is missing": document(row("a/8", 1.0), row("a/32", 1.0), row("b/8", 1.0)),
      "other unit": document(row("a/8", 1.0, time_unit="us")),
      "no time": document(row("a/8", 0.0)),
    }
    for what, text in cases.items():
      with self.subTest(what), self.assertRaises(results.BadResults):
        results.from_json(text)
