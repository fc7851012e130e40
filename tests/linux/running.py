# SPDX-License-Identifier: MIT
"""Judges what the tool says of the tasks that were on a CPU when a dump was made, and sums it up."""

from collections import Counter
from dataclasses import asdict, dataclass, field

import unwind
from witness import number

AGREES, AGREES_AS_FAR, DIFFERENT, USER = "agrees", "agrees as far as CFI goes", "different", "user space"
NOT_DECISIVE = {"return_address_hooked", "changed_stack", "crossed_exception", "in_special_range"}
FIRST_OF_BLOCKED = ("__switch_to", "ret_from_fork", "ret_from_fork_asm")


@dataclass
class Context:
  """One CPU of one dump."""

  cpu: int
  name: str = ""
  outcome: str = ""
  is_reliable: bool = False
  is_idle: bool = False
  has_irq_stack: bool = False
  exceptions: int = 0
  replaced: int = 0
  function: str = ""  # that was interrupted
  special: str = ""
  end: str = ""  # of the way by CFI
  reasons: list = field(default_factory=list)
  problems: list = field(default_factory=list)
  ours: list = field(default_factory=list)
  theirs: list = field(default_factory=list)

  def is_in_kernel(self):
    return self.outcome != USER

  def is_false_reliable(self):
    return self.is_reliable and bool(self.problems)

  def to_json(self):
    return asdict(self)


def pcs_of(task):
  return [number(frame["pc"]) for frame in task["frames"]]


def names_of(task):
  return [f"{frame['function'] or frame['pc']}+{number(frame['offset']):#x}" for frame in task["frames"]]


def ends_well(task):
  """True if the last frame is the one that a task enters the kernel by, or starts with."""
  return bool(task["frames"]) and task["frames"][-1]["function"] in (*unwind.OUTERMOST, "ret_from_fork_asm")


def reasons_of(task):
  """Why a trace is not reliable."""
  return sorted(set(task["verdict"]["evidence"]) - NOT_DECISIVE) or list(task["verdict"]["evidence"])


class Judge:
  """For one dump: what the tool says of it, and the registers of its CPUs."""

  def __init__(self, said, registers, unwinder):
    self.said = said
    self.registers = registers
    self.unwinder = unwinder

  def all(self):
    """What each CPU did."""
    return [self.judge(cpu, registers) for cpu, registers in enumerate(self.registers)]

  def judge(self, cpu, registers):
    context = Context(cpu)
    tasks = [task for task in self.said["tasks"] if task["is_running"] and number(task["cpu"]) == cpu]
    if len(tasks) != 1:
      context.problems.append(f"{len(tasks)} tasks run on CPU {cpu}")
      context.outcome = DIFFERENT
      return context
    task = tasks[0]
    context.name, context.is_idle = task["name"], task["is_idle"]
    context.is_reliable = task["verdict"]["reliability"] == "reliable"
    context.ours = names_of(task)
    context.exceptions = len(task["exceptions"])
    if not context.is_reliable:
      context.reasons = reasons_of(task)
    if "task_running" in task["verdict"]["evidence"]:
      context.problems.append("its registers were not used")
    if registers.is_in_user_space():
      context.outcome = USER
      if task["frames"] or not any("user space" in note for note in task["notes"]):
        context.problems.append("it was in user space, and has frames or no note of it")
      return context
    self.compare(context, task, registers)
    return context

  def compare(self, context, task, registers):
    ours = pcs_of(task)
    first = task["frames"][0] if task["frames"] else {"function": "", "special": ""}
    context.function, context.special = first["function"], first["special"]
    way = self.unwinder.unwind(registers, ours)
    context.end, context.replaced, context.has_irq_stack = way.end, len(way.replaced), way.has_irq_stack
    context.theirs = [f"{pc:#x}" for pc in way.frames]
    shared = len(way.frames) if context.is_reliable else min(len(way.frames), task["verdict"]["first_doubtful"])
    if ours[:shared] != way.frames[:shared]:
      index = next(i for i in range(shared) if ours[i : i + 1] != way.frames[i : i + 1])
      has = f"{ours[index]:#x}" if index < len(ours) else "nothing"
      context.problems.append(f"frame {index}: CFI has {way.frames[index]:#x}, the tool {has}")
    if context.is_reliable:
      self.compare_whole(context, task, way)
    context.problems += way.wrong if context.is_reliable else []
    if context.problems:
      context.outcome = DIFFERENT
    else:
      context.outcome = AGREES if ours == way.frames and way.is_whole else AGREES_AS_FAR

  def compare_whole(self, context, task, way):
    """What only a reliable trace has to have."""
    if not ends_well(task):
      context.problems.append(f"it is reliable, and ends at {context.ours[-1:]}")
    if way.is_whole and len(task["frames"]) != len(way.frames):
      context.problems.append(f"{len(task['frames'])} frames, and {len(way.frames)} by CFI")
    saved = [number(exception["at"]) for exception in task["exceptions"][1:]]
    if way.is_whole and len(saved) != len(way.exceptions):
      context.problems.append(f"{len(saved)} exceptions inside, and {len(way.exceptions)} by CFI")

  def blocked(self):
    """What is wrong with tasks that do not run."""
    found = []
    for task in self.said["tasks"]:
      if task["is_running"] or task["verdict"]["reliability"] != "reliable" or not task["frames"]:
        continue
      if task["frames"][0]["function"] not in FIRST_OF_BLOCKED:
        found.append(f"{task['pid']} {task['name']}: blocked, and starts at {names_of(task)[0]}")
      if not ends_well(task):
        found.append(f"{task['pid']} {task['name']}: blocked, and ends at {names_of(task)[-1]}")
    return found


@dataclass
class Sum:
  """All dumps of one boot."""

  kernel: str
  cpu: str
  tracer: str
  dumps: int = 0
  contexts: list = field(default_factory=list)
  blocked: int = 0
  blocked_reliable: int = 0
  blocked_reasons: dict = field(default_factory=dict)
  problems: list = field(default_factory=list)
  failure: str = ""
  seconds: float = 0

  def name(self):
    return f"{self.kernel} {self.cpu} {self.tracer}"

  def add(self, judge):
    """Adds one dump. True if all is as it should be."""
    self.dumps += 1
    before = len(self.problems)
    contexts = judge.all()
    self.contexts += contexts
    for context in contexts:
      kind = "FALSE RELIABLE: " if context.is_false_reliable() else ""
      self.problems += [f"{kind}dump {self.dumps}, CPU {context.cpu}, {context.name}: {problem}; "
                        f"ours: {' < '.join(context.ours)}" for problem in context.problems]  # fmt: skip
    self.problems += [f"FALSE RELIABLE: dump {self.dumps}: {problem}" for problem in judge.blocked()]
    for task in judge.said["tasks"]:
      if task["is_running"]:
        continue
      self.blocked += 1
      if task["verdict"]["reliability"] == "reliable":
        self.blocked_reliable += 1
      else:
        for reason in reasons_of(task):
          self.blocked_reasons[reason] = self.blocked_reasons.get(reason, 0) + 1
    return len(self.problems) == before

  def in_kernel(self):
    return [context for context in self.contexts if context.is_in_kernel()]

  def count(self, outcome):
    return sum(context.outcome == outcome for context in self.contexts)

  def false_reliable(self):
    return sum(context.is_false_reliable() for context in self.contexts)

  def row(self):
    if self.failure:
      return f"{self.name()}: FAILED: {self.failure}"
    kernel = self.in_kernel()
    return (
      f"{self.name()}: {self.dumps} dumps, {self.count(USER)} in user space, {len(kernel)} in the kernel "
      f"({sum(c.is_idle for c in kernel)} idle, {sum(c.has_irq_stack for c in kernel)} on the IRQ stack, "
      f"{sum(c.special not in ('', 'none') for c in kernel)} at special code): {self.count(AGREES)} agree, "
      f"{self.count(AGREES_AS_FAR)} as far as CFI goes, {self.count(DIFFERENT)} different; "
      f"{sum(c.is_reliable for c in kernel)} reliable, {self.false_reliable()} false reliable; "
      f"{self.blocked_reliable} of {self.blocked} blocked are reliable; {self.seconds:.0f} s"
    )

  def to_json(self):
    return asdict(self)

  def details(self):
    """Why traces are not reliable, and where."""
    doubtful = [context for context in self.in_kernel() if not context.is_reliable]
    places = Counter(f"{', '.join(c.reasons)}: at {c.function} ({c.special})" for c in doubtful)
    lines = [f"  {count} x {what}" for what, count in places.most_common()]
    lines += [f"  blocked: {count} x {what}" for what, count in self.blocked_reasons.items()]
    return lines
