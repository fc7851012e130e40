# SPDX-License-Identifier: MIT
"""What the tool takes for a dump with many tasks."""

import os
import resource
import subprocess
from dataclasses import dataclass

MIB = 1024  # ru_maxrss is in KiB


@dataclass(frozen=True)
class Cost:
  """Of one run."""

  tasks: int
  seconds: float  # of CPU time
  megabytes: float  # of memory, at most

  def text(self):
    return f"{self.tasks} tasks: {self.seconds:.2f} s of CPU time, {self.megabytes:.0f} MB of memory"


def measure(command, environment, output):
  """Runs the tool, whose traces go to a file. What it took; an error if it does not walk all."""
  with output.open("wb") as file:
    process = subprocess.Popen(command, stdout=file, stderr=subprocess.PIPE, env=environment)
    error = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
  if process.returncode != 0:
    raise ValueError(f"surefoot vmcore: exit code {process.returncode}: {error.strip()}")
  tasks = sum(line.startswith("PID: ") for line in output.read_text(errors="replace").splitlines())
  assert isinstance(usage, resource.struct_rusage)
  return Cost(tasks, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MIB)
