# SPDX-License-Identifier: MIT
"""What one boot came to, as a line of the table, and whether that is as it should be."""

from dataclasses import asdict, dataclass, field

import compare

MOST_MOVED = 0.15
LEAST_EXACT = 0.97
LEAST_KINDS = 90
LEAST_EXCEPTIONS = 20
LEAST_PROBES = 15
TRACER = {"none": "nop", "function_graph": "function_graph", "kretprobes": "nop", "both": "function_graph"}
COLUMNS = (
  ("kernel", 7, "<"),
  ("CPU", 10, "<"),
  ("tracer", 14, "<"),
  ("dump", 10, "<"),
  ("tasks", 5, ">"),
  ("equal", 5, ">"),
  ("better", 6, ">"),
  ("different", 9, ">"),
  ("moved", 5, ">"),
  ("exact %", 7, ">"),
  ("strict %", 8, ">"),
  ("exceptions", 10, ">"),
  ("false reliable", 14, ">"),
  ("kinds", 5, ">"),
  ("probes", 6, ">"),
  ("s", 4, ">"),
)


def line(cells):
  return "  ".join(f"{cell:{align}{width}}" for cell, (_, width, align) in zip(cells, COLUMNS)).rstrip()


def head():
  return line([name for name, _, _ in COLUMNS])


def share(part, whole):
  """As a percentage, cut and not rounded: 100 % is all of them."""
  return f"{part * 1000 // whole / 10:.1f}" if whole else "-"


@dataclass
class Result:
  """One boot. `exact` and `strict` are the outcomes of all tasks under that policy."""

  kernel: str
  cpu: str
  tracer: str
  format: str = "elf"
  failure: str = ""
  release: str = ""
  exact: list = field(default_factory=list)
  strict: list = field(default_factory=list)
  probes: int = 0
  tracer_standing: str = ""
  not_set_up: list = field(default_factory=list)
  faults: list = field(default_factory=list)
  warnings: list = field(default_factory=list)
  panic: str = ""  # what is wrong with the trace of a task that panicked
  seconds: float = 0

  def name(self):
    return f"{self.kernel} {self.cpu} {self.tracer}"

  def compared(self):
    return [outcome for outcome in self.exact if outcome.is_compared()]

  def count(self, what):
    return sum(outcome.outcome == what for outcome in self.exact)

  def reliable(self, outcomes):
    return sum(outcome.is_reliable for outcome in outcomes if outcome.is_compared())

  def right(self):
    return [outcome for outcome in self.exact if outcome.outcome in (compare.EQUAL, compare.BETTER)]

  def kinds(self):
    return {outcome.kind for outcome in self.right() if outcome.kind}

  def false_reliable(self):
    return [outcome for outcome in self.exact + self.strict if outcome.is_false_reliable()]

  def row(self):
    if self.failure:
      return line([self.kernel, self.cpu, self.tracer, self.format]) + f"  FAILED: {self.failure}"
    compared = len(self.compared())
    strict = [outcome for outcome in self.strict if outcome.is_compared()]
    return line(
      [
        self.kernel,
        self.cpu,
        self.tracer,
        self.format,
        compared,
        self.count(compare.EQUAL),
        self.count(compare.BETTER),
        self.count(compare.DIFFERENT) + self.count(compare.MISSING),
        self.count(compare.MOVED),
        share(self.reliable(self.exact), compared),
        share(self.reliable(self.strict), len(strict)),
        sum(outcome.has_exception for outcome in self.compared()),
        len(self.false_reliable()),
        len(self.kinds()),
        self.probes,
        f"{self.seconds:.0f}",
      ]
    )

  def problems(self):
    """What is not as it should be: each makes the run fail."""
    if self.failure:
      return [self.failure]
    return [*self.of_guest(), *self.of_exact(), *self.of_strict()]

  def of_guest(self):
    """A boot that shows less than it should proves less than the table says."""
    found = [f"the guest: {fault}" for fault in self.faults]
    if self.panic:
      found.append(f"the panic: {self.panic}")
    if self.tracer_standing != TRACER[self.tracer]:
      found.append(f"the tracer is {self.tracer_standing}")
    if self.tracer in ("kretprobes", "both") and self.probes < LEAST_PROBES:
      found.append(f"{self.probes} kretprobes stand: at least {LEAST_PROBES} are wanted")
    if len(self.kinds()) < LEAST_KINDS:
      found.append(f"{len(self.kinds())} kinds of sleep are right: at least {LEAST_KINDS} are wanted")
    exceptions = {outcome.kind for outcome in self.right() if outcome.has_exception}
    if len(exceptions) < LEAST_EXCEPTIONS:
      found.append(f"{len(exceptions)} kinds with an exception frame are right: at least {LEAST_EXCEPTIONS} are wanted")
    if not any(outcome.has_module for outcome in self.right()):
      found.append("no task is right that sleeps in a module")
    moved = self.count(compare.MOVED)
    if moved > MOST_MOVED * len(self.exact):
      found.append(f"{moved} of {len(self.exact)} tasks moved")
    return found

  def of_exact(self):
    found = []
    for outcome in self.false_reliable():
      found.append(f"FALSE RELIABLE: {described(outcome)}")
    for outcome in self.exact:
      if outcome.outcome in (compare.DIFFERENT, compare.MISSING) and not outcome.is_false_reliable():
        found.append(f"{outcome.outcome}: {described(outcome)}")
      elif outcome.unconfirmed and not outcome.is_false_reliable():
        found.append(f"unconfirmed: {described(outcome)}")
    compared = self.compared()
    if self.reliable(compared) < LEAST_EXACT * len(compared) or not compared:
      evidence = [f"{outcome.name}: {', '.join(outcome.evidence)}" for outcome in compared if not outcome.is_reliable]
      found.append(f"exact: {share(self.reliable(compared), len(compared))} % reliable; not so: {'; '.join(evidence)}")
    return found

  def of_strict(self):
    return [
      f"strict: not reliable, without an exception: {outcome.pid} {outcome.name}: {', '.join(outcome.evidence)}"
      for outcome in self.strict
      if outcome.is_compared() and not outcome.is_reliable and not outcome.has_exception
    ]

  def to_json(self):
    return asdict(self) | {"problems": self.problems(), "kinds": sorted(self.kinds())}


def described(outcome):
  """A task, and where the two lists part."""
  text = f"{outcome.pid} {outcome.name}"
  if outcome.unconfirmed:
    return f"{text}: nothing confirms {', '.join(outcome.unconfirmed)}"
  if outcome.skipped:
    return f"{text}: skipped {', '.join(outcome.skipped)}"
  return f"{text}: the kernel: {' < '.join(outcome.kernel) or 'nothing'}; ours: {' < '.join(outcome.ours) or 'nothing'}"


def total(results):
  """The sum of several boots, as a row."""
  whole = Result("total", f"{len(results)} boots", "", "")
  for result in results:
    whole.exact += result.exact
    whole.strict += result.strict
    whole.seconds += result.seconds
    whole.probes += result.probes
  return whole.row()
