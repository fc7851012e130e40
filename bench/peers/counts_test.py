# SPDX-License-Identifier: MIT
"""Reading what bench_peers prints, and the lines through it."""

import unittest

import counts

DEPTHS = (8, 32, 128)
VERSIONS = "libabsl-dev 1\nlibunwind8 2\nlibc6 3\nlibgcc-s1 4\n"


def output(per_frame=24, fixed=233, methods=tuple(counts.METHODS), depths=DEPTHS):
  lines = ["compiler GNU 12.2.0"]
  lines += [f"count {method}/{depth} {fixed + per_frame * depth}" for method in methods for depth in depths]
  return "\n".join(lines)


class ParseTest(unittest.TestCase):
  def test_reads_every_method_at_every_depth(self):
    compiler, parsed = counts.parse(output())
    self.assertEqual(compiler, "GNU 12.2.0")
    self.assertEqual(list(parsed), list(counts.METHODS))
    self.assertEqual(parsed["chase"], {8: 425, 32: 1001, 128: 3305})

  def test_refuses_what_is_not_complete(self):
    cases = {
      "nothing": "",
      "no compiler": output().partition("\n")[2],
      "a method is missing": output(methods=tuple(counts.METHODS)[1:]),
      "another method": output(methods=(*counts.METHODS, "other")),
      "a depth is missing": output().rpartition("\n")[0],
      "two depths": output(depths=(8, 32)),
      "no number": output() + "\ncount chase/8 many",
      "no depth": output() + "\ncount chase 8",
      "another kind": output() + "\nstack chase/8 8",
      "twice": output() + "\ncount chase/8 425",
    }
    for what, text in cases.items():
      with self.subTest(what), self.assertRaises(counts.BadCounts):
        counts.parse(text)


class LineTest(unittest.TestCase):
  def test_is_exact_where_the_cost_is_linear(self):
    by_depth = {depth: 7974 + 10155 * depth // 4 for depth in (8, 32, 128)}
    self.assertEqual(counts.line(by_depth), {"per_frame": 2538.75, "fixed": 7974, "farthest_from_line": 0})

  def test_goes_through_the_deepest_and_says_how_far_the_others_are(self):
    self.assertEqual(
      counts.line({10000: 20007, 8: 20, 1000: 2007}), {"per_frame": 2, "fixed": 7, "farthest_from_line": 3}
    )


class DocumentTest(unittest.TestCase):
  def test_has_the_methods_of_the_first_build_in_front(self):
    made = counts.document("7.2.22", "cortex-a72", VERSIONS, {"clang-O2": output(), "gcc-O2": output(25)})
    self.assertEqual([method["name"] for method in made["methods"]], list(counts.METHODS))
    self.assertEqual(made["methods"][0]["instructions"], {"8": 425, "32": 1001, "128": 3305})
    self.assertEqual(made["builds"]["gcc-O2"]["methods"][0]["per_frame"], 25)
    self.assertEqual(made["made with"]["glibc"], "3")
    self.assertEqual(made["made with"]["clang-O2"], "GNU 12.2.0")

  def test_wants_the_version_of_every_peer(self):
    for line in VERSIONS.splitlines():
      with self.subTest(line), self.assertRaises(counts.BadCounts):
        counts.document("7.2.22", "cortex-a72", VERSIONS.replace(line, "other 5"), {"clang-O2": output()})


if __name__ == "__main__":
  unittest.main()
