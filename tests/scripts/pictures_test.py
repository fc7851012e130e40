# SPDX-License-Identifier: MIT
"""A picture shows what the commands of its session printed, at a terminal, or stays as it was."""

import json
import unittest

from stand_ins import Checkout

SESSIONS = """# a comment
one 80 20 printf 'first\\nsecond\\n'
one 80 20 test -t 1 && stty size
other 100 30 echo before; exit 3
"""
DRAW = "#!/bin/sh\ncp \"$2\" \"$3\"\necho Rendering started\n"


class Pictures(unittest.TestCase):
  def setUp(self):
    self.checkout = Checkout()
    self.addCleanup(self.checkout.close)
    self.checkout.write("docs/pictures/sessions", SESSIONS)
    self.checkout.write("bin/termtosvg", DRAW)

  def picture(self, name):
    return self.checkout.root / f"docs/pictures/{name}.svg"

  def test_a_session_shows_its_commands_and_what_they_print(self):
    status, output, error, _ = self.checkout.run("pictures", "one")
    self.assertEqual((status, output), (0, "pictures: docs/pictures/one.svg\n"), error)
    header, *events = (json.loads(line) for line in self.picture("one").read_text().splitlines())
    self.assertEqual((header["width"], header["height"]), (80, 20))
    shown = "".join(event[2] for event in events)
    self.assertIn("first\r\nsecond\r\n", shown)
    self.assertIn("test -t 1 && stty size\r\n20 80\r\n", shown)
    times = [event[0] for event in events]
    self.assertEqual(times, sorted(times))

  def test_the_same_output_is_the_same_recording(self):
    recordings = []
    for _ in range(2):
      self.assertEqual(self.checkout.run("pictures", "one")[0], 0)
      recordings.append(self.picture("one").read_text())
    self.assertEqual(recordings[0], recordings[1])

  def test_a_command_that_fails_is_told_and_leaves_the_picture_as_it_was(self):
    self.picture("other").write_text("before")
    status, output, error, _ = self.checkout.run("pictures", "other")
    self.assertEqual((status, output), (1, ""))
    self.assertIn("exit code 3 of: echo before; exit 3", error)
    self.assertEqual(self.picture("other").read_text(), "before")

  def test_names_are_listed_and_others_are_refused(self):
    self.assertEqual(self.checkout.run("pictures", "--list")[:2], (0, "one\nother\n"))
    for arguments in (("three",), ("--bogus",), ("--list", "one"), ("one", "--list"), ("one other",)):
      with self.subTest(arguments=arguments):
        status, output, error, _ = self.checkout.run("pictures", *arguments)
        self.assertEqual((status, output), (2, ""))
        self.assertIn("\nusage: pictures ", error)


if __name__ == "__main__":
  unittest.main()
