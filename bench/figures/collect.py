# SPDX-License-Identifier: MIT
"""Gathers the figures that do not depend on the machine, from builds in build/count, as one table: name -> number.

A name is CONFIGURATION/WHAT; a smaller number is better, for all of them.
"""

import re
import subprocess
import tempfile
from pathlib import Path

import sizes
import stack_usage

CONFIGURATIONS = ("clang-O2", "clang-Os", "gcc-O2", "gcc-Os")
ARCHIVES = ("surefoot", "surefoot_c", "surefoot_print", "surefoot_profile", "surefoot_ftrace")
# What one traced function takes: two instructions, and the address of the first in __patchable_function_entries.
TRACED_FUNCTION_BYTES = 2 * 4 + 8
RETURN_STACK_ENTRIES = 32  # of each task of the example kernel
# Chains of several depths. The last ones are with witnesses.
WALKS = (
  "chase",
  "walk_strict",
  "walk_exact",
  "walk_among_special",
  "walk_call_site",
  "walk_call_target",
  "walk_frame_table_chain",
  "walk_shadow_call_stack",
  "walk_all_witnesses",
)
# Whole walks, as docs/performance.md says; those of plain frames are made frame by frame as well.
PLAIN_PROFILES = ("a8", "a16", "a24")
PROFILES = (*PLAIN_PROFILES, "b", "c", "d", "d2", "e")
# The library of which the frame table is compared with its CFI: the largest C library in reach.
CFI_LIBRARY = Path("/usr/aarch64-linux-gnu/lib/libc.so.6")


def boot(root, build):
  """What the image prints: (kind, name, number) of each line."""
  image = build / "bench/count/surefoot-kernel-bench.elf"
  done = subprocess.run([root / "scripts/run-kernel", "--count", image], capture_output=True, text=True, check=False)
  if done.returncode != 0:
    raise RuntimeError(f"{image}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
  lines = [line.split() for line in done.stdout.splitlines()]
  return [(kind, name, int(number)) for kind, name, number in lines if kind in ("count", "stack")]


def by_number(counts, what):
  """Of the counts called WHAT/NUMBER: number -> count."""
  return {int(name.split("/")[1]): count for name, count in counts.items() if name.split("/")[0] == what}


def per_frame(counts, walk):
  """(instructions of a frame, fixed cost): of the line through the depths 8 and 1000. All others have to be on it."""
  by_depth = by_number(counts, walk)
  slope = (by_depth[1000] - by_depth[8]) / 992
  fixed = by_depth[8] - 8 * slope
  for depth, count in by_depth.items():
    expected = fixed + depth * slope
    if abs(count - expected) > 0.01 * expected:
      raise RuntimeError(f"{walk}: {count} instructions at depth {depth}, not {expected:.0f}: not linear")
  return round(slope, 3), round(fixed, 3)


def counted(root, build):
  figures = {}
  lines = boot(root, build)
  if boot(root, build) != lines:
    raise RuntimeError(f"{build}: two runs of the image count differently")
  counts = {name: number for kind, name, number in lines if kind == "count"}
  for walk in WALKS:
    figures[f"{walk}/instructions a frame"], figures[f"{walk}/instructions beside the frames"] = per_frame(
      counts, walk
    )
    for depth, number in by_number(counts, walk).items():
      figures[f"{walk}/instructions, {depth} frames"] = number
  for profile in PROFILES:
    figures[f"profile {profile}/instructions"] = counts[f"profile/{profile}"]
  for profile in PLAIN_PROFILES:
    figures[f"profile {profile}/instructions, frame by frame"] = counts[f"cursor/{profile}"]
  figures["sample/instructions"] = counts["sample/b"]
  figures["sample/bytes"] = counts["sample_bytes/b"]
  for depth in (1, 64):
    difference = counts[f"hooked/{depth}"] - counts[f"unhooked/{depth}"]
    figures[f"return-stack restore/instructions, depth {depth}"] = round(difference / depth, 3)
  for policy in ("strict", "exact"):
    difference = counts[f"exception/{policy}"] - counts[f"no_exception/{policy}"]
    figures[f"exception crossed/instructions, {policy}"] = difference
  for what, text, entries in (
    ("code_kind", "kind of code found", "ranges"),
    ("frame_table_rule", "frame table rule", "functions"),
    ("describing", "description made", "ranges"),
  ):
    for size, number in by_number(counts, what).items():
      figures[f"{text}/instructions, {size} {entries}"] = number
  stacks = {name: number for kind, name, number in lines if kind == "stack"}
  figures["stack written to/plain chain"] = max(v for k, v in stacks.items() if re.match("walk_strict|unhooked", k))
  any_chain = "walk_(strict|exact|among)|hooked|unhooked|exception/strict|profile/[^b]"
  figures["stack written to/any chain, no frame table"] = max(v for k, v in stacks.items() if re.match(any_chain, k))
  figures["stack written to/exception, frame table"] = max(stacks["exception/exact"], stacks["profile/b"])
  figures["stack written to/sample"] = stacks["sample/b"]
  return figures


def measured(build):
  figures = {}
  for archive in ARCHIVES:
    for kind, number in sizes.section_bytes(build / f"src/lib{archive}.a").items():
      figures[f"lib{archive}.a/{kind} bytes"] = number
  core = build / "bench/size/surefoot_size_core"
  with_table = build / "bench/size/surefoot_size_core_and_frame_table"
  for program, text in ((core, "core walk"), (with_table, "core walk and frame table")):
    for kind, number in sizes.section_bytes(program).items():
      figures[f"{text}/{kind} bytes"] = number
    figures[f"{text}/stack bytes, worst case"] = stack_usage.worst_case(
      program,
      "surefoot::walk(",
      sorted(build.glob("src/CMakeFiles/surefoot.dir/**/*.su")),
      sizes.LLVM["objdump"],
      sizes.LLVM["cxxfilt"],
      "FrameTable::find_in_section",
      "detail::read_foreign",
    )
  figures["core walk/instructions of locks"] = sizes.read_modify_writes(core)
  figures["libsurefoot.a/undefined symbols"] = len(sizes.undefined_symbols(build / "src/libsurefoot.a"))
  objects = sizes.object_bytes(build / "bench/size/libsurefoot_size_objects.a")
  figures["a task/bytes"] = (
    objects["return_stack"]
    + RETURN_STACK_ENTRIES * objects["return_entry"]
    + objects["task_activity"]
    + objects["final_record"]
  )
  figures["a traced function/bytes"] = TRACED_FUNCTION_BYTES
  for name in ("cursor", "kernel", "task", "frame", "exception_frame", "special_range", "region", "interval"):
    figures[f"object {name}/bytes"] = objects[name]
  return figures


def check_stack(configuration, figures):
  """What a walk wrote to cannot be more than its worst case: one of the two would be wrong."""
  memcpy_frame = 16  # of the example kernel's memcpy, which is not in the linked program
  for written, program in (
    ("any chain, no frame table", "core walk"),
    ("exception, frame table", "core walk and frame table"),
  ):
    most = figures[f"{program}/stack bytes, worst case"] + memcpy_frame
    if figures[f"stack written to/{written}"] > most:
      raise RuntimeError(f"{configuration}: {written}: a walk wrote to more stack than its worst case, {most}")


def frame_table_bytes(tool, program):
  with tempfile.NamedTemporaryFile() as section:
    subprocess.run([tool, "frames", program, "-o", section.name], check=True, capture_output=True)
    return Path(section.name).stat().st_size


def frame_tables(root, tool):
  """The tables of the samples, and of the one that comes off worst, how large it is beside the one of GNU as; and the
  table of a library, beside its CFI."""
  figures = {}
  worst = 0
  for sample in sorted((root / "tests/fixtures/sframe").glob("*.elf")):
    ours = frame_table_bytes(tool, sample)
    figures[f"frame table/bytes, {sample.stem}"] = ours
    worst = max(worst, 100 * ours / sizes.one_section_bytes(sample, ".sframe"))
  if not figures:
    raise RuntimeError("no samples with frame tables of GNU as")
  figures["frame table/percent of that of GNU as, worst sample"] = round(worst, 1)
  ours = frame_table_bytes(tool, CFI_LIBRARY)
  beside_cfi = 100 * ours / sizes.one_section_bytes(CFI_LIBRARY, ".eh_frame")
  figures[f"frame table/percent of .eh_frame, {CFI_LIBRARY.name}"] = round(beside_cfi, 1)
  return figures


def collect(root: Path, tool: Path):
  figures = frame_tables(root, tool)
  for configuration in CONFIGURATIONS:
    build = root / "build/count" / configuration
    found = {**counted(root, build), **measured(build)}
    check_stack(configuration, found)
    for name, number in found.items():
      figures[f"{configuration}/{name}"] = number
  return figures
