# SPDX-License-Identifier: MIT
"""The loop in which a function stores, out of its disassembly, and the cycles of a turn by the models of llvm-mca."""

import re
import subprocess

TOOLS = {name: f"llvm-{name}-19" for name in ("objdump", "mca")}
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(\S.*?)\s*(?://.*)?$")
BRANCH = re.compile(r"^(b|b\.\w+|cbn?z|tbn?z)\s(?:.*?[ \t,])?(0x[0-9a-f]+)( <.*>)?$")
STORE = re.compile(r"^(?:st[rpu]|stur)\w*\s.*\[(?!sp\b)")  # but not what is spilled
NO_FALLING_THROUGH = re.compile(r"^(b|br|ret\w*)(\s|$)")


class NoLoop(Exception):
  """There is no such function, or it has not one innermost loop that stores."""


def instructions_of(disassembly, function):
  """Address -> text, of the one function whose name contains `function`."""
  found = []
  present = None
  for line in disassembly.splitlines():
    if line.endswith(">:"):
      present = {} if function in line else None
      if present is not None:
        found.append(present)
    elif present is not None and (match := INSTRUCTION.match(line)):
      present[int(match.group(1), 16)] = match.group(2)
  if len(found) != 1:
    raise NoLoop(f"{len(found)} functions are called {function}")
  return found[0]


def successors(instructions, address):
  text = instructions[address]
  after = [] if NO_FALLING_THROUGH.match(text) else [address + 4]
  if match := BRANCH.match(text):
    after.append(int(match.group(2), 16))
  return [target for target in after if target in instructions]


def cycle_through(instructions, start):
  """The shortest way from an instruction back to it, as addresses in the order of execution; None if there is none."""
  came_from = {}
  present = [start]
  while present:
    reached = []
    for address in present:
      for target in successors(instructions, address):
        if target == start:
          way = [address]
          while way[-1] != start:
            way.append(came_from[way[-1]])
          return way[::-1]
        if target not in came_from:
          came_from[target] = address
          reached.append(target)
    present = reached
  return None


def loop_of(instructions):
  """The texts of one turn of the loop that stores, in the order of execution, from a store on. Of several, as where a
  turn may go different ways or loops stand in loops, the shortest turn: there a frame has nothing that is special."""
  loops = {}
  for address, text in instructions.items():
    if STORE.match(text) and (way := cycle_through(instructions, address)):
      loops.setdefault(frozenset(way), way)
  turns = sorted(loops.values(), key=len)
  if not turns or (len(turns) > 1 and len(turns[0]) == len(turns[1])):
    raise NoLoop(f"there are {len(turns)} loops that store, and none is the shortest")
  return [instructions[address] for address in turns[0]]


def read(program, function):
  """The loop of a function of a program, an object or an archive; see loop_of()."""
  arguments = [TOOLS["objdump"], "-d", "-C", "--no-show-raw-insn", program]
  text = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
  return loop_of(instructions_of(text, function))


def assembly(loop):
  """For llvm-mca, which takes every turn to be like this one, and no branch to be mispredicted."""
  lines = [re.sub(r"0x[0-9a-f]+( <.*>)?$", "turn", text) if BRANCH.match(text) else text for text in loop]
  return "turn:\n" + "\n".join(lines) + "\n"


def cycles(loop, cpu):
  """Of a turn, between turns far from the first."""

  def total(turns):
    arguments = [TOOLS["mca"], "-mtriple=aarch64", f"-mcpu={cpu}", f"-iterations={turns}"]
    done = subprocess.run(arguments, input=assembly(loop), check=True, capture_output=True, text=True)
    return int(re.search(r"^Total Cycles:\s+(\d+)$", done.stdout, re.MULTILINE).group(1))

  return (total(2000) - total(1000)) / 1000
