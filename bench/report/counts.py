# SPDX-License-Identifier: MIT
"""Of instructions and bytes: tables and plots of the file that bench/figures/run writes for reports."""

import json
import re
from dataclasses import dataclass

import fit
import plot
from budget_rows import BudgetRow
from results import BadResults
from tables import exact, number, table

BASE = "chase"
WALKS = {
  "chase": "bare pointer chase",
  "walk_strict": "walk, strict, every check on",
  "walk_exact": "walk, exact, with a frame table",
  "walk_among_special": "walk, strict, in the midst of 64 special ranges",
}
# The same with witnesses.
WITNESSES = {
  "walk_call_site": "walk, strict, with the witness call_site",
  "walk_call_target": "the same, and call_target, among 65 functions",
  "walk_frame_table_chain": "walk, strict, with the witness frame_table_chain, among 65 functions",
  "walk_shadow_call_stack": "walk, strict, with the witness shadow_call_stack",
  "walk_all_witnesses": "walk, strict, with all of these",
}
# What each is, and how many plain frames it has, where it has no others.
PROFILES = {
  "a8": ("8 plain frames, from here, strict", 8),
  "a16": ("16 plain frames, from here, strict", 16),
  "a24": ("24 plain frames, from here, strict", 24),
  "b": ("sample of a timer: 3 frames of the handler, an exception, 12 frames of the task, exact", None),
  "c": ("16 frames of which 4, apart, are graph-traced, strict", None),
  "d": ("16 frames, every third in a module, strict", None),
  "d2": ("the same, each in another module", None),
  "e": ("blocked task, 12 plain frames, strict", None),
}
ARCHIVES = ("libsurefoot.a", "libsurefoot_c.a", "libsurefoot_print.a", "libsurefoot_profile.a", "libsurefoot_ftrace.a")
PROGRAMS = ("core walk", "core walk and frame table")
KINDS = (".text", ".rodata", ".data", ".bss")


@dataclass
class Figures:
  made_with: dict[str, str]
  configurations: list[str]
  figures: dict[str, float]
  budgets: list[BudgetRow]

  def get(self, what, configuration=None):
    """One figure; of the first configuration, if none is named."""
    name = f"{configuration or self.configurations[0]}/{what}"
    if name not in self.figures:
      raise BadResults(f"{name} was not measured")
    return self.figures[name]

  def series(self, what, configuration=None):
    """The figures called `WHAT, NUMBER ...`: (number, figure), in order."""
    pattern = re.compile(re.escape(f"{configuration or self.configurations[0]}/{what}, ") + r"(\d+)\b")
    found = sorted((int(match[1]), value) for name, value in self.figures.items() if (match := pattern.match(name)))
    if not found:
      raise BadResults(f"{what}: not measured")
    return found


def from_json(text):
  try:
    document = json.loads(text)
    budgets = [BudgetRow(**budget) for budget in document["budgets"]]
    return Figures(document["made with"], list(document["configurations"]), dict(document["figures"]), budgets)
  except (ValueError, KeyError, TypeError) as error:
    raise BadResults(f"not figures: {error!r}") from error


def columns(found, what, show=exact):
  return [show(found.get(what, configuration)) for configuration in found.configurations]


def configuration_names(found):
  """As compilers are called, with the option."""
  return [name.replace("clang-", "Clang -").replace("gcc-", "GCC -") for name in found.configurations]


def versions(found):
  return ", ".join(found.made_with.values())


def walk_table(found):
  rows = []
  for walk, label in {**WALKS, **WITNESSES}.items():
    cells = []
    for configuration in found.configurations:
      a_frame, base = (found.get(f"{name}/instructions a frame", configuration) for name in (walk, BASE))
      fixed = found.get(f"{walk}/instructions beside the frames", configuration)
      cells.append(f"{exact(a_frame)} ({number(a_frame / base)}) + {exact(fixed)}")
    rows.append([label, *cells])
  return table(["instructions a frame (by the chase) + fixed", *configuration_names(found)], rows)


def profile_text(found, peers):
  """Whole walks. `peers` are shown beside those of plain frames: (name, points)."""
  peers = [(name, dict(points)) for name, points in peers]
  rows = []
  for profile, (label, depth) in PROFILES.items():
    beside = [exact(points[depth]) if depth in points else "" for _, points in peers]
    rows.append([f"{profile}: {label}", *columns(found, f"profile {profile}/instructions"), *beside])
    if depth is not None:
      by_frame = columns(found, f"profile {profile}/instructions, frame by frame")
      rows.append([f"{profile}, frame by frame", *by_frame, *[""] * len(peers)])
  head = ["instructions of a walk", *configuration_names(found), *[f"`{name}`" for name, _ in peers]]
  made = []
  for size, _ in found.series("description made/instructions"):
    what = f"description made/instructions, {size} ranges"
    made.append([f"description made, of {exact(size)} special ranges", *columns(found, what)])
  samples = [
    ["sample of b: the walk and its record", *columns(found, "sample/instructions")],
    ["bytes of its record", *columns(found, "sample/bytes")],
    ["bytes of stack, written to", *columns(found, "stack written to/sample")],
  ]
  return "\n\n".join([
    table(head, rows),
    table(["instructions", *configuration_names(found)], made),
    table(["surefoot::profile", *configuration_names(found)], samples),
  ])


def part_table(found):
  rows = []
  for text, what, unit in (
    ("kind of code found, special ranges:", "kind of code found/instructions", "ranges"),
    ("rule of the frame table, functions:", "frame table rule/instructions", "functions"),
  ):
    for size, _ in found.series(what):
      rows.append([f"{text} {exact(size)}", *columns(found, f"{what}, {size} {unit}")])
  for depth in (1, 64):
    what = f"return-stack restore/instructions, depth {depth}"
    rows.append([f"return address restored, {depth} of the trace", *columns(found, what)])
  for policy in ("strict", "exact"):
    what = f"exception crossed/instructions, {policy}"
    rows.append([f"exception crossed, {policy}, beside a plain frame", *columns(found, what)])
  return table(["instructions", *configuration_names(found)], rows)


def count_text(found):
  return "\n\n".join([f"{versions(found)}.", walk_table(found), part_table(found)])


def memory_text(found):
  stacks = [
    [f"{program}, by the call graph", *columns(found, f"{program}/stack bytes, worst case")] for program in PROGRAMS
  ]
  for what in ("plain chain", "any chain, no frame table", "exception, frame table"):
    stacks.append([f"{what}, written to", *columns(found, f"stack written to/{what}")])
  sections = []
  for name in (*ARCHIVES, *PROGRAMS):
    cells = [
      " / ".join(exact(found.get(f"{name}/{kind} bytes", configuration)) for kind in KINDS)
      for configuration in found.configurations
    ]
    sections.append([f"`{name}`" if name in ARCHIVES else f"{name}, linked", *cells])
  names = [name.partition("/")[2] for name in found.figures if name.startswith(found.configurations[0])]
  objects = [name for name in names if re.fullmatch(r"(a task|a traced function|object \w+)/bytes", name)]
  others = [[name.removesuffix("/bytes").replace("_", " "), *columns(found, name)] for name in objects]
  head = configuration_names(found)
  worst = found.figures.get("frame table/percent of that of GNU as, worst sample")
  if worst is None:
    raise BadResults("frame tables were not measured")
  return "\n\n".join([
    table(["bytes of stack of one walk", *head], stacks),
    table([f"bytes of {' / '.join(f'`{kind}`' for kind in KINDS)}", *head], sections),
    table(["bytes of memory", *head], others),
    f"A frame table takes at most {exact(worst)} % of what GNU as writes for the same functions.",
  ])


@dataclass
class Growth:
  """How the cost of something grows: as a line and as a logarithm, and which of them it is meant to be."""

  what: str
  by: str
  is_linear: bool
  points: list[tuple[int, float]]

  @property
  def curves(self):
    """As designed, and the other."""
    pair = (fit.line(self.points), fit.logarithm(self.points))
    return pair if self.is_linear else pair[::-1]

  @property
  def is_as_designed(self):
    designed, other = (curve.deviation(self.points) for curve in self.curves)
    return designed < other

  def cells(self):
    designed, other = self.curves
    formula = (
      f"{number(designed.fixed)} + {number(designed.slope)} a {self.by}"
      if self.is_linear
      else f"{number(designed.fixed)} + {number(designed.per_doubling)} a doubling of the {self.by}s"
    )
    kinds = ("linear", "logarithmic") if self.is_linear else ("logarithmic", "linear")
    verdict = kinds[0] if self.is_as_designed else f"**{kinds[1]}, not {kinds[0]}**"
    sizes = f"{exact(self.points[0][0])} to {exact(self.points[-1][0])}"
    deviations = [f"{100 * curve.deviation(self.points):.1f} %" for curve in (designed, other)]
    return [self.what, sizes, formula, *deviations, verdict]


def walk_growths(found):
  return [Growth(label, "frame", True, found.series(f"{walk}/instructions")) for walk, label in WALKS.items()]


def table_growths(found):
  return [
    Growth("kind of code found", "range", False, found.series("kind of code found/instructions")),
    Growth("rule of the frame table", "function", False, found.series("frame table rule/instructions")),
  ]


def growth_text(found, plots_from_page):
  rows = [growth.cells() for growth in walk_growths(found) + table_growths(found)]
  head = ["instructions", "of", "fitted", "farthest from it", "farthest from the other", "so it is"]
  parts = [f"{configuration_names(found)[0]}.", table(head, rows)]
  if plots_from_page is not None:
    parts.append(f"![Instructions of a walk by depth]({plots_from_page}/count-depth.svg)")
    parts.append(f"![Instructions of a search by table size]({plots_from_page}/count-tables.svg)")
  return "\n\n".join(parts)


def draw_plots(found, folder, peers=()):
  """`peers`: others whose instructions by depth are drawn as well: (name, points)."""

  def bars(points):
    return [(x, y, y, y) for x, y in points]

  # The exact walk of plain frames lies on top of the strict one.
  walks = [
    (walk, bars(growth.points), growth.curves[0])
    for walk, growth in zip(WALKS, walk_growths(found))
    if walk != "walk_exact"
  ]
  walks += [(name, bars(points), fit.line(points)) for name, points in peers]
  folder.mkdir(parents=True, exist_ok=True)
  title = "Instructions of a walk, and the line fitted to them"
  plot.draw(folder / "count-depth.svg", title, "frames", "instructions", "xy", walks)
  searches = [(growth.what, bars(growth.points), growth.curves[0]) for growth in table_growths(found)]
  title = "Instructions of a search, and the logarithm fitted to them"
  plot.draw(folder / "count-tables.svg", title, "entries", "instructions", "x", searches)
