# SPDX-License-Identifier: MIT
"""Whatever ends a script ends all that it started, leaves no file, and is told by the exit code."""

import os
import signal
import time
import unittest
from pathlib import Path

from stand_ins import QEMU, Checkout

# Notes its process and that of a child, prints the beginning of a trace, and then never ends. As QEMU and many others
# do, it takes a signal for the wish to end, with success.
NEVER_ENDS = """#!/bin/sh
trap 'exit 0' HUP INT TERM
sleep 600 &
echo "$$ $!" >>"$CALLS.pids"
echo 'scenario plain'
: >"${TMPDIR-/tmp}/left behind"
wait
"""
BUILDS = ("demo", "sweep", "torture", "corrupt", "fuzz", "bench", "mutate", "foreign", "linux-dump", "test")


def is_gone(pid):
  """True if no such process runs any more; a zombie that init has not reaped is none."""
  try:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
  except FileNotFoundError:
    return True


class Signals(unittest.TestCase):
  def setUp(self):
    self.checkout = Checkout()
    self.addCleanup(self.checkout.close)
    self.pids = Path(f"{self.checkout.root}/calls.pids")

  def wait_until(self, condition, what):
    deadline = time.monotonic() + 60
    while not condition():
      self.assertLess(time.monotonic(), deadline, what)
      time.sleep(0.01)

  def started(self):
    """The processes that were noted, by whole lines."""
    return self.pids.read_text().rpartition("\n")[0].split() if self.pids.exists() else []

  def ends(self, number, script, *arguments, jobs=1, **options):
    with self.subTest(script=script, arguments=arguments, number=number):
      self.pids.unlink(missing_ok=True)
      process = self.checkout.start(script, *arguments, **options)
      self.wait_until(lambda: len(self.started()) == 2 * jobs or process.poll() is not None, "nothing was started")
      self.assertIsNone(process.poll(), process.communicate() if process.poll() is not None else "")
      os.kill(process.pid, number)
      output, error = process.communicate()
      self.assertEqual(process.returncode, 128 + number, error)
      self.assertNotIn("as expected", output)
      for pid in self.started():
        # What was told to end may take a moment: nobody waits for the child of a child.
        self.wait_until(lambda pid=pid: is_gone(pid), f"process {pid} is left")
      self.assertEqual(list(self.checkout.temporary.iterdir()), [])

  def test_a_boot_is_ended(self):
    self.checkout.write("bin/qemu-system-aarch64", NEVER_ENDS)
    image = str(self.checkout.root / "build/bare-metal/examples/kernel/surefoot-kernel.elf")
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
      self.ends(number, "run-kernel", image)
    for number in (signal.SIGINT, signal.SIGTERM):
      self.ends(number, "demo")
    for script in ("sweep", "torture", "corrupt"):
      self.ends(signal.SIGTERM, script)

  def test_a_build_is_ended(self):
    self.checkout.write("bin/cmake", NEVER_ENDS)
    for script in BUILDS:
      if script not in ("mutate", "foreign", "linux-dump"):
        self.ends(signal.SIGTERM, script)
    environment = {**self.checkout.environment(), "SUREFOOT_TOOL": ""}
    self.ends(signal.SIGINT, "foreign", env=environment)
    self.ends(signal.SIGTERM, "linux-dump", env=environment)
    self.ends(signal.SIGHUP, "test", "--quick")

  def test_long_work_is_ended(self):
    for name in ("one", "two"):
      self.checkout.write(f"build/host/tests/fuzz/{name}_fuzz", NEVER_ENDS)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
      self.ends(number, "fuzz", "one", "two", jobs=2)
    for script, program in (
      ("mutate", "tests/mutate/run"),
      ("foreign", "tests/foreign/run"),
      ("linux-dump", "tests/linux/run"),
      ("corrupt", "build/bare-metal-gcc/tests/corrupt/host/surefoot-corrupt"),
    ):
      self.checkout.write(program, NEVER_ENDS)
      self.ends(signal.SIGTERM, script)
    self.checkout.write("bench/figures/run", NEVER_ENDS)
    self.ends(signal.SIGINT, "bench", "--check")

  def test_what_ignores_a_signal_is_killed(self):
    self.checkout.write("bin/qemu-system-aarch64", NEVER_ENDS.replace("trap 'exit 0'", "trap ''"))
    self.ends(signal.SIGTERM, "demo")

  def test_a_second_script_is_ended_while_it_waits_for_the_first(self):
    self.checkout.write("bin/cmake", NEVER_ENDS)
    first = self.checkout.start("demo")
    self.wait_until(lambda: len(self.started()) == 2, "nothing was started")
    second = self.checkout.start("demo")
    self.assertIn("another run uses build/bare-metal: waiting", second.stderr.readline())
    second.terminate()
    second.communicate()
    self.assertEqual(second.returncode, 143)
    first.terminate()
    first.communicate()
    self.assertEqual(first.returncode, 143)

  def test_a_run_waits_until_another_one_has_built(self):
    self.checkout.write("bin/cmake", NEVER_ENDS)
    first = self.checkout.start("demo")
    self.wait_until(lambda: len(self.started()) == 2, "nothing was started")
    second = self.checkout.start("demo", "plain")
    self.assertIn("another run uses build/bare-metal: waiting", second.stderr.readline())
    self.checkout.write("bin/cmake", QEMU)  # as good as any that ends
    first.terminate()
    first.communicate()
    output, error = second.communicate()
    self.assertEqual(second.returncode, 0, error)
    self.assertIn("1 as expected", output)


if __name__ == "__main__":
  unittest.main()
