# SPDX-License-Identifier: MIT
"""Runs in drgn's own Python: prints drgn's trace of each task of a dump, one line of JSON a task. With --state, each
task's stack and the registers with which it went to sleep, for tools that know no tasks."""

import base64
import json
import sys

import drgn
from drgn.helpers.linux.pid import for_each_task

STACK = 16384
SAVED = [f"x{number}" for number in range(19, 29)] + ["fp", "sp", "pc"]


def physical_frames(trace):
  """Inlined functions share their caller's frame. An address is None where drgn has none."""
  pcs = []
  for frame in trace:
    if getattr(frame, "is_inline", False):
      continue
    try:
      pcs.append(frame.pc)
    except LookupError:
      pcs.append(None)
  return pcs


def said_of(program, task, is_state):
  one = {"pid": task.pid.value_(), "name": task.comm.string_().decode(errors="replace")}
  if is_state:
    context = task.thread.cpu_context
    one["registers"] = {name: context.member_(name).value_() for name in SAVED}
    one["stack"] = task.stack.value_()
    one["bytes"] = base64.b64encode(program.read(one["stack"], STACK)).decode()
    return one
  trace = program.stack_trace(task)
  one["frames"] = physical_frames(trace)
  one["text"] = str(trace)
  return one


def main():
  dump, vmlinux, *rest = sys.argv[1:]
  is_state = "--state" in rest
  program = drgn.Program()
  program.set_core_dump(dump)
  try:
    program.load_debug_info([vmlinux, *(name for name in rest if name != "--state")])
  except drgn.MissingDebugInfoError as error:
    print(f"drgn {drgn.__version__}: {error}".replace("\n", "; "), file=sys.stderr)
  if is_state:
    start, end = (program.symbol(name).address for name in ("_stext", "_etext"))
    print(json.dumps({"text_at": start, "text": base64.b64encode(program.read(start, end - start)).decode()}))
  for task in for_each_task(program):
    try:
      one = said_of(program, task, is_state)
    except Exception as error:  # each kind that drgn has
      one = {"pid": task.pid.value_(), "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(one), flush=True)


main()
