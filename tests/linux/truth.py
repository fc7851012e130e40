# SPDX-License-Identifier: MIT
"""Reads what the guest says: the kernel's own words about the stack of each of its tasks."""

import re
from dataclasses import asdict, dataclass, field

LINE = re.compile(r"^@([0-9a-f]{8}) (.*)$")
ADDRESS = re.compile(r"^0x[0-9a-f]+$")
FRAME = re.compile(r"^(.+)\+0x([0-9a-f]+)/0x([0-9a-f]+)(?: \[([^\]]+)\])?$")
READY = "SUREFOOT-READY"


class TruthError(ValueError):
  """What the guest said is damaged, or not whole."""


@dataclass(frozen=True)
class Frame:
  """A function of a stack, as the kernel names it."""

  function: str
  offset: int
  size: int
  module: str = ""

  def text(self):
    return f"{self.function}+{self.offset:#x}/{self.size:#x}" + (f" [{self.module}]" if self.module else "")


@dataclass
class Task:
  """A task, with its number of context switches before and after its stack was read."""

  pid: int
  tid: int
  name: str
  state: str
  wchan: str
  switches: int
  switches_after: int = -1
  has_stack: bool = False
  frames: list = field(default_factory=list)

  def moved(self):
    return self.switches != self.switches_after or self.state == "R"


@dataclass
class Sleeper:
  """A process that was started for one kind of sleep. `failed_at` is empty unless it could not be set up."""

  pid: int
  kind: str
  error: int = 0
  failed_at: str = ""


@dataclass
class Truth:
  tasks: list = field(default_factory=list)
  sleepers: list = field(default_factory=list)
  probes: dict = field(default_factory=dict)
  modules: dict = field(default_factory=dict)
  tracer: str = ""
  # From one physical address to before the other: after a crash another kernel is there. None if there is no crash.
  crash_memory: tuple | None = None
  panic: list = field(default_factory=list)  # the functions that the kernel printed then
  faults: list = field(default_factory=list)

  def to_json(self):
    return asdict(self)

  def probes_standing(self):
    return sum(error == 0 for error in self.probes.values())


def checksum(text):
  """FNV-1a, as the guest makes it."""
  value = 2166136261
  for byte in text.encode():
    value = (value ^ byte) * 16777619 & 0xFFFFFFFF
  return value


def frame(text):
  """A frame as the kernel writes it. Of a task that runs meanwhile it may have an address that is of no function."""
  if ADDRESS.match(text):
    return Frame(text, 0, 0)
  found = FRAME.match(text)
  if found is None:
    raise TruthError(f"a frame that is not understood: {text!r}")
  return Frame(found.group(1), int(found.group(2), 16), int(found.group(3), 16), found.group(4) or "")


def lines_of(text):
  """The guest's lines. Others, of the kernel or of firmware, are left out; damage to one of the guest's is an error."""
  for line in text.replace("\r", "").split("\n"):
    if not line.startswith("@"):
      continue
    found = LINE.match(line)
    if found is None or int(found.group(1), 16) != checksum(found.group(2)):
      raise TruthError(f"a damaged line: {line[:80]!r}")
    yield found.group(2)


class _Reader:
  """Reads line after line. A task is open from its line "task" to its line "end"."""

  def __init__(self):
    self.truth = Truth()
    self.open = None
    self.count = None
    self.is_ready = False

  def take(self, line):
    kind, _, rest = line.partition(" ")
    if line == READY:
      self.is_ready = True
    elif kind in ("task", "frame", "end", "sleeper", "probe", "module", "tracer", "tasks", "fault",
                  "crash_memory"):
      getattr(self, f"take_{kind}")(rest)
    elif kind != "probes":
      raise TruthError(f"a line that is not understood: {line!r}")

  def take_task(self, rest):
    if self.open is not None:
      raise TruthError(f"task {self.open.tid} has no end")
    pid, tid, state, voluntary, forced, wchan, name = rest.split(" ", 6)
    self.open = Task(int(pid), int(tid), name, state, "" if wchan in "-0" else wchan, int(voluntary) + int(forced))

  def take_frame(self, rest):
    number, _, text = rest.partition(" ")
    if self.open is None or int(number) != len(self.open.frames):
      raise TruthError(f"a frame out of its order: {rest!r}")
    self.open.frames.append(frame(text))

  def take_end(self, rest):
    tid, _, voluntary, forced, frames, how = rest.split(" ")
    task = self.open
    if task is None or task.tid != int(tid) or len(task.frames) != int(frames):
      raise TruthError(f"task {tid} is not whole")
    task.switches_after = int(voluntary) + int(forced)
    task.has_stack = how == "read"
    self.truth.tasks.append(task)
    self.open = None

  def take_sleeper(self, rest):
    pid, error, failed_at, kind = rest.split(" ", 3)
    self.truth.sleepers.append(Sleeper(int(pid), kind, int(error), "" if failed_at == "-" else failed_at))

  def take_probe(self, rest):
    function, error = rest.split(" ")
    self.truth.probes[function] = int(error)

  def take_module(self, rest):
    name, error = rest.split(" ")
    self.truth.modules[name.removesuffix(".ko")] = int(error)

  def take_tracer(self, rest):
    name, error = rest.split(" ")
    self.truth.tracer = name
    if int(error) != 0:
      self.truth.faults.append(f"tracer {rest}")

  def take_crash_memory(self, rest):
    first, end = rest.split(" ")
    self.truth.crash_memory = (int(first, 16), int(end, 16))

  def take_fault(self, rest):
    self.truth.faults.append(rest)

  def take_tasks(self, rest):
    self.count = int(rest)


def read(text):
  """All that the guest said."""
  reader = _Reader()
  for line in lines_of(text):
    try:
      reader.take(line)
    except ValueError as error:
      raise error if isinstance(error, TruthError) else TruthError(f"{line!r}: {error}") from error
  if not reader.is_ready or reader.open is not None or reader.count is None:
    raise TruthError("the guest did not get to the end of what it says")
  if not 0 <= reader.count - len(reader.truth.tasks) <= reader.count // 10:
    raise TruthError(f"{len(reader.truth.tasks)} tasks of {reader.count}")
  return reader.truth
