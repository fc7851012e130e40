# SPDX-License-Identifier: MIT
"""Tables of instructions and bytes."""

import json
import tempfile
import unittest
from pathlib import Path

import counts
import results

CONFIGURATIONS = ["clang-O2", "gcc-Os"]


def figures(**changed):
  found = {"frame table/percent of that of GNU as, worst sample": 96.5}
  for configuration in CONFIGURATIONS:
    names = {}
    for walk, slope in zip((*counts.WALKS, *counts.WITNESSES), (7, 21, 22, 60, 300, 400, 500, 600, 700)):
      names[f"{walk}/instructions a frame"] = slope
      names[f"{walk}/instructions beside the frames"] = 40
      for depth in (8, 128, 1000):
        names[f"{walk}/instructions, {depth} frames"] = 40 + slope * depth
    for what, unit in (("kind of code found", "ranges"), ("frame table rule", "functions")):
      for size, number in ((8, 90), (64, 120), (1000, 160)):
        names[f"{what}/instructions, {size} {unit}"] = number
    for profile, (_, depth) in counts.PROFILES.items():
      names[f"profile {profile}/instructions"] = 555
      if depth is not None:
        names[f"profile {profile}/instructions, frame by frame"] = 777
    names["sample/instructions"] = 2000
    names["sample/bytes"] = 60
    names["stack written to/sample"] = 700
    for size in (64, 1000):
      names[f"description made/instructions, {size} ranges"] = 3 * size
    for depth in (1, 64):
      names[f"return-stack restore/instructions, depth {depth}"] = 31
    for policy in ("strict", "exact"):
      names[f"exception crossed/instructions, {policy}"] = 48
    for name in (*counts.ARCHIVES, *counts.PROGRAMS):
      for kind in counts.KINDS:
        names[f"{name}/{kind} bytes"] = 1234
    for program in counts.PROGRAMS:
      names[f"{program}/stack bytes, worst case"] = 240
    for what in ("plain chain", "any chain, no frame table", "exception, frame table"):
      names[f"stack written to/{what}"] = 224
    names["a task/bytes"] = 1080
    names["object return_entry/bytes"] = 32
    found |= {f"{configuration}/{name}": number for name, number in names.items()}
  return found | changed


def read(found):
  budget = {"what": "code", "limit": 2048, "unit": "bytes", "value": 2000, "gcc": None}
  return counts.from_json(json.dumps({
    "made with": {"clang": "Clang 19.1.7", "qemu": "QEMU 7.2.22"},
    "configurations": CONFIGURATIONS,
    "figures": found,
    "budgets": [budget],
  }))


class CountsTest(unittest.TestCase):
  def test_shows_a_frame_beside_the_chase_and_the_fixed_part(self):
    text = counts.count_text(read(figures(**{"gcc-Os/walk_strict/instructions a frame": 28.5})))
    self.assertIn("Clang 19.1.7, QEMU 7.2.22.", text)
    self.assertIn("| walk, strict, every check on | 21 (3.00) + 40 | 28.5 (4.07) + 40 |", text)
    self.assertIn("| walk, strict, with all of these | 700 (100) + 40 | 700 (100) + 40 |", text)

  def test_shows_whole_walks_and_others_beside_those_of_plain_frames(self):
    text = counts.profile_text(read(figures()), [("abseil", [(8, 252), (16, 420), (1000, 21084)])])
    self.assertIn("| a16: 16 plain frames, from here, strict | 555 | 555 | 420 |", text)
    self.assertIn("| a16, frame by frame | 777 | 777 |  |", text)
    self.assertIn("| a24: 24 plain frames, from here, strict | 555 | 555 |  |", text)
    self.assertIn("| c: 16 frames of which 4, apart, are graph-traced, strict | 555 | 555 |  |", text)
    self.assertIn("| description made, of 1 000 special ranges | 3 000 | 3 000 |", text)

  def test_shows_searches_in_the_order_of_their_tables_sizes(self):
    lines = counts.count_text(read(figures())).splitlines()
    names = [line.split(" | ")[0] for line in lines if line.startswith("| kind of code found")]
    self.assertEqual(names, [f"| kind of code found, special ranges: {size}" for size in ("8", "64", "1 000")])

  def test_shows_sections_stacks_and_objects(self):
    text = counts.memory_text(read(figures()))
    sections = "1 234 / 1 234 / 1 234 / 1 234"
    self.assertIn(f"| `libsurefoot.a` | {sections} | {sections} |", text)
    self.assertIn("| core walk, by the call graph | 240 | 240 |", text)
    self.assertIn("| object return entry | 32 | 32 |", text)

  def test_says_how_costs_grow(self):
    text = counts.growth_text(read(figures()), None)
    self.assertIn("| 40.0 + 21.0 a frame | 0.0 % |", text)
    self.assertEqual(text.count("| linear |"), len(counts.WALKS))
    self.assertEqual(text.count("| logarithmic |"), 2)

  def test_says_that_a_search_is_linear_if_it_is(self):
    slow = {f"clang-O2/frame table rule/instructions, {n} functions": 50 + 9 * n for n in (8, 64, 1000)}
    text = counts.growth_text(read(figures(**slow)), None)
    self.assertEqual(text.count("**linear, not logarithmic**"), 1)

  def test_draws_walks_others_and_searches(self):
    with tempfile.TemporaryDirectory() as folder:
      counts.draw_plots(read(figures()), Path(folder), [("abseil", [(8, 900), (128, 13000), (1000, 90000)])])
      depth, tables = (Path(folder) / f"count-{name}.svg" for name in ("depth", "tables"))
      self.assertIn("abseil", depth.read_text())
      self.assertIn("rule of the frame table", tables.read_text())

  def test_refuses_what_is_not_all_figures(self):
    for name in (
      "frame table/percent of that of GNU as, worst sample",
      "gcc-Os/walk_exact/instructions a frame",
      "gcc-Os/kind of code found/instructions, 64 ranges",
      "clang-O2/exception crossed/instructions, strict",
      "gcc-Os/libsurefoot.a/.bss bytes",
      "clang-O2/stack written to/plain chain",
      "gcc-Os/core walk/stack bytes, worst case",
      "gcc-Os/profile b/instructions",
      "gcc-Os/profile a8/instructions, frame by frame",
    ):
      found = figures()
      del found[name]
      with self.subTest(name), self.assertRaises(results.BadResults):
        counts.profile_text(read(found), [])
        counts.count_text(read(found))
        counts.memory_text(read(found))

  def test_refuses_other_files(self):
    for text in ("{", "[]", "{}", '{"made with": {}, "configurations": [], "figures": {}, "budgets": [{}]}'):
      with self.subTest(text), self.assertRaises(results.BadResults):
        counts.from_json(text)
