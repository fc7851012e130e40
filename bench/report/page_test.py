# SPDX-License-Identifier: MIT
"""Generated sections."""

import unittest

import page

START, END = page.markers("host")


class PageTest(unittest.TestCase):
  def test_replaces_what_is_between_the_markers_only(self):
    old = f"before\n{START}\nold\n{END}\nafter\n"
    self.assertEqual(page.replace(old, "host", "new\n"), f"before\n{START}\n\nnew\n\n{END}\nafter\n")

  def test_changes_nothing_the_second_time(self):
    once = page.replace(f"{START}\n{END}\n", "host", "text")
    self.assertEqual(page.replace(once, "host", "text"), once)

  def test_leaves_other_sections_alone(self):
    other = "\n".join(page.markers("count"))
    self.assertIn(other, page.replace(f"{other}\n{START}\n{END}\n", "host", "text"))

  def test_refuses_a_page_without_a_place_for_it(self):
    for old in ("", START, END, f"{END}{START}", f"{START}{START}{END}", f"{START}{END}{END}"):
      with self.subTest(old), self.assertRaises(page.BadPage):
        page.replace(old, "host", "text")
