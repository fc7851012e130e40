#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes one JSON document of what bench_peers has printed in each of its builds.

  made with  name -> version: the emulator, the model of CPU, the compiler of `methods`, and the peers' packages
  packages   name -> version, of all that was unpacked
  methods    of the build of the first name, in the order of METHODS; for each
    name, label, checks   what it is, and what it checks
    instructions          depth -> instructions of one trace
    per_frame, fixed      the line through the two deepest
    farthest_from_line    by how many instructions a depth is off it; 0 if the cost is exactly linear
  builds     name, as clang-O2 -> compiler and methods, as above

A method whose name is not that of a peer is compiled here: chase, and the library's. Of the peers, only the call
belongs to a build. glibc looks up each code address among all functions of the program: its cost depends on how many
there are.
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
    "strict, with 64 special ranges, return stack, PAC mask, four stacks",
    "the same, with all that a kernel may bring",
  ),
  "strict_all": (
    "strict, with all of these, ranges in the midst of the code",
    "the same, with a search at each frame",
  ),
  "strict_cursor": ("cursor, strict, frame by frame", "every check of the library"),
  "abseil": (
    "abseil GetStackTrace",
    "a record is aligned, and above the one before by at most 100000 bytes; not that it is on a stack",
  ),
  "libunwind": (
    "nongnu libunwind unw_backtrace, caches warm",
    "that it remembers CFI of each code address; reads memory without a check",
  ),
  "libunwind_steps": (
    "nongnu libunwind unw_step, caches warm",
    "that CFI covers each code address; restores all registers",
  ),
  "glibc": (
    "glibc backtrace",
    "that CFI, looked up anew each time, covers each code address; restores all registers",
  ),
}

# The package that a peer is from. That of abseil's library has its version in its name.
PEERS = {"abseil": "libabsl-dev", "libunwind": "libunwind8", "glibc": "libc6", "libgcc": "libgcc-s1"}


class BadCounts(Exception):
  """Not what bench_peers prints."""


def parse(text):
  """(compiler, method -> depth -> instructions). Every method is there, at every depth."""
  compiler = None
  counts = {}
  for printed in text.splitlines():
    kind, _, rest = printed.partition(" ")
    if kind == "compiler":
      compiler = rest
      continue
    name, _, value = rest.partition(" ")
    method, _, depth = name.partition("/")
    if kind != "count" or not depth.isdigit() or not value.isdigit():
      raise BadCounts(f"not a count: {printed!r}")
    if int(depth) in counts.setdefault(method, {}):
      raise BadCounts(f"twice: {name}")
    counts[method][int(depth)] = int(value)
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


def line(by_depth):
  depths = sorted(by_depth)
  high, higher = depths[-2:]
  slope = Fraction(by_depth[higher] - by_depth[high], higher - high)
  fixed = by_depth[high] - high * slope
  farthest = max(abs(by_depth[depth] - fixed - slope * depth) for depth in depths)
  return {"per_frame": number(slope), "fixed": number(fixed), "farthest_from_line": number(farthest)}


def describe(counts):
  methods = []
  for name, (label, checks) in METHODS.items():
    instructions = {str(depth): counts[name][depth] for depth in sorted(counts[name])}
    methods.append({"name": name, "label": label, "checks": checks, "instructions": instructions, **line(counts[name])})
  return methods


def document(emulator, cpu, versions, outputs):
  """`versions` is what fetch has written, `outputs` what each build has printed."""
  builds = {}
  for name, text in outputs.items():
    compiler, counts = parse(text)
    builds[name] = {"compiler": compiler, "methods": describe(counts)}
  packages = dict(text.split() for text in versions.splitlines())
  missing = [package for package in PEERS.values() if package not in packages]
  if missing:
    raise BadCounts(f"the package {missing[0]} is not among those unpacked")
  first = next(iter(builds))
  return {
    "made with": {
      "qemu-aarch64": emulator,
      "CPU": cpu,
      first: builds[first]["compiler"],
      **{peer: packages[package] for peer, package in PEERS.items()},
    },
    "packages": packages,
    "methods": builds[first]["methods"],
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
