#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes one JSON document of what bench_peers has printed in each of its builds.

  emulator, cpu   what counted, and the model of CPU that it emulated
  packages        of the distribution, for AArch64: name -> version; libunwind8, libabsl*, libc6 and, for the unwinder
                  behind backtrace(), libgcc-s1
  methods         name -> what it is, and what it checks
  builds          name, as clang-O2 -> compiler, and counts: name of a method ->
    instructions        depth -> instructions of one trace
    per_frame, fixed    the line through the two deepest
    farthest_from_line  by how many instructions a depth is off it; 0 if the cost is exactly linear
    is_linear           whether that is less than 1 % of what the line says there

All but the first six methods are the distribution's code, and only the call of it belongs to a build.
"""

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path

METHODS = {
  "chase": ("bare pointer chase", "nothing: it reads on until a zero"),
  "strict": ("walk, strict, every check on", "every check of the library"),
  "exact": ("walk, exact", "the same; there is no frame table, and no exception to need one"),
  "strict_kernel": (
    "walk, strict: 64 special ranges, return stack, PAC mask, four stacks",
    "the same, with all that a kernel may bring",
  ),
  "strict_all": (
    "walk, strict: the same, with the ranges in the midst of the code, and four ranges of text",
    "the same, with a search at each frame",
  ),
  "strict_cursor": ("cursor, strict, frame by frame", "every check of the library"),
  "abseil": (
    "abseil GetStackTrace",
    "a record is aligned, and above the one before by at most 100000 bytes; not that it is on a stack",
  ),
  "libunwind": (
    "nongnu libunwind unw_backtrace, caches warm",
    "that a code address is one of which it remembers CFI; reads memory without a check, and does not look at records",
  ),
  "libunwind_steps": (
    "nongnu libunwind unw_step, caches warm",
    "that CFI covers a code address; restores all registers",
  ),
  "glibc": (
    "glibc backtrace",
    "that CFI covers a code address, for which it looks at every frame anew; restores all registers",
  ),
}


class BadCounts(Exception):
  """Not what bench_peers prints."""


def parse(text):
  """(compiler, method -> depth -> instructions). Every method is there, at every depth."""
  compiler = None
  counts = {}
  for line in text.splitlines():
    kind, _, rest = line.partition(" ")
    if kind == "compiler":
      compiler = rest
      continue
    name, _, number = rest.partition(" ")
    method, _, depth = name.partition("/")
    if kind != "count" or not depth.isdigit() or not number.isdigit():
      raise BadCounts(f"not a count: {line!r}")
    counts.setdefault(method, {})[int(depth)] = int(number)
  if compiler is None:
    raise BadCounts("the compiler is not named")
  if counts.keys() != METHODS.keys():
    raise BadCounts(f"not these methods: {', '.join(sorted(counts.keys() ^ METHODS.keys()))}")
  depths = counts["chase"].keys()
  for method, by_depth in counts.items():
    if by_depth.keys() != depths or len(depths) < 3:
      raise BadCounts(f"{method}: not at the same three depths or more")
  return compiler, counts


def number(fraction):
  """An integer where it is one."""
  return int(fraction) if fraction.denominator == 1 else round(float(fraction), 3)


def describe(by_depth):
  depths = sorted(by_depth)
  high, higher = depths[-2:]
  slope = Fraction(by_depth[higher] - by_depth[high], higher - high)
  fixed = by_depth[high] - high * slope
  off = {depth: abs(by_depth[depth] - fixed - slope * depth) for depth in depths}
  return {
    "instructions": {str(depth): by_depth[depth] for depth in depths},
    "per_frame": number(slope),
    "fixed": number(fixed),
    "farthest_from_line": number(max(off.values())),
    "is_linear": all(off[depth] < (fixed + slope * depth) / 100 for depth in depths),
  }


def document(emulator, cpu, packages, outputs):
  """`packages` is what fetch has written, `outputs` what each build has printed."""
  builds = {}
  for name, text in outputs.items():
    compiler, counts = parse(text)
    described = {method: describe(by_depth) for method, by_depth in counts.items()}
    builds[name] = {"compiler": compiler, "counts": described}
  return {
    "emulator": emulator,
    "cpu": cpu,
    "packages": dict(line.split() for line in packages.splitlines()),
    "methods": {name: {"label": label, "checks": checks} for name, (label, checks) in METHODS.items()},
    "builds": builds,
  }


def main():
  parser = argparse.ArgumentParser(prog="counts.py", description="Makes JSON of what bench_peers has printed.")
  parser.add_argument("--build", type=Path, required=True, help="the folder in which `run` has built and counted")
  parser.add_argument("--emulator", required=True)
  parser.add_argument("--cpu", required=True)
  parser.add_argument("names", nargs="+", help="of the builds: folders there, with a file `counts`")
  arguments = parser.parse_args()
  try:
    packages = (arguments.build / "packages/versions").read_text(encoding="utf-8")
    outputs = {name: (arguments.build / name / "counts").read_text(encoding="utf-8") for name in arguments.names}
    made = document(arguments.emulator, arguments.cpu, packages, outputs)
  except (OSError, ValueError, BadCounts) as error:
    sys.exit(f"counts.py: {error}")
  print(json.dumps(made, indent=2))


if __name__ == "__main__":
  main()
