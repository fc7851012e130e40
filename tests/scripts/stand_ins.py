# SPDX-License-Identifier: MIT
"""A copy of the scripts, in which everything that would build, install or boot only notes how it was called."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
FUZZ_TARGETS = ("one", "two", "three")
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
    for command in ("cmake", "ctest", "qemu-system-aarch64", "apt-get", "sudo"):
      self._stand_in(f"bin/{command}")
    self._stand_in("bench/figures/run")
    self._stand_in("tests/compilers/run")
    self._stand_in("tests/foreign/run")
    self._stand_in("tests/mutate/run")
    for target in FUZZ_TARGETS:
      self._stand_in(f"tests/fuzz/{target}_fuzz.cpp")
      self._stand_in(f"build/host/tests/fuzz/{target}_fuzz")
      (self.root / f"build/host/tests/fuzz/{target}.corpus").write_text(f"seeds of {target}\n")
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
    self.write(name, NOTE_ARGUMENTS)

  def write(self, name, text):
    """Puts a program in the place of another one."""
    path = self.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)

  def start(self, script, *arguments):
    """The script, as a process whose output is piped."""
    (self.root / "calls").write_text("")
    if script == "setup":
      shutil.copy(SCRIPTS / "setup", self.root / "scripts")
    else:
      self._stand_in("scripts/setup")
    environment = {
      **os.environ,
      "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
      "CALLS": str(self.root / "calls"),
      "SUREFOOT_TOOL": "/bin/true",
    }
    command = [self.root / "scripts" / script, *arguments]
    return subprocess.Popen(
      command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )

  def run(self, script, *arguments):
    """(exit code, standard output, standard error, calls): calls is a list of [command, argument...]."""
    process = self.start(script, *arguments)
    output, error = process.communicate()
    calls = (self.root / "calls").read_text().splitlines()
    return process.returncode, output, error, [json.loads(line) for line in calls]


def words_of(qemu):
  """The kernel's command line, of a call of QEMU."""
  semihosting = qemu[qemu.index("-semihosting-config") + 1]
  return [part[len("arg=") :] for part in semihosting.split(",") if part.startswith("arg=")][1:]


def value_of(qemu, option):
  return qemu[qemu.index(option) + 1]
