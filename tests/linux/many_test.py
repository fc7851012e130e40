# SPDX-License-Identifier: MIT
import os
import tempfile
import unittest
from pathlib import Path

import many


class Many(unittest.TestCase):
  def measure(self, script):
    with tempfile.TemporaryDirectory() as folder:
      return many.measure(["sh", "-c", script], dict(os.environ), Path(folder) / "traces")

  def test_tasks_are_counted_by_their_lines(self):
    cost = self.measure("echo head; echo 'PID: 1 TASK: x'; echo ' #0 [x] f'; echo 'PID: 2 TASK: y'")
    self.assertEqual(cost.tasks, 2)
    self.assertGreater(cost.megabytes, 0)
    self.assertRegex(cost.text(), r"^2 tasks: [0-9.]+ s of CPU time, [0-9]+ MB of memory$")

  def test_a_tool_that_fails_is_no_measurement(self):
    with self.assertRaisesRegex(ValueError, "exit code 3: broken"):
      self.measure("echo broken >&2; exit 3")


if __name__ == "__main__":
  unittest.main()
