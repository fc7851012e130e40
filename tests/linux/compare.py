# SPDX-License-Identifier: MIT
"""Compares what the tool says of each task with the kernel's own words."""

from dataclasses import asdict, dataclass, field

from witness import number

EQUAL, BETTER, DIFFERENT, MOVED, DEAD, MISSING = "equal", "better", "different", "moved", "dead", "missing"
# From where the tool may have a caller that the kernel does not print: the last one if a tracer replaced the address.
OF_INTERRUPTED = ("link_register", "frame_table", "return_stack")


@dataclass
class Outcome:
  """What the comparison of one task came to. `kind` is the kind of sleep, or empty: a task of the system."""

  pid: int
  name: str
  outcome: str
  kind: str = ""
  is_reliable: bool = False
  has_exception: bool = False
  has_module: bool = False
  evidence: list = field(default_factory=list)
  witnesses: list = field(default_factory=list)  # of the frames that the kernel does not have
  unconfirmed: list = field(default_factory=list)
  skipped: list = field(default_factory=list)  # callers that CFI or the code has, and the trace does not
  kernel: list = field(default_factory=list)
  ours: list = field(default_factory=list)

  def is_compared(self):
    return self.outcome in (EQUAL, BETTER, DIFFERENT, MISSING)

  def is_false_reliable(self):
    return self.is_reliable and (self.outcome in (DIFFERENT, MISSING) or bool(self.unconfirmed or self.skipped))

  def to_json(self):
    return asdict(self)


def module_name(text):
  return text.replace("-", "_")


def text_of(frame):
  name = f"{frame['function']}+{number(frame['offset']):#x}" if frame["function"] else str(frame["pc"])
  return name + (f" [{frame['module']}]" if frame["module"] else "")


class Comparison:
  """Compares the tasks of one dump. `symbols` are of the kernel's file, `witness` may be None."""

  def __init__(self, said, symbols, witness=None):
    self.said = said
    self.symbols = symbols
    self.witness = witness
    self.slide = number(said["dump"]["slide"])
    self.left_out = symbols.left_out()
    self.tasks = {}
    for task in said["tasks"]:
      if not task["is_idle"]:
        self.tasks.setdefault(task["pid"], task)

  def is_printed(self, frame):
    address = number(frame["pc"]) - self.slide
    return not any(start <= address < end for start, end in self.left_out)

  def is_named(self, frame):
    """True if the name and the address are of the same place; in a module, which only the kernel knows, always."""
    place = number(frame["pc"]) - self.slide
    return bool(frame["module"]) or place in self.symbols.places(frame["function"], number(frame["offset"]))

  def is_same(self, ours, kernels):
    """True if both name the same place. Functions may share a name, and places may have several."""
    if module_name(ours["module"]) != module_name(kernels.module):
      return False
    offset = number(ours["offset"])
    if kernels.module:
      return (ours["function"], offset) == (kernels.function, kernels.offset)
    if number(ours["pc"]) - self.slide not in self.symbols.places(kernels.function, kernels.offset):
      return False
    if not self.is_named(ours):
      return False
    # Behind a call that does not return, the place is the end of one function and may be the start of another.
    return offset == kernels.offset or (kernels.offset == kernels.size and offset == 0)

  def is_extra(self, task, index):
    """True if the frame is the caller of an interrupted function: the only kind that the kernel may leave out."""
    frame = task["frames"][index]
    if index == 0 or frame["source"] not in OF_INTERRUPTED or not self.is_named(frame):
      return False
    before = task["frames"][index - 1]
    return "crossed_exception" in before["evidence"] and self.registers_of(task, index - 1) is not None

  def registers_of(self, task, index):
    return next((registers for registers in task["exceptions"] if registers["frame"] == index), None)

  def align(self, task, kernels):
    """The indices of our frames that the kernel does not have, or None: the two differ."""
    extra = []
    left = list(kernels)
    for index, frame in enumerate(task["frames"]):
      if not self.is_printed(frame):
        continue
      if left and self.is_same(frame, left[0]):
        left.pop(0)
      elif self.is_extra(task, index):
        extra.append(index)
      else:
        return None
    return None if left else extra

  def confirm(self, outcome, task, extra):
    for index in extra:
      frame = task["frames"][index]
      registers = self.registers_of(task, index - 1)
      behind = [number(frame["pc"]) for frame in task["frames"][index + 1 : index + 2]]
      by = self.witness and self.witness.confirms(registers, number(frame["pc"]), behind[0] if behind else None)
      if by:
        outcome.witnesses.append(by)
      else:
        outcome.unconfirmed.append(text_of(frame))

  def look_for_skipped(self, outcome, task):
    """Callers of interrupted functions that the trace does not have: the kernel does not have them either."""
    for registers in task["exceptions"] if self.witness else []:
      caller = self.witness.caller(registers)
      behind = [number(frame["pc"]) for frame in task["frames"][registers["frame"] + 1 :][:1]]
      if caller is not None and behind != [caller]:
        outcome.skipped.append(f"{caller:#x} behind {registers['pc']}")
      elif behind and self.witness.calls_another(registers, behind[0]):
        outcome.skipped.append(f"a caller between {registers['pc']} and {behind[0]:#x}, which calls another function")

  def compare(self, truth, kind=""):
    """Compares one task of the kernel's words."""
    task = self.tasks.get(truth.tid)
    outcome = Outcome(truth.tid, truth.name, MISSING, kind, kernel=[frame.text() for frame in truth.frames])
    outcome.has_module = any(frame.module for frame in truth.frames)
    if truth.moved() or (task is None and truth.name.startswith("kworker")):
      outcome.outcome = MOVED
    if task is None:
      return outcome
    outcome.is_reliable = task["verdict"]["reliability"] == "reliable"
    outcome.evidence = task["verdict"]["evidence"]
    outcome.has_exception = bool(task["exceptions"])
    outcome.ours = [text_of(frame) for frame in task["frames"]]
    if number(task["switches"]) != truth.switches or task["is_running"]:
      outcome.outcome = MOVED
    if outcome.outcome == MOVED:
      return outcome
    extra = self.align(task, truth.frames)
    if truth.state in "ZX" and not truth.frames:
      outcome.outcome = DEAD if extra == [] else DIFFERENT
      return outcome
    if not truth.frames:  # a task that sleeps is on some stack
      return outcome
    outcome.outcome = DIFFERENT if extra is None else BETTER if extra else EQUAL
    self.confirm(outcome, task, extra or [])
    self.look_for_skipped(outcome, task)
    return outcome

  def all(self, truth):
    """The outcomes of all tasks that the kernel spoke of."""
    kinds = {sleeper.pid: sleeper.kind for sleeper in truth.sleepers}
    return [self.compare(task, kinds.get(task.pid, "")) for task in truth.tasks]
