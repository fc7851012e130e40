# SPDX-License-Identifier: MIT
"""A copy of the scripts, in which everything that would build, install or boot only notes how it was called."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
NOTE_ARGUMENTS = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
  calls.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + "\\n")
"""


class Checkout:
  """Runs scripts in a checkout of stand-ins."""

  def __init__(self):
    self._folder = tempfile.TemporaryDirectory()
    self.root = Path(self._folder.name)
    shutil.copytree(SCRIPTS, self.root / "scripts")
    for command in ("cmake", "qemu-system-aarch64", "apt-get", "sudo"):
      self._stand_in(f"bin/{command}")
    self._stand_in("bench/figures/run")
    self._stand_in("tests/foreign/run")
    for image in (
      "examples/kernel/surefoot-kernel.elf",
      "tests/sweep/surefoot-kernel-sweep.elf",
      "tests/torture/surefoot-kernel-torture.elf",
    ):
      for preset in ("bare-metal", "bare-metal-gcc"):
        path = self.root / "build" / preset / image
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

  def close(self):
    self._folder.cleanup()

  def _stand_in(self, name):
    path = self.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NOTE_ARGUMENTS)
    path.chmod(0o755)

  def run(self, script, *arguments):
    """(exit code, standard output, standard error, calls): calls is a list of [command, argument...]."""
    calls = self.root / "calls"
    calls.write_text("")
    if script == "setup":
      shutil.copy(SCRIPTS / "setup", self.root / "scripts")
    else:
      self._stand_in("scripts/setup")
    environment = {
      **os.environ,
      "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
      "CALLS": str(calls),
      "SUREFOOT_TOOL": "/bin/true",
    }
    done = subprocess.run(
      [self.root / "scripts" / script, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr, [json.loads(line) for line in calls.read_text().splitlines()]


def words_of(qemu):
  """The kernel's command line, of a call of QEMU."""
  semihosting = qemu[qemu.index("-semihosting-config") + 1]
  return [part[len("arg=") :] for part in semihosting.split(",") if part.startswith("arg=")][1:]


def value_of(qemu, option):
  return qemu[qemu.index(option) + 1]
