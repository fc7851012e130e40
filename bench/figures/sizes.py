# SPDX-License-Identifier: MIT
"""Sizes of archives, linked programs and objects, read with the tools of LLVM."""

import re
import subprocess

LLVM = {name: f"llvm-{name}-19" for name in ("nm", "size", "objdump", "cxxfilt", "readelf")}
KINDS = (".text", ".rodata", ".data", ".bss")
# The four functions that compilers call by themselves: every kernel has them.
COMPILER_CALLS = {"memcpy", "memmove", "memset", "memcmp"}
# Instructions that read and write in one: what a lock is made of.
READ_MODIFY_WRITE = re.compile(
  r"\t(lda?x[rp][bh]?|stl?x[rp][bh]?|cas\w*|swp\w*|(ld|st)(add|clr|eor|set|[su]min|[su]max)\w*)\t"
)


def run(tool, *arguments):
  return subprocess.run([LLVM[tool], *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def section_bytes(path):
  """Bytes by kind of section, of all members of an archive together."""
  total = dict.fromkeys(KINDS, 0)
  for line in run("size", "-A", path).splitlines():
    fields = line.split()
    if len(fields) != 3 or not fields[1].isdigit():
      continue
    for kind in KINDS:
      if fields[0] == kind or fields[0].startswith(kind + "."):
        total[kind] += int(fields[1])
  return total


def one_section_bytes(program, name):
  for line in run("size", "-A", program).splitlines():
    fields = line.split()
    if len(fields) == 3 and fields[0] == name:
      return int(fields[1])
  raise RuntimeError(f"{program}: no section {name}")


def object_bytes(archive):
  """Bytes by object: the sizes of the symbols bench_bytes_*."""
  sizes = {}
  for line in run("nm", "--print-size", "--radix=d", archive).splitlines():
    fields = line.split()
    if len(fields) == 4 and fields[3].startswith("bench_bytes_"):
      sizes[fields[3].removeprefix("bench_bytes_")] = int(fields[1])
  return sizes


def undefined_symbols(archive):
  def names(which):
    lines = run("nm", which, "--format=posix", archive).splitlines()
    return {line.split()[0] for line in lines if len(line.split()) > 1}

  return sorted(names("--undefined-only") - names("--defined-only") - COMPILER_CALLS)


def read_modify_writes(program):
  """How many instructions of the program could be part of a lock."""
  lines = run("objdump", "-d", "--no-show-raw-insn", "-j", ".text", program).splitlines()
  return sum(bool(READ_MODIFY_WRITE.search(line)) for line in lines)
