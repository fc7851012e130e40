# SPDX-License-Identifier: MIT
"""Runs the program surefoot, and readelf, on one image, and gathers what they say."""

import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import blind
import cfi_text
import elf
import padding

TIME_LIMIT = 900
# The processes that have to be ended with this one.
running = set()


def stop_all():
  for process in list(running):
    os.kill(process, signal.SIGKILL)


@dataclass
class Run:
  """One run of a program: its output is in a file."""

  code: int
  seconds: float
  megabytes: float
  error: str


def run(command, output, limit=TIME_LIMIT):
  """Runs a command, with its output into a file. Kills it after `limit` seconds. Its memory is at least this program's
  own: the kernel counts it from the fork on."""
  error = Path(f"{output}.error")
  started = time.monotonic()
  with open(output, "wb") as out, error.open("wb") as err:
    process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
    running.add(process.pid)
    while True:
      pid, status, usage = os.wait4(process.pid, os.WNOHANG)
      if pid:
        break
      if time.monotonic() - started > limit:
        os.kill(process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(process.pid, 0)
        break
      time.sleep(0.005)
  running.discard(process.pid)
  seconds = time.monotonic() - started
  process.returncode = os.waitstatus_to_exitcode(status)
  said = error.read_text(errors="replace").strip()
  error.unlink()
  if seconds > limit:
    said = f"not done after {limit} s"
  return Run(process.returncode, seconds, usage.ru_maxrss / 1024, said)


@dataclass
class Result:
  """What one image came to. `failure` is of the tool, `not_read` says why the tool refused the image."""

  name: str
  path: str = ""
  failure: str = ""
  not_read: str = ""
  not_known: str = ""
  instructions: int = 0
  with_rule: int = 0
  agree: int = 0
  differ: int = 0
  blind_instructions: int = 0
  blind_with_rule: int = 0
  compared: int = 0
  contradicted: int = 0
  known_faults: int = 0
  contradictions: list = field(default_factory=list)
  errors: dict = field(default_factory=dict)
  warnings: dict = field(default_factory=dict)
  seconds: float = 0
  megabytes: float = 0

  def to_json(self):
    return asdict(self)


class Failure(Exception):
  """The tool crashed, hung, or wrote what cannot be read."""


class Examination:
  """Examines one image. Files go into `folder`."""

  def __init__(self, tool, folder, readelf, options=()):
    self.tool = tool
    self.readelf = readelf
    self.folder = Path(folder)
    self.options = options

  def ask(self, result, command, image, what, accepted=(0,)):
    """Runs one command of the tool. None if it refused the image."""
    output = self.folder / what
    options = [*self.options] if command[0] == "frames" else []
    done = run([self.tool, *command, *options, "--no-progress", str(image)], output)
    result.seconds += done.seconds if what != "blind.list" else 0
    result.megabytes = max(result.megabytes, done.megabytes)
    if done.code in accepted:
      return output
    last = done.error.splitlines()[-1] if done.error else ""
    if done.code == 2 and last:
      result.not_read = last.replace(f"{image}: ", "").removeprefix("surefoot: ")
      return None
    raise Failure(f"{' '.join(command)}: exit code {done.code}: {last}")

  def examine(self, name, image, synchronous=False):
    result = Result(name, str(image))
    self.folder.mkdir(parents=True, exist_ok=True)
    try:
      self.rules(result, image)
      if not result.not_read:
        self.audit(result, image)
        self.compare(result, image, synchronous)
    except (Failure, ValueError, KeyError, OSError, subprocess.SubprocessError) as error:
      result.failure = f"{type(error).__name__}: {error}"
    return result

  def rules(self, result, image):
    output = self.ask(result, ["frames", "--json"], image, "frames.json")
    if output:
      said = json.loads(output.read_text())
      result.instructions = said["instructions"]["all"]
      result.with_rule = said["instructions"]["with_rule"]
      result.agree = said["comparisons"]["agree"]
      result.differ = said["comparisons"]["differ"]

  def audit(self, result, image):
    output = self.ask(result, ["audit", "--json"], image, "audit.json", accepted=(0, 1))
    if output:
      for finding in json.loads(output.read_text())["findings"]:
        kinds = {"error": result.errors, "warning": result.warnings}.get(finding["level"])
        if kinds is not None:
          kinds[finding["kind"]] = kinds.get(finding["kind"], 0) + 1

  def compare(self, result, image, synchronous):
    """Derives rules with the CFI hidden, and compares them."""
    cfi = self.folder / "cfi.txt"
    done = run([self.readelf, "--debug-dump=frames-interp", "-W", str(image)], cfi)
    if done.code != 0:
      raise Failure(f"{self.readelf}: exit code {done.code}: {done.error.splitlines()[-1:]}")
    headers = elf.read(image)
    bounds = None
    if not headers.has_symbols():
      with cfi.open(errors="replace") as lines:
        bounds = list(cfi_text.read_bounds(lines))
    copy = self.folder / "blind.elf"
    elf.hide_cfi(image, copy, bounds)
    output = self.ask(result, ["frames", "--list"], copy, "blind.list")
    copy.unlink()
    if output is None:
      if bounds == []:  # neither symbols nor CFI: there is nothing to compare
        result.not_read = ""
      return
    with cfi.open(errors="replace") as cfi_lines, output.open() as list_lines:
      result.blind_instructions = blind_instructions(list_lines)
      list_lines.seek(0)
      found = blind.compare(
        cfi_text.read_cfi(cfi_lines), cfi_text.read_derived(list_lines), elf.calls(image) if synchronous else None
      )
    cfi.unlink()
    set_padding_apart(found, image)
    result.blind_with_rule = found.derived
    result.compared = found.both
    result.contradicted = found.contradicted
    result.contradictions = [
      {
        "function": one.derived.function,
        "start": f"{one.start:#x}",
        "end": f"{one.end:#x}",
        "instructions": (one.end - one.start) // blind.BYTES_PER_INSTRUCTION,
        "cfi": one.cfi.text(),
        "derived": one.derived.text(),
      }
      for one in found.contradictions
    ]


def set_padding_apart(found, image):
  """Takes contradictions out of what nothing runs. CFI has the frame of the return before it there; the derived rule
  has the one that the code behind it needs."""
  code = padding.Code(image)
  left = []
  for one in found.contradictions:
    if code.is_padding(one.start, one.end):
      found.contradicted -= (one.end - one.start) // blind.BYTES_PER_INSTRUCTION
    else:
      left.append(one)
  code.close()
  found.contradictions = left


def blind_instructions(lines):
  """How many instructions the functions of a list have. It is blind if none has CFI."""
  count = 0
  for line in lines:
    found = cfi_text.FUNCTION.match(line)
    if found:
      count += (int(found.group(2), 16) - int(found.group(1), 16)) // blind.BYTES_PER_INSTRUCTION
    elif line.rstrip().endswith(" of them with CFI") and not line.rstrip().endswith(", 0 of them with CFI"):
      raise Failure(f"the copy without CFI has CFI: {line.strip()}")
  return count
