# SPDX-License-Identifier: MIT
"""Counts of other unwinders."""

import json
import unittest

import peers
import results


def entry(name, fixed, slope, depths=(8, 128, 1000), **more):
  return {"name": name, "instructions": {str(depth): fixed + slope * depth for depth in depths}, **more}


def document(*methods):
  return json.dumps({"made with": {"qemu": "QEMU 7.2.22", "abseil": "20220623.1"}, "methods": methods})


CHASE = entry("chase", 10, 7)
STRICT = entry("strict", 40, 21, label="walk, strict")


class PeersTest(unittest.TestCase):
  def test_compares_with_the_chase_and_with_ours(self):
    text = peers.make_text(peers.from_json(document(CHASE, STRICT, entry("abseil", 100, 105))))
    self.assertIn("QEMU 7.2.22, abseil 20220623.1.", text.replace("qemu ", ""))
    self.assertIn("| `abseil`: abseil | 105 | 5.00 | 100 | 0 % | 940 (14.2) |", text)
    self.assertIn("| `strict`: walk, strict | 21.0 | 1.00 | 40 |", text)

  def test_says_what_each_checks_if_that_is_known(self):
    chase = {**CHASE, "checks": "nothing"}
    self.assertIn("| `chase` | nothing |", peers.make_text(peers.from_json(document(chase, STRICT))))
    self.assertNotIn("checks", peers.make_text(peers.from_json(document(CHASE, STRICT))))

  def test_says_if_they_were_not_counted(self):
    self.assertEqual(peers.make_text(None), "Not counted in this run.")

  def test_refuses_what_cannot_be_reported(self):
    cases = {
      "no JSON": "{",
      "no object": "[]",
      "nothing": document(),
      "no chase": document(STRICT),
      "none of ours": document(CHASE),
      "one depth": document(entry("chase", 1, 1, (8,)), entry("strict", 1, 1, (8,))),
      "another depth": document(CHASE, STRICT, entry("abseil", 1, 1, (8, 128))),
      "no instructions": document(CHASE, STRICT, entry("abseil", 0, 0)),
      "no depths": document(CHASE, STRICT, {"name": "abseil"}),
    }
    for what, text in cases.items():
      with self.subTest(what), self.assertRaises(results.BadResults):
        peers.from_json(text)
