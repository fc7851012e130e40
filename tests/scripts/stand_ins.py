# SPDX-License-Identifier: MIT
"""A copy of the scripts, in which everything that would build, install or boot only notes how it was called."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
FUZZ_TARGETS = ("one", "two", "three")
# In sh, which starts quickly: each word is ended by a zero byte, and each call by a word that is a line break.
NOTE_ARGUMENTS = """#!/bin/sh
printf '%s\\0' "${0##*/}" "$@" '
' >>"$CALLS"
"""
# What a whole run of a kernel prints at last.
QEMU = (
  NOTE_ARGUMENTS
  + """case "$*" in
  *torture.elf*) echo 'torture: 7 walks in 1 ms' ;;
  *livepatch.elf*) echo 'livepatch: 5 transitions, 0 failed, mixed chains: 0' ;;
  *sweep*) echo 'sweep total steps=7' ;;
  *) echo 'demo: 1 scenarios, 1 as expected' ;;
esac
case "$*" in *capture*) : >surefoot.captures ;; esac
"""
)


class Checkout:
  """Runs scripts in a checkout of stand-ins."""

  def __init__(self):
    self._folder = tempfile.TemporaryDirectory(prefix="a check-out's ")
    self.root = Path(self._folder.name)
    shutil.copytree(SCRIPTS, self.root / "scripts")
    for command in ("cmake", "ctest", "apt-get", "sudo"):
      self._stand_in(f"bin/{command}")
    self.write("bin/qemu-system-aarch64", QEMU)
    self.temporary = self.root / "tmp"
    self.temporary.mkdir()
    self._stand_in("bench/figures/run")
    self._stand_in("tests/compilers/run")
    self._stand_in("tests/foreign/run")
    self._stand_in("tests/linux/run")
    self._stand_in("tests/mutate/run")
    for target in FUZZ_TARGETS:
      self._stand_in(f"tests/fuzz/{target}_fuzz.cpp")
      self._stand_in(f"build/host/tests/fuzz/{target}_fuzz")
      (self.root / f"build/host/tests/fuzz/{target}.corpus").write_text(f"seeds of {target}\n")
    for image in (
      "examples/kernel/surefoot-kernel.elf",
      "examples/kernel/surefoot-kernel-livepatch.elf",
      "tests/sweep/surefoot-kernel-sweep.elf",
      "tests/torture/surefoot-kernel-torture.elf",
      "tests/corrupt/surefoot-kernel-capture.elf",
      "tests/corrupt/surefoot-kernel-sweep-capture.elf",
    ):
      for preset in ("bare-metal", "bare-metal-gcc"):
        path = self.root / "build" / preset / image
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for preset in ("bare-metal", "bare-metal-gcc"):
      self._stand_in(f"build/{preset}/tests/corrupt/host/surefoot-corrupt")
      self.write(f"build/{preset}/tests/image/host/explain_failure", "#!/bin/sh\nexec cat\n")

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

  def environment(self):
    return {
      **{name: value for name, value in os.environ.items() if name != "CI"},
      "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
      "CALLS": str(self.root / "calls"),
      "SUREFOOT_TOOL": "/bin/true",
      "TMPDIR": str(self.temporary),
    }

  def start(self, script, *arguments, path=None, **options):
    """The script, as a process whose output is piped; `path` is where it is called, if not in the checkout."""
    (self.root / "calls").write_text("")
    if script == "setup":
      shutil.copy(SCRIPTS / "setup", self.root / "scripts")
    else:
      self._stand_in("scripts/setup")
    options = {
      "env": self.environment(),
      "stdin": subprocess.DEVNULL,
      "stdout": subprocess.PIPE,
      "stderr": subprocess.PIPE,
      **options,
    }
    command = [path or self.root / "scripts" / script, *arguments]
    return subprocess.Popen(command, text=True, start_new_session=True, **options)

  def calls(self):
    calls = (self.root / "calls").read_text().split("\0\n\0")
    return [call.split("\0") for call in calls[:-1]]

  def run(self, script, *arguments, **options):
    """(exit code, standard output, standard error, calls): calls is a list of [command, argument...]."""
    process = self.start(script, *arguments, **options)
    output, error = process.communicate()
    return process.returncode, output, error, self.calls()


def words_of(qemu):
  """The kernel's command line, of a call of QEMU."""
  semihosting = qemu[qemu.index("-semihosting-config") + 1]
  return [part[len("arg=") :] for part in semihosting.split(",") if part.startswith("arg=")][1:]


def value_of(qemu, option):
  return qemu[qemu.index(option) + 1]
