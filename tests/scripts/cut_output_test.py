# SPDX-License-Identifier: MIT
"""A run counts only if all of the kernel's output came, and went where it was meant to go."""

import os
import resource
import signal
import unittest

from stand_ins import NOTE_ARGUMENTS, QEMU, Checkout

PRINTS_A_PART = NOTE_ARGUMENTS + "echo 'scenario plain'\necho '  #0  0x00'\n"
# As QEMU ends when it is told to by a signal.
ENDED_BY_OTHERS = PRINTS_A_PART + 'echo "qemu-system-aarch64: terminating on signal 15 from pid 7 (kill)" >&2\n'
FEW_BYTES = 32
ALL = ("demo", "sweep", "corrupt", "fuzz", "torture", "bench", "test", "foreign", "linux-dump", "mutate")
RUNS = (
  ("demo", "plain"),
  ("sweep", "--compiler", "clang", "--cpu", "max"),
  ("torture", "--short"),
  ("corrupt", "--short"),
)


def let_no_file_grow():
  """For a process: as on a full disk, a file can be made, but cannot hold more than a few bytes."""
  signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
  resource.setrlimit(resource.RLIMIT_FSIZE, (FEW_BYTES, FEW_BYTES))


class CutOutput(unittest.TestCase):
  def setUp(self):
    self.checkout = Checkout()
    self.addCleanup(self.checkout.close)
    self.image = str(self.checkout.root / "build/bare-metal/examples/kernel/surefoot-kernel.elf")

  def fails(self, message, script, *arguments, code=1, **options):
    with self.subTest(script=script, arguments=arguments):
      status, _, error, _ = self.checkout.run(script, *arguments, **options)
      self.assertEqual(status, code, error)
      self.assertRegex(error, message)
      self.assertEqual(list(self.checkout.temporary.iterdir()), [])

  def test_a_kernel_without_its_last_line_has_failed(self):
    self.checkout.write("bin/qemu-system-aarch64", PRINTS_A_PART)
    for run in RUNS:
      self.fails("run-kernel: the output of the kernel is cut: the last line is '  #0  0x00'", *run)

  def test_the_last_line_is_a_whole_line(self):
    for last in ("demo: 1 scenarios, 1 as", "x demo: 1 scenarios, 1 as expected", ""):
      self.checkout.write("bin/qemu-system-aarch64", NOTE_ARGUMENTS + f"printf '{last}'\n")
      self.fails("the output of the kernel is cut", "demo")

  def test_a_kernel_that_others_ended_has_failed(self):
    self.checkout.write("bin/qemu-system-aarch64", ENDED_BY_OTHERS)
    self.fails("run-kernel: QEMU was ended from outside", "run-kernel", self.image)
    self.fails("terminating on signal 15 from pid 7", "demo", "--list")
    for run in RUNS:
      self.fails("run-kernel: QEMU was ended from outside", *run)

  def test_the_exit_code_of_the_kernel_is_kept(self):
    self.checkout.write("bin/qemu-system-aarch64", PRINTS_A_PART + "exit 7\n")
    self.fails("^$", "run-kernel", self.image, code=7)
    self.fails("^$", "demo", code=7)
    self.fails("sweep: clang, -cpu max: exit code 7", "sweep", "--cpu", "max")
    self.fails("torture: 8 CPUs, seed 3: exit code 7", "torture", "--seed", "3")
    self.fails("corrupt: surefoot-kernel-capture.elf has not gone as expected", "corrupt")

  def test_a_kernel_that_does_not_end_has_failed(self):
    self.checkout.write("bin/qemu-system-aarch64", "#!/bin/sh\nexec sleep 600\n")
    self.fails("the kernel has not ended within 0.2 s", "run-kernel", self.image, "--timeout", "0.2", code=124)

  def test_output_that_cannot_be_written_is_a_failure(self):
    for script, *arguments in (*RUNS[:3], ("run-kernel", self.image)):
      with open("/dev/full", "w") as full:
        self.fails("No space left on device", script, *arguments, stdout=full)
    for script in (*ALL, "setup", "run-kernel"):
      with open("/dev/full", "w") as full:
        self.fails("No space left on device", script, "--help", stdout=full)

  def test_a_qemu_whose_output_cannot_be_written_is_ended(self):
    self.checkout.write("bin/qemu-system-aarch64", PRINTS_A_PART + "exec sleep 600\n")
    with open("/dev/full", "w") as full:
      self.fails("the kernel's output cannot be written", "demo", stdout=full)

  def test_a_reader_that_goes_away_ends_the_run(self):
    self.checkout.write("bin/qemu-system-aarch64", PRINTS_A_PART + "sleep 0.2; echo more; exec sleep 600\n")
    read, write = os.pipe()
    process = self.checkout.start("demo", stdout=write)
    os.close(write)
    os.read(read, 8)
    os.close(read)
    self.assertEqual(process.communicate()[1], "")
    self.assertEqual(process.returncode, 141)

  def test_a_full_disk_is_a_failure(self):
    qemu = QEMU.replace("case", "echo a line of more than so few bytes\ncase", 1)
    self.checkout.write("bin/qemu-system-aarch64", qemu)
    environment = {**self.checkout.environment(), "CALLS": "/dev/null"}
    for run in (*RUNS, ("run-kernel", self.image)):
      self.fails("the kernel's output cannot be written", *run, env=environment, preexec_fn=let_no_file_grow)

  def test_a_folder_for_temporary_files_that_is_not_there_is_a_failure(self):
    environment = {**self.checkout.environment(), "TMPDIR": "/nowhere"}
    for script in ALL:
      self.fails(f"{script}: no folder can be made in /nowhere: set TMPDIR", script, env=environment)

  def test_a_build_without_room_is_a_failure(self):
    self.checkout.write("bin/cmake", "#!/bin/sh\necho 'No space left on device' >&2\nexit 1\n")
    for run in (*RUNS, ("fuzz",)):
      self.fails(f"No space left on device\n{run[0]}: not built: ", *run)
    self.fails("No space left on device\nbench: failed: building clang-O2", "bench", code=2)
    self.fails("test: these failed: bare-metal\n", "test", "bare-metal")


if __name__ == "__main__":
  unittest.main()
