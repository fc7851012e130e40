# SPDX-License-Identifier: MIT
"""Of time: tables and plots of what bench_host has measured."""

import platform
from pathlib import Path

import fit
import plot
import results
from budget_rows import BudgetRow
from tables import exact, number, table, wrapped

BASE = "chase"
# Ours against the bare chase, in one run, with every check on.
BUDGET_METHOD = "strict"
BUDGET_RATIOS = {16: 1.3, 128: 1.15, 1000: 1.05}
# No other unwinder is to be faster at these depths.
PEER_DEPTHS = (128, 1000)
# What a user would take instead.
PEERS = ("abseil", "libunwind", "glibc")
# In the plots: the rest would lie on top of one another.
PLOTTED = ("chase", "strict", "exact", "strict_kernel", "abseil", "libunwind", "glibc")


def points_of(method):
  return [(depth, samples.median) for depth, samples in sorted(method.samples.items())]


def cpu_name():
  """As Linux knows it; elsewhere the architecture."""
  try:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
      if line.startswith("model name"):
        return line.partition(":")[2].strip()
  except OSError:
    pass
  return platform.machine()


def describe(measured):
  context = measured.context
  caches = ", ".join(
    f"L{cache['level']} {exact(cache['size'] // 1024)} KiB"
    for cache in context.get("caches", [])
    if cache["type"] != "Instruction"
  )
  versions = ", ".join(f"{name} {context[name]}" for name in ("abseil", "libunwind.so", "glibc") if name in context)
  spread = max(samples.spread for method in measured.methods.values() for samples in method.samples.values())
  return wrapped(
    f"{context.get('cpu', cpu_name())} with {context.get('num_cpus', '?')} CPUs; {caches}. "
    f"{context.get('compiler', 'unknown compiler')}, -O2; {versions}. "
    f"{measured.repetitions} repetitions of each, in random order; CPU time, medians. "
    f"In every cell, half of the repetitions are within {100 * spread:.1f} % of the median. "
    "One walk ends before the next begins."
  )


def time_table(measured):
  depths = measured.depths
  rows = []
  for method in measured.methods.values():
    cells = [
      f"{number(method.samples[depth].median / depth)} ({number(measured.ratio(method.name, BASE, depth))})"
      for depth in depths
    ]
    rows.append([f"`{method.name}`: {method.label}", *cells])
  stack_bytes = measured.methods[BASE].stack_bytes
  if stack_bytes:
    rows.append(["KiB of stack that the frames take", *[number(stack_bytes[depth] / 1024) for depth in depths]])
  return table(["ns a frame (by the chase) at depth", *[str(depth) for depth in depths]], rows)


def fit_table(measured):
  rows = []
  for method in measured.methods.values():
    points = points_of(method)
    line = fit.line(points)
    rows.append([
      f"`{method.name}`",
      number(line.slope),
      f"{line.fixed:.1f}",
      f"{100 * line.deviation(points):.0f} %",
      f"{fit.exponent(points):.2f}",
    ])
  return table(["cost by depth", "ns a frame", "ns fixed", "farthest from the line", "exponent"], rows)


def budget_rows(measured):
  """The budgets of time, and that no other unwinder is faster."""
  for depth, limit in BUDGET_RATIOS.items():
    what = f"time of `{BUDGET_METHOD}` by that of `{BASE}`, depth {depth}"
    yield BudgetRow(what, limit, measured.ratio(BUDGET_METHOD, BASE, depth), digits=2)
  for depth in PEER_DEPTHS:
    fastest = min(PEERS, key=lambda name: measured.methods[name].samples[depth].median)
    ratio = measured.ratio(BUDGET_METHOD, fastest, depth)
    what = f"time of `{BUDGET_METHOD}` by that of `{fastest}`, the fastest other, depth {depth}"
    yield BudgetRow(what, 1, ratio, digits=2)


def check(measured):
  """Raises BadResults if what the text needs was not measured."""
  for name in (BASE, BUDGET_METHOD, *PEERS):
    if name not in measured.methods:
      raise results.BadResults(f"{name} was not measured")
  missing = {*BUDGET_RATIOS, *PEER_DEPTHS} - set(measured.depths)
  if missing:
    raise results.BadResults(f"nothing was measured at depth {min(missing)}")


def make_text(measured, plots_from_page):
  """The section of the page, in Markdown."""
  parts = [describe(measured), time_table(measured), fit_table(measured)]
  if plots_from_page is not None:
    parts.append(f"![Cost of a walk by depth, with the lines of the table]({plots_from_page}/host-cost.svg)")
    parts.append(f"![Cost of a frame by depth]({plots_from_page}/host-frame.svg)")
  return "\n\n".join(parts) + "\n"


def draw_plots(measured, folder):
  folder.mkdir(parents=True, exist_ok=True)
  methods = [measured.methods[name] for name in PLOTTED if name in measured.methods]
  costs = []
  frames = []
  for method in methods:
    samples = sorted(method.samples.items())
    bars = [(depth, s.quartiles[0], s.median, s.quartiles[1]) for depth, s in samples]
    costs.append((method.name, bars, fit.line(points_of(method))))
    per_frame = [(depth, low / depth, middle / depth, high / depth) for depth, low, middle, high in bars]
    frames.append((method.name, per_frame, None))
  plot.draw(folder / "host-cost.svg", "Cost of a walk, and the line fitted to it", "frames", "ns", "xy", costs)
  plot.draw(folder / "host-frame.svg", "Cost of a frame", "frames of the walk", "ns a frame", "xy", frames)
