#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compresses a dump by the distribution's makedumpfile, in each way that it knows, and reads each with surefoot."""

import argparse
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/foreign"))
import kernels
import peer_tools

STORE = ROOT / "build/linux"
WAYS = {"zlib": ["-c"], "lzo": ["-l"], "snappy": ["-p"], "zstd": ["-z"], "none": [], "flattened": ["-F", "-c"]}
LEVELS = ("0", "1", "31")
HEADER, SEGMENT, PT_LOAD = 64, 56, 1


def linear_start(head):
  """Where the kernel maps its memory, by what VMCOREINFO says of the width of addresses."""
  found = re.search(rb"NUMBER\(TCR_EL1_T1SZ\)=(0x[0-9a-f]+)", head)
  return -(1 << (64 - int(found.group(1), 16))) & (1 << 64) - 1


def with_plain_headers(source, path):
  """An emulator's dump as a crashed kernel writes it: makedumpfile looks for the program headers right behind the ELF
  header, where the emulator has a section header, and segments without kernel addresses are no use to it."""
  with open(source, "rb") as file:
    head = bytearray(file.read(HEADER))
    at, count = struct.unpack_from("<Q", head, 32)[0], struct.unpack_from("<H", head, 56)[0]
    file.seek(at)
    segments = [list(struct.unpack("<IIQQQQQQ", file.read(SEGMENT))) for _ in range(count)]
    file.seek(0)
    first = linear_start(file.read(1 << 16))
    struct.pack_into("<QQ", head, 32, HEADER, 0)
    struct.pack_into("<6H", head, 52, HEADER, SEGMENT, count, 0, 0, 0)
    base = min(segment[4] for segment in segments if segment[0] == PT_LOAD)
    to = (HEADER + SEGMENT * count + 4095) & -4096
    with open(path, "wb") as output:
      for segment in segments:
        file.seek(segment[2])
        output.seek(to)
        left = segment[5]
        while left:
          part = file.read(min(left, 1 << 20))
          if not part:
            raise ValueError(f"{source} is truncated")
          output.write(part)
          left -= len(part)
        segment[2], to = to, (output.tell() + 4095) & -4096
        if segment[0] == PT_LOAD:
          segment[3] = first + segment[4] - base
      output.seek(0)
      output.write(head + b"".join(struct.pack("<IIQQQQQQ", *segment) for segment in segments))


def difference(expected, said):
  """The tasks whose traces or verdicts are not those of the ELF dump."""
  ours = {(task["address"], task["pid"]): task for task in said["tasks"]}
  parts = ("frames", "verdict", "exceptions", "name", "state", "switches")
  found = [] if len(ours) == len(expected["tasks"]) else [f"{len(ours)} tasks"]
  for task in expected["tasks"]:
    one = ours.get((task["address"], task["pid"]))
    if one is None or any(one[part] != task[part] for part in parts):
      found.append(f"{task['pid']} {task['name']}")
  return found


class Kdump:
  """Makes compressed dumps of one dump, and compares what surefoot says of them with what it says of the dump."""

  def __init__(self, tool, cache, keep, makedumpfile):
    self.tool = tool
    self.cache = cache
    self.keep = keep
    self.makedumpfile = makedumpfile
    said = subprocess.run([*makedumpfile, "-v"], capture_output=True, text=True, check=False)
    self.disabled = re.findall(r"^(\S+)\s+disabled$", said.stdout + said.stderr, re.MULTILINE)

  def ask(self, path, kernel):
    """surefoot's JSON, or its last line of error."""
    command = [str(self.tool), "vmcore", str(path), "--vmlinux", str(kernel.vmlinux), "--modules", str(kernel.modules),
               "--policy", "exact", "--json"]  # fmt: skip
    environment = {**os.environ, "XDG_CACHE_HOME": str(self.cache)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    try:
      said = json.loads(done.stdout)
    except ValueError:
      said = None
    lines = done.stderr.strip().splitlines()
    return said, f"exit code {done.returncode}: {lines[-1] if lines else ''}" if done.returncode else ""

  def compress(self, plain, options, output):
    """None, or why makedumpfile did not make the file."""
    output.unlink(missing_ok=True)
    command = [*self.makedumpfile, *options, str(plain)]
    if "-F" in options:
      with output.open("wb") as file:
        done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, check=False)
    else:
      done = subprocess.run([*command, str(output)], capture_output=True, check=False)
    if done.returncode == 0:
      return None
    output.unlink(missing_ok=True)
    lines = (done.stderr or done.stdout or b"").decode(errors="replace").split("\n")
    return "makedumpfile: " + " / ".join([line.strip() for line in lines if line.strip()][:2])

  def one(self, name, plain, way, level, kernel, expected):
    """One line of the table."""
    cells = [name, way, level]
    if way in self.disabled:
      return [*cells, f"makedumpfile was built without {way}"]
    output = self.keep / f"{name}-{way}-d{level}.kdump"
    failure = self.compress(plain, [*WAYS[way], "-d", level], output)
    if failure:
      return [*cells, failure]
    said, error = self.ask(output, kernel)
    cells.append(output.stat().st_size)
    if said is None:
      return [*cells, error]
    different = difference(expected, said)
    result = "same" if not different else f"{len(different)} different: {', '.join(different[:3])}"
    return [*cells, said["dump"]["format"], len(said["tasks"]), result, error, *said["dump"]["warnings"]]

  def all(self, path, kernel):
    """Lines of the table, for each way and each level."""
    expected, error = self.ask(path, kernel)
    if expected is None:
      raise ValueError(f"{path}: {error}")
    name = path.name.removesuffix(".elf")
    with tempfile.TemporaryDirectory(prefix="kdump-", dir=self.keep) as work:
      failure = self.compress(path, ["-c"], self.keep / f"{name}-as-it-is.kdump")
      yield [name, "as it is", "0", failure or "compressed"]
      plain = Path(work) / "plain.elf"
      with_plain_headers(path, plain)
      for way in WAYS:
        for level in LEVELS:
          cells = self.one(name, plain, way, level, kernel, expected)
          yield cells
          if "not supported" in str(cells[-1]):  # the kernel, in whichever way
            return


def main():
  parser = argparse.ArgumentParser(prog="peer_kdump", description=__doc__)
  parser.add_argument("dumps", type=Path, nargs="+", help="NAME.elf")
  parser.add_argument("--tool", type=Path, required=True, help="the program surefoot")
  parser.add_argument("--store", type=Path, default=STORE, help="where packages are kept")
  parser.add_argument("--suite", choices=peer_tools.SUITES, default="sid", help="whose makedumpfile")
  parser.add_argument("--keep", type=Path, required=True, help="where the compressed dumps go")
  arguments = parser.parse_args()
  arguments.keep.mkdir(parents=True, exist_ok=True)
  tools = peer_tools.Tools(arguments.store, None)
  peer = peer_tools.Peer("makedumpfile", arguments.suite)
  root = tools.root(peer)
  program = ["qemu-aarch64", "-L", str(root), str(root / "usr/bin/makedumpfile")]
  kdump = Kdump(arguments.tool, arguments.store / "cache", arguments.keep, program)
  print(f"makedumpfile {tools.version(peer)}\ndump\tway\tlevel\tbytes\tformat\ttasks\tresult\terror\twarnings")
  for path in arguments.dumps:
    kernel = kernels.fetch(path.name.split("-")[0], arguments.store)
    for cells in kdump.all(path, kernel):
      print("\t".join(str(cell) for cell in cells), flush=True)
  return 0


if __name__ == "__main__":
  sys.exit(main())
