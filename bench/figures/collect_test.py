# SPDX-License-Identifier: MIT
"""What is made of counts."""

import unittest

import collect


def counts(cost):
  return {f"walk/{depth}": cost(depth) for depth in (8, 32, 128, 1000, 10000)} | {"walk_other/8": 1}


class CollectTest(unittest.TestCase):
  def test_splits_a_walk_into_frames_and_the_rest(self):
    self.assertEqual(collect.per_frame(counts(lambda depth: 290 + 24 * depth), "walk"), (24.0, 290.0))

  def test_refuses_a_walk_whose_cost_does_not_grow_with_the_depth_alone(self):
    with self.assertRaisesRegex(RuntimeError, "walk: .* at depth 10000.*: not linear"):
      collect.per_frame(counts(lambda depth: 290 + 24 * depth + (depth > 1000) * 20000), "walk")

  def test_takes_the_counts_of_one_name_only(self):
    self.assertEqual(collect.by_number(counts(lambda depth: depth), "walk_other"), {8: 1})


if __name__ == "__main__":
  unittest.main()
