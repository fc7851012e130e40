# SPDX-License-Identifier: MIT
"""What is made of a tool that works, refuses, crashes, hangs, or does not leave."""

import os
import tempfile
import threading
import time
import unittest
from pathlib import Path

import tool


class ToolTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = Path(folder.name)

  def examine(self, text):
    """The result of a tool that is this shell script."""
    program = self.folder / "tool"
    program.write_text("#!/bin/sh\n" + text)
    program.chmod(0o755)
    return tool.Examination(str(program), self.folder / "kept", "readelf").examine("name", "image")

  def test_a_refusal_is_no_failure(self):
    result = self.examine("echo 'surefoot: image: no functions' >&2; exit 2")
    self.assertEqual((result.not_read, result.failure), ("no functions", ""))

  def test_a_crash_is_a_failure(self):
    self.assertIn("exit code -11", self.examine("kill -SEGV $$").failure)
    self.assertIn("exit code 2", self.examine("exit 2").failure)

  def test_output_that_cannot_be_read_is_a_failure(self):
    self.assertIn("JSONDecodeError", self.examine("echo nothing").failure)
    self.assertIn("KeyError", self.examine("echo '{}'").failure)

  def test_ends_what_takes_too_long(self):
    done = tool.run(["sleep", "60"], self.folder / "output", limit=0.05)
    self.assertEqual((done.code, done.error), (-9, "not done after 0.05 s"))

  def test_leaves_nothing_behind(self):
    found = []
    thread = threading.Thread(target=lambda: found.append(tool.run(["sleep", "60"], self.folder / "output")))
    thread.start()
    while not tool.running:
      time.sleep(0.001)
    (pid,) = tool.running
    tool.stop_all()
    thread.join()
    self.assertEqual(found[0].code, -9)
    with self.assertRaises(ProcessLookupError):
      os.kill(pid, 0)

  def test_a_list_with_cfi_is_not_blind(self):
    self.assertEqual(tool.blind_instructions(["x: 1 functions, 0 of them with CFI", "0x10..0x20 f"]), 4)
    with self.assertRaises(tool.Failure):
      tool.blind_instructions(["x: 1 functions, 1 of them with CFI"])


if __name__ == "__main__":
  unittest.main()
