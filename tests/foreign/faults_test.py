# SPDX-License-Identifier: MIT
"""Known faults are counted apart, and only as long as they are there."""

import unittest

import faults
from tool import Result


def result(name, *functions):
  contradictions = [{"function": function, "instructions": 3} for function in functions]
  return Result(name, contradicted=3 * len(functions), contradictions=contradictions)


class FaultsTest(unittest.TestCase):
  def setUp(self):
    self.known = faults.read("# none\n\nlibx; memchr; 3; a row too early\nclang *; f*; 2; an epilogue; twice\n")

  def test_reads_four_parts(self):
    self.assertEqual(self.known[1], faults.Fault("clang *", "f*", 2, "an epilogue; twice"))
    for text in ("libx; memchr", "libx; memchr; a row; too early"):
      with self.subTest(text), self.assertRaises(ValueError):
        faults.read(text)

  def test_an_entry_holds_for_so_many_instructions(self):
    found = result("clang 19 O2", "f1")
    self.assertEqual(faults.set_apart(found, self.known), set())
    found.contradictions[0]["instructions"] = 2
    self.assertEqual(faults.set_apart(found, self.known), {self.known[1]})

  def test_sets_apart_what_is_known(self):
    found = result("libx", "memchr", "other")
    met = faults.set_apart(found, self.known)
    self.assertEqual(met, {self.known[0]})
    self.assertEqual((found.contradicted, found.known_faults), (3, 3))
    self.assertEqual([one["function"] for one in found.contradictions], ["other"])

  def test_the_same_function_of_another_image_is_not_known(self):
    found = result("liby", "memchr")
    self.assertEqual(faults.set_apart(found, self.known), set())
    self.assertEqual(found.contradicted, 3)

  def test_an_entry_that_nothing_matches_is_stale(self):
    self.assertEqual(faults.stale(self.known, set(), {"libx"}, whole=False), [self.known[0]])
    self.assertEqual(faults.stale(self.known, {self.known[0]}, {"libx"}, whole=True), [self.known[1]])
    self.assertEqual(faults.stale(self.known, set(), {"liby"}, whole=False), [])


if __name__ == "__main__":
  unittest.main()
