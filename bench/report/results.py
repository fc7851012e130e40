# SPDX-License-Identifier: MIT
"""What Google Benchmark wrote of bench_host: the samples of each method at each depth."""

import json
import statistics
from dataclasses import dataclass, field


class BadResults(Exception):
  """The file is not what bench_host writes, or says that something went wrong."""


@dataclass
class Samples:
  """The repetitions of one benchmark, in nanoseconds of CPU time for one walk."""

  times: list[float] = field(default_factory=list)

  @property
  def median(self):
    return statistics.median(self.times)

  @property
  def quartiles(self):
    """The first and the third; the median twice if there is only one repetition."""
    if len(self.times) == 1:
      return self.times[0], self.times[0]
    first, _, third = statistics.quantiles(self.times, n=4, method="inclusive")
    return first, third

  @property
  def spread(self):
    """How far the farther quartile is from the median, relative to the median."""
    first, third = self.quartiles
    return max(third - self.median, self.median - first) / self.median


@dataclass
class Method:
  name: str
  label: str
  samples: dict[int, Samples] = field(default_factory=dict)
  stack_bytes: dict[int, float] = field(default_factory=dict)  # that the frames take, by depth


@dataclass
class Results:
  context: dict
  methods: dict[str, Method]  # in the order in which the program declares them

  @property
  def depths(self):
    return sorted({depth for method in self.methods.values() for depth in method.samples})

  @property
  def repetitions(self):
    return min(len(samples.times) for method in self.methods.values() for samples in method.samples.values())

  def ratio(self, name, base, depth):
    """The median of one method by that of another."""
    return self.methods[name].samples[depth].median / self.methods[base].samples[depth].median


def from_json(text):
  """Reads the whole of a result file. Every method has to be there at every depth, without an error."""
  try:
    document = json.loads(text)
    rows = sorted(document["benchmarks"], key=lambda row: row["family_index"])
    context = document["context"]
  except (ValueError, KeyError, TypeError) as error:
    raise BadResults(f"not a result of Google Benchmark: {error!r}") from error

  methods = {}
  for row in rows:
    if row.get("error_occurred"):
      raise BadResults(f"{row.get('name')}: {row.get('error_message')}")
    if row.get("run_type") != "iteration":
      continue  # statistics over the repetitions, which are made here
    name, slash, depth = row["run_name"].partition("/")
    if not slash or not depth.isdigit():
      raise BadResults(f"{row['run_name']}: not METHOD/DEPTH")
    if row["time_unit"] != "ns" or row["cpu_time"] <= 0:
      raise BadResults(f"{row['name']}: not a time in nanoseconds")
    method = methods.setdefault(name, Method(name, row.get("label", name)))
    method.samples.setdefault(int(depth), Samples()).times.append(row["cpu_time"])
    if "stack_bytes" in row:
      method.stack_bytes[int(depth)] = row["stack_bytes"]

  results = Results(context, methods)
  if not methods:
    raise BadResults("no benchmark was run")
  for method in methods.values():
    missing = [depth for depth in results.depths if depth not in method.samples]
    if missing:
      raise BadResults(f"{method.name}: not measured at depth {missing[0]}")
  return results
