# SPDX-License-Identifier: MIT
"""Small faults that a person might make, each in one line of a source file."""

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
  """One line of a file as it is, and as it would be."""

  path: str
  line: int  # from 1
  operator: str
  old: str
  new: str
  occurrence: int = 0  # among equal lines of the file

  @property
  def key(self):
    """Says which one it is, wherever in the file the line has gone."""
    return (self.path, self.old.strip(), self.new.strip())

  @property
  def rank(self):
    """A number that has nothing to do with what the fault is."""
    return hashlib.sha256(repr((*self.key, self.occurrence)).encode()).hexdigest()

  def __str__(self):
    return f"{self.path}:{self.line}: {self.operator}\n  - {self.old.strip()}\n  + {self.new.strip() or '(nothing)'}"


# What stands for something else: the name of the fault, what it is put for, and what is put there.
EXCHANGES = [
  ("boundary", r" < ", " <= "),
  ("boundary", r" <= ", " < "),
  ("boundary", r" > ", " >= "),
  ("boundary", r" >= ", " > "),
  ("negated", r"(?<=\()!(?=\w)", ""),
  ("logic", r" && ", " || "),
  ("logic", r" \|\| ", " && "),
  ("arithmetic", r" \+ ", " - "),
  ("arithmetic", r" - ", " + "),
  ("arithmetic", r" \+= ", " = "),
  ("arithmetic", r" -= ", " = "),
  ("bits", r" \|= ", " = "),
  ("bits", r" & ", " | "),
  ("bits", r"~(?=\w)", ""),
  ("truth", r"\btrue\b", "false"),
  ("truth", r"\bfalse\b", "true"),
  ("offset", r"\b(SUREFOOT_\w+_OFFSET_\w+)\b", r"(\1 + 8)"),
  ("number", r"(?<=[\s(])([1-9][0-9]*)(?=U?[;,)\s])", lambda m: str(int(m[1]) + 1)),
]

# Lines that can be left out.
CHECK = re.compile(
  r"^\s+(else )?if \(.*\) ?(return\b.*|continue|break|stop\(.*\)|[\w.>:-]+ (\|=|=) .*);$",
)
STATEMENT = re.compile(r"^\s+([\w.\[\]:]|->)+(\(.*\)| (=|\|=|\+=|-=|&=) .*);$|^\s+(\+\+|--)[\w.]+;$")
NO_STATEMENT = re.compile(
  r"^\s+(SUREFOOT_SAME_VALUE|return|using|static_assert|case|break|continue|goto|const|constexpr|asm)\b"
)
MACHINE_CODE = re.compile(r'^\s+"(dc|ic|dsb|dmb|isb)\b[^"]*"$')
ATOMIC = re.compile(r"^\s+(const \w+ \w+ = )?__atomic_(store|thread|signal)\w*\(.*\);$")


def code_of(line):
  """The line with comments and texts blanked, so that places in it stay."""
  blanked = re.sub(r'"(\\.|[^"\\])*"', lambda m: '"' + " " * (len(m[0]) - 2) + '"', line)
  return re.sub(r"//.*$", lambda m: " " * len(m[0]), blanked)


def of_cpp_line(line):
  """Pairs of the name of a fault and the line with it."""
  code = code_of(line)
  if MACHINE_CODE.match(line):
    yield "barrier or cache operation dropped", ""
    return
  if not code.strip() or re.match(r"\s*(#|template|static_assert|namespace|using|case)\b", code):
    return
  bare = code.rstrip()
  if CHECK.match(bare):
    yield "check dropped", ""
  elif STATEMENT.match(bare) and not NO_STATEMENT.match(bare):
    yield "statement dropped", ""
  for name, pattern, replacement in EXCHANGES:
    for match in re.finditer(pattern, code):
      new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
      yield name, line[: match.start()] + new + line[match.end() :]


INSTRUCTION = re.compile(r"^  (stp|ldp|str|ldr|add|sub|mov|b|bl|cbz|cbnz|orr|ret|br|and|msr|mrs|bti_call)\b")
PAIR = re.compile(r"\b(x\d+|xzr), (x\d+)(?=, \[)")
PLACE = re.compile(r"\[(\w+), #([^\]]+)\]")
RANGE = re.compile(r"^  \.(special_range|before_frame|in_frame)\b")


def of_assembly_line(line):
  code = re.sub(r"\s*//.*$", "", line)
  if RANGE.match(code) and "\\" not in code:
    yield "range dropped", ""
    names = code.split(",")
    for index in range(len(names)):
      if re.fullmatch(r"\s*(end=)?[.\w]*(end|done)\w*\s*", names[index]):
        yield "range a word too long", ",".join([*names[:index], names[index].rstrip() + " + 4", *names[index + 1 :]])
    for match in re.finditer(r"\b(lr|pc)=(\w+)", code):
      yield "wrong register", code[: match.start()] + f"{match[1]}=stack" + code[match.end() :]
  if not INSTRUCTION.match(code):
    return
  yield "instruction dropped", "  nop"
  for match in PAIR.finditer(code):
    yield "registers swapped", code[: match.start()] + f"{match[2]}, {match[1]}" + code[match.end() :]
  for match in PLACE.finditer(code):
    yield "offset", code[: match.start()] + f"[{match[1]}, #{match[2]} + 8]" + code[match.end() :]


def of_text(path, text):
  """All mutants of a file."""
  of_line = of_assembly_line if path.endswith(".S") else of_cpp_line
  lines = text.split("\n")
  met = {}
  found = []
  for index, line in enumerate(lines):
    pairs = list(of_line(line))
    if path.endswith((".cpp", ".hpp")) and index + 1 < len(lines):
      if ATOMIC.match(line) and ATOMIC.match(lines[index + 1]):
        pairs.append(("order swapped", lines[index + 1] + "\n" + line))
    for name, new in pairs:
      occurrence = met.setdefault((line.strip(), new.strip()), 0)
      met[(line.strip(), new.strip())] += 1
      found.append(Mutant(path, index + 1, name, line, new, occurrence))
  return found


def apply(text, mutant):
  """The text with the fault."""
  lines = text.split("\n")
  assert lines[mutant.line - 1] == mutant.old
  count = 1 + mutant.new.count("\n") if mutant.operator == "order swapped" else 1
  lines[mutant.line - 1 : mutant.line - 1 + count] = [mutant.new]
  return "\n".join(lines)


def choose(mutants, most):
  """So many of them, of each file its share if there are enough, and always the same as long as their lines stay."""
  if most >= len(mutants):
    return mutants
  by_path = {}
  for mutant in mutants:
    by_path.setdefault(mutant.path, []).append(mutant)
  chosen = []
  for of_file in by_path.values():
    share = max(1, round(most * len(of_file) / len(mutants)))
    chosen += sorted(of_file, key=lambda mutant: mutant.rank)[:share]
  if len(by_path) > most:
    chosen = sorted(chosen, key=lambda mutant: mutant.rank)[:most]
  return sorted(chosen, key=lambda mutant: (mutant.path, mutant.line, mutant.new))
