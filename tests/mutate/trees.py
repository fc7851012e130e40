# SPDX-License-Identifier: MIT
"""Copies of the project in which one fault at a time is made, and the tests that are to notice it."""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass

# What a build may take at most before it counts as hanging, in seconds.
BUILD_TIMEOUT = 900


@dataclass(frozen=True)
class Stage:
  """A build, and tests that run in it, the quickest first."""

  name: str
  options: tuple  # of cmake
  targets: tuple
  tests: tuple  # what one may take before it counts as hanging, in seconds, and a command line for the build's folder


UNIT_OPTIONS = (
  "-DCMAKE_BUILD_TYPE=Debug",
  "-DCMAKE_CXX_FLAGS_DEBUG=-O1",
  "-DCMAKE_C_COMPILER=clang-19",
  "-DCMAKE_CXX_COMPILER=clang++-19",
  "-DSUREFOOT_BUILD_EXAMPLES=OFF",
)
HOST = Stage(
  "host",
  UNIT_OPTIONS,
  ("unit_test", "c_api_test", "ftrace_test"),
  (
    (10, ("tests/unit/c_api_test", "--gtest_fail_fast")),
    (20, ("tests/unit/ftrace_test", "--gtest_fail_fast")),
    (90, ("tests/unit/unit_test", "--gtest_fail_fast")),
  ),
)
# The same, by what reads beside an object.
SANITIZED = Stage(
  "sanitized",
  (*UNIT_OPTIONS, "-DSUREFOOT_SANITIZE=address;undefined"),
  ("unit_test", "c_api_test", "ftrace_test"),
  tuple((3 * timeout, command) for timeout, command in HOST.tests),
)
# What a walk costs, in instructions. The script builds what it needs.
FIGURES = Stage(
  "figures",
  ("--preset", "bench"),
  ("surefoot",),
  ((150, ("../../scripts/bench", "--check")),),
)
# The tracing runtime and the trampolines, in a program that is emulated; and the object code.
LIVE = Stage(
  "live",
  ("--preset", "qemu-user", "-DSUREFOOT_BUILD_EXAMPLES=OFF"),
  (
    "live_test",
    "surefoot_c",
    "surefoot_ftrace",
    "surefoot_profile",
    "surefoot_broken_archive",
    "surefoot_harmless_archive",
  ),
  (
    (20, ("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "tests/live/live_test", "--gtest_fail_fast")),
    (60, ("ctest", "-R", "^archive[.]", "-j1", "--stop-on-failure")),
  ),
)
# A kernel: its object code, what it prints, its CPUs against each other, and every instruction of it.
KERNEL = Stage(
  "kernel",
  ("--preset", "bare-metal"),
  ("surefoot_ftrace", "surefoot_kernel", "surefoot_kernel_torture", "surefoot_kernel_sweep"),
  (
    (10, ("ctest", "-R", "^archive[.]object_code$")),
    (150, ("ctest", "-R", "^boot[.](demo/(strict|exact)|torture/max/smp_4)", "-j1", "--stop-on-failure")),
    (300, ("ctest", "-R", "^boot[.]sweep/max", "-j1", "--stop-on-failure")),
  ),
)


def stages_for(path):
  """Where a fault in this file can be noticed, the quickest first."""
  if path.startswith("src/asm/"):
    return (LIVE, KERNEL)
  if path.startswith("src/ftrace/"):
    return (HOST, LIVE, SANITIZED, KERNEL)
  return (HOST, SANITIZED, FIGURES, KERNEL)


running = set()  # the leaders of process groups


def stop_all():
  """Ends all that runs, whichever thread waits for it."""
  for process in list(running):
    with contextlib.suppress(ProcessLookupError):
      os.killpg(process.pid, signal.SIGKILL)


def run(command, folder, timeout):
  """The exit code, or None if it took too long. Nothing that it started is left."""
  process = subprocess.Popen(
    command,
    cwd=folder,
    stdin=subprocess.DEVNULL,
    stdout=subprocess.PIPE,
    stderr=subprocess.STDOUT,
    start_new_session=True,
  )
  running.add(process)
  try:
    output, _ = process.communicate(timeout=timeout)
    return process.returncode, output.decode(errors="replace")
  except subprocess.TimeoutExpired:
    return None, ""
  finally:
    running.discard(process)
    if process.poll() is None:
      os.killpg(process.pid, signal.SIGKILL)
      process.communicate()


class BuildError(Exception):
  """The project as it is cannot be built, or its own tests fail: nothing can be said of faults."""


class Tree:
  """A copy of the project, with the builds that were needed so far."""

  def __init__(self, root, folder, jobs):
    self.root = root
    self.folder = folder
    self.jobs = jobs
    self.codes = {}  # of each stage that is ready, the library's code without a fault

  def refresh(self):
    """As the project is now. What did not change keeps its time, so that it is not built again."""
    wanted = set()
    for top in self.root.iterdir():
      if top.name not in (".git", "build"):
        files = (path for path in (top, *top.rglob("*")) if path.is_file() and not path.is_symlink())
        wanted.update(str(path.relative_to(self.root)) for path in files)
    for name in wanted:
      source, copy = self.root / name, self.folder / name
      if copy.exists() and copy.read_bytes() == source.read_bytes():
        continue
      copy.parent.mkdir(parents=True, exist_ok=True)
      shutil.copy(source, copy)
    for path in self.folder.rglob("*"):
      relative = path.relative_to(self.folder)
      if relative.parts[0] != "build" and path.is_file() and str(relative) not in wanted:
        path.unlink()

  def build_of(self, stage):
    return self.folder / "build" / stage.name

  def build(self, stage):
    command = ["cmake", "--build", self.build_of(stage), "-j", str(self.jobs), "--target", *stage.targets]
    return run(command, self.folder, BUILD_TIMEOUT)

  def test(self, stage):
    """The first test that notices something, or None."""
    for timeout, command in stage.tests:
      code, output = run(command, self.build_of(stage), timeout)
      if code != 0:
        return " ".join(command) + (" hangs" if code is None else ""), output
    return None, ""

  def code_of(self, stage):
    """A digest of the library's object code, without what only debuggers read."""
    digest = hashlib.sha256()
    for archive in sorted((self.build_of(stage) / "src").glob("*.a")):
      bare = archive.with_suffix(".bare")
      subprocess.run(["llvm-objcopy-19", "--strip-debug", archive, bare], check=True)
      digest.update(bare.read_bytes())
    return digest.hexdigest()

  def is_same_code(self, stage):
    """Whether the compiler makes the same of the library as without the fault."""
    return self.code_of(stage) == self.codes[stage]

  def prepare(self, stage):
    """Without a fault, nothing is noticed."""
    if stage in self.codes:
      return
    configure = ["cmake", "-S", ".", "-B", self.build_of(stage), "-G", "Ninja", *stage.options]
    code, output = run(configure, self.folder, BUILD_TIMEOUT)
    if code == 0:
      code, output = self.build(stage)
    if code != 0:
      raise BuildError(f"the stage '{stage.name}' is not built:\n{output[-4000:]}")
    noticed, output = self.test(stage)
    if noticed:
      raise BuildError(f"{noticed} fails without a fault:\n{output[-4000:]}")
    self.codes[stage] = self.code_of(stage)

  def write(self, path, text):
    """In place of the file, and newer than what was built of it."""
    (self.folder / path).write_text(text)
    now = time.time()
    os.utime(self.folder / path, (now, now))
