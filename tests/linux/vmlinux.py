# SPDX-License-Identifier: MIT
"""What the kernel's file with debug information says: symbols, and rows of CFI. Read by programs of the binutils, which
share no code with the tool."""

import bisect
import mmap
import subprocess
from collections import defaultdict

import cfi_text
import elf

# The kernel leaves functions of these out when it prints the stack of a task.
LEFT_OUT = (("__sched_text_start", "__sched_text_end"), ("__lock_text_start", "__lock_text_end"))
TRAMPOLINES = ("return_to_handler", "__kretprobe_trampoline", "arch_rethook_trampoline")
NM = "aarch64-linux-gnu-nm"
READELF = "aarch64-linux-gnu-readelf"
BYTES_PER_INSTRUCTION = 4


class Symbols:
  """The functions of an image, by name: several may share one."""

  def __init__(self, lines):
    self.addresses = defaultdict(list)
    starts = set()
    for line in lines:
      words = line.split()
      if len(words) == 3 and words[1] in "tTwWdDbBaArR":
        self.addresses[words[2]].append(int(words[0], 16))
        if words[1] in "tTwW" and not words[2].startswith("$"):
          starts.add(int(words[0], 16))
    self.starts = sorted(starts)

  def at(self, name):
    """The addresses of a name."""
    return self.addresses.get(name, [])

  def one(self, name):
    found = self.at(name)
    if len(found) != 1:
      raise ValueError(f"{len(found)} symbols are called {name}")
    return found[0]

  def places(self, name, offset):
    return {address + offset for address in self.at(name)}

  def function_at(self, address):
    """Start and end of the function that holds an address: the end is the start of the next one."""
    index = bisect.bisect_right(self.starts, address) - 1
    if index < 0 or index + 1 == len(self.starts):
      raise ValueError(f"{address:#x}: in no function")
    return self.starts[index], self.starts[index + 1]

  def left_out(self):
    """The ranges of addresses whose functions the kernel does not print."""
    return [(self.one(start), self.one(end)) for start, end in LEFT_OUT]


def target_of(instruction, address):
  """Where a direct call goes, or None."""
  if instruction >> 26 != 0b100101:
    return None
  distance = (instruction & 0x03FFFFFF) << 2
  return address + (distance - (1 << 28) if distance >> 27 else distance)


def is_indirect_call(instruction):
  """BLR, and its forms that check the address."""
  return instruction & 0xFFFFFC1F == 0xD63F0000 or instruction & 0xFEFFF800 == 0xD63F0800


class Code:
  """The instructions of an image."""

  def __init__(self, path):
    self.sections = elf.read(path).code()
    with open(path, "rb") as file:
      self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

  def instruction(self, address):
    for section in self.sections:
      if section.address <= address < section.address + section.size:
        at = section.offset + address - section.address
        return int.from_bytes(self.bytes[at : at + BYTES_PER_INSTRUCTION], "little")
    raise ValueError(f"{address:#x}: no code there")

  def indirect_calls(self, start, end):
    addresses = range(start, end, BYTES_PER_INSTRUCTION)
    return [address for address in addresses if is_indirect_call(self.instruction(address))]


class Rows:
  """Rows of CFI, by address."""

  def __init__(self, rows):
    self.rows = sorted(rows, key=lambda row: row.start)
    self.starts = [row.start for row in self.rows]

  def at(self, address):
    index = bisect.bisect_right(self.starts, address) - 1
    if index < 0 or address >= self.rows[index].end:
      return None
    return self.rows[index]


def output_of(command):
  with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
    yield from process.stdout
  if process.returncode != 0:
    raise ValueError(f"{command[0]}: exit code {process.returncode}")


def read_symbols(path):
  return Symbols(output_of([NM, str(path)]))


def read_rows(path):
  return Rows(cfi_text.read_cfi(output_of([READELF, "--debug-dump=frames-interp", "-W", str(path)])))
