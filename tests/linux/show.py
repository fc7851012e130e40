# SPDX-License-Identifier: MIT
"""One task of a dump as people see it: what the kernel says of it, and what the tool says."""

import subprocess
import sys


def find(told, name):
  """The first task of that name, of those that the kernel had anything to say of."""
  return next((task for task in told.tasks if task.name == name and task.frames), None)


def show(told, name, command, environment):
  """Prints both. `command` is the tool's, without a choice of the task."""
  task = find(told, name)
  if task is None:
    print(f"no task is called {name}, or the kernel says nothing of it", flush=True)
    return
  print(f"/proc/{task.tid}/stack says of {name}:")
  print("\n".join(f"[<0>] {frame.text()}" for frame in task.frames), flush=True)
  colour = ["--color", "always"] if sys.stdout.isatty() else []
  whole = [*command, "--pid", str(task.tid), *colour]
  done = subprocess.run(whole, capture_output=True, text=True, check=True, env=environment)
  print("surefoot vmcore says:")
  # Between the facts of the dump and the sums.
  parts = done.stdout.split("\n\n")
  print("\n\n".join(parts[1:-1] if len(parts) > 2 else parts), flush=True)
