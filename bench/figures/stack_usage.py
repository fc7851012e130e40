# SPDX-License-Identifier: MIT
"""The worst-case stack of a function: the compiler's stack usage of each function, summed up over the call graph.

The call graph is that of the linked program's instructions. It has no cycle, or this fails.
"""

import re
import subprocess

BRANCH = re.compile(r"^\s*[0-9a-f]+:\s+(bl|blr|br|b)\s+(\S+)(?:\s+<([^+>]+)>)?")
# A lambda of a function, as a compiler writes it, and as symbols are shown.
LAMBDA = re.compile(r"^(.*)::(?:<lambda|'lambda\d*')\(")
FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")


def base_name(name):
  """Class::function/number of parameters: what a symbol and a compiler's own way to write a signature agree in."""
  if match := LAMBDA.match(name):
    return base_name(match.group(1)) + "::lambda"
  name = name.replace("(anonymous namespace)", "anonymous").replace("{anonymous}", "anonymous")
  name = re.sub(r" \[with .*\]$", "", name)
  while (shorter := re.sub(r"<[^<>]*>", "", name)) != name:
    name = shorter
  name, _, parameters = name.partition("(")
  parameters = parameters.rpartition(")")[0]
  count = parameters.count(",") + 1 if parameters else 0
  return "::".join(name.split(" ")[-1].lstrip("*&").split("::")[-2:]) + f"/{count}"


def read_frames(paths, demangle):
  """Bytes of stack by base_name(), the most of those that share one."""
  frames = {}
  for path in paths:
    for line in path.read_text().splitlines():
      place, size, kind = line.split("\t")
      if kind != "static":
        raise ValueError(f"{path}: the stack of a function is not bounded: {line}")
      # clang writes file:line:symbol, GCC writes file:line:column:signature.
      name = re.sub(r"^[^:]*:\d+:(\d+:)?", "", place)
      name = base_name(demangle.get(name, name))
      frames[name] = max(frames.get(name, 0), int(size))
  return frames


def read_calls(objdump, program):
  """By function: (functions called, functions jumped to, kinds of calls through a pointer: blr, br)."""
  text = subprocess.run(
    [objdump, "-d", "--no-show-raw-insn", "-j", ".text", program], check=True, capture_output=True, text=True
  ).stdout
  calls = {}
  present = None
  for line in text.splitlines():
    if match := FUNCTION.match(line):
      present = match.group(1)
      calls[present] = (set(), set(), set())
    elif present and (match := BRANCH.match(line)):
      kind, _, target = match.groups()
      called, jumped_to, indirect = calls[present]
      if kind in ("blr", "br"):
        indirect.add(kind)
      elif kind == "bl" and target:
        called.add(target)
      elif kind == "b" and target and target != present:
        jumped_to.add(target)
  return calls


def worst_case(program, function, su_files, objdump, cxxfilt, through_pointer, outward):
  """The most stack that `function` (demangled, a prefix) and all it calls take.

  All calls through pointers are taken to be to `through_pointer`, a Class::function; but those of `outward`, another,
  are to functions of the program's own, which have a stack usage of their own.
  """
  calls = read_calls(objdump, program)
  symbols = sorted(set(calls) | {line.split("\t")[0].split(":")[-1] for path in su_files
                                   for line in path.read_text().splitlines()})
  shown = subprocess.run([cxxfilt], input="\n".join(symbols), check=True, capture_output=True, text=True).stdout
  demangle = dict(zip(symbols, shown.splitlines()))
  frames = read_frames(su_files, demangle)

  def without_clone(name):
    # What a compiler makes of a part of a function: "f() (.isra.0)", or "f() [clone .isra.0]".
    return base_name(re.sub(r" (\(\.[\w.]+\)|\[clone [^\]]*\])", "", demangle[name]))

  pointed_at = {name for name in calls if without_clone(name).startswith(through_pointer + "/")}

  def depth(name, path):
    if name in path:
      raise ValueError(f"{program}: recursion: {' -> '.join(path + (name,))}")
    if name not in calls:  # the functions that compilers call by themselves: the kernel's own
      return 0
    key = without_clone(name)
    if key not in frames:
      raise ValueError(f"{program}: the compiler gave no stack usage of {demangle[name]}")
    called, jumped_to, indirect = calls[name]
    if key.startswith(outward + "/"):
      indirect = set()
    called = called | (pointed_at if "blr" in indirect else set())
    # A jump through a pointer may be a switch. Taking it for a call as well errs on the safe side.
    jumped_to = jumped_to | (pointed_at if "br" in indirect else set())
    inner = [depth(callee, path + (name,)) for callee in called]
    # Before it jumps to another function, a function has given its own stack back.
    after = [depth(callee, path + (name,)) for callee in jumped_to]
    return max(frames[key] + max(inner, default=0), max(after, default=0))

  found = [name for name in calls if demangle[name].startswith(function)]
  if len(found) != 1:
    raise ValueError(f"{program}: {len(found)} functions are called {function}")
  return depth(found[0], ())
