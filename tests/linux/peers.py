#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Says what drgn, crash and gdb show for the tasks of dumps, beside surefoot and the kernel's own words. None of them
says whether a trace is complete: there is no verdict to compare."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left in the source tree
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/foreign"))
import apt
import kernels
import peer_tools
import peer_traces
import vmlinux
from peer_traces import number

STORE = ROOT / "build/linux"
COLUMNS = (peer_traces.LACKS, peer_traces.TRAMPOLINE, peer_traces.CUT, peer_traces.RUNS_ON, peer_traces.WRONG,
           peer_traces.LOST)  # fmt: skip


@dataclass
class Row:
  """What one tool shows for one dump. A task may have several flaws, and counts in each column."""

  peer: str
  dump: str
  version: str = ""
  shown: int = 0
  compared: int = 0
  equal: int = 0
  as_kernel: int = 0
  failed: int = 0
  flaws: Counter = field(default_factory=Counter)
  examples: dict = field(default_factory=dict)
  failure: str = ""

  def cells(self):
    if self.failure:
      return [self.peer, self.version, self.dump, self.failure]
    counts = [self.flaws[flaw] for flaw in COLUMNS]
    return [self.peer, self.version, self.dump, self.shown, self.compared, self.equal, self.as_kernel, *counts,
            self.failed]  # fmt: skip


HEAD = ["tool", "version", "dump", "tasks", "compared", "equal", "as the kernel", *COLUMNS, "failed"]


class Case:
  """A dump with the kernel's words and surefoot's traces. Tasks that moved in between, or ran, are left out."""

  def __init__(self, path, kernel, said, truth):
    self.name = path.name.removesuffix(".elf")
    slide = number(said["dump"]["slide"])
    self.dump = peer_tools.Dump(path, kernel.vmlinux, slide, number(said["dump"]["pac_mask"]))
    symbols = vmlinux.read_symbols(kernel.vmlinux)
    self.words = peer_traces.KernelsWords(said, symbols)
    self.trampolines = {at + slide for name in vmlinux.TRAMPOLINES for at in symbols.at(name)}
    ours = {task["pid"]: task for task in said["tasks"] if not task["is_idle"]}
    self.shown = sum(bool(task["frames"]) for task in ours.values())
    self.tasks = []
    for task in truth["tasks"]:
      one = ours.get(task["tid"])
      if one is None or one["is_running"] or not one["frames"] or task["state"] in "RZX":
        continue
      if task["switches"] == task["switches_after"] == one["switches"]:
        self.tasks.append((task, one))

  def our_row(self):
    row = Row("surefoot", self.name, shown=self.shown, compared=len(self.tasks), equal=len(self.tasks))
    for truth, ours in self.tasks:
      row.as_kernel += self.words.are_same(truth["frames"], [number(frame["pc"]) for frame in ours["frames"]])
    return row

  def judge(self, row, traces):
    row.shown = sum(pid is not None and bool(one.get("frames")) for pid, one in traces.items())
    row.compared = len(self.tasks)
    for truth, ours in self.tasks:
      one = traces.get(truth["tid"], {"error": "not shown"})
      if not one.get("frames"):
        row.failed += 1
        row.examples.setdefault("failed", f"{truth['tid']} {truth['name']}: {one.get('error', 'no frame')}")
        continue
      expected = peer_traces.expected_of(ours)
      pcs = [pc or 0 for pc in one["frames"]]
      while pcs and not pcs[-1]:  # what ends a trace, and says that it has no more
        pcs.pop()
      flaws = peer_traces.flaws(expected, pcs, self.trampolines)
      row.equal += not flaws
      row.as_kernel += self.words.are_same(truth["frames"], pcs)
      for flaw in flaws:
        row.flaws[flaw] += 1
        row.examples.setdefault(flaw, f"{truth['tid']} {truth['name']}")
    return row


def ask(tool, path, kernel):
  """surefoot's traces of a dump. They are kept beside it, as `linux-dump --keep` does."""
  output = path.with_name(path.name.removesuffix(".elf") + ".exact.json")
  if not output.exists():
    if tool is None:
      raise ValueError(f"{output} is not there: --tool names the program that makes it")
    command = [str(tool), "vmcore", str(path), "--vmlinux", str(kernel.vmlinux), "--modules", str(kernel.modules),
               "--policy", "exact", "--json"]  # fmt: skip
    environment = {**os.environ, "XDG_CACHE_HOME": str(STORE / "cache")}
    text = subprocess.run(command, capture_output=True, text=True, env=environment, check=False).stdout
    json.loads(text)
    output.write_text(text)
  return json.loads(output.read_text())


def case_of(path, store, tool=None):
  kernel = kernels.fetch(path.name.split("-")[0], store)
  truth = json.loads(path.with_name(path.name.removesuffix(".elf") + ".truth.json").read_text())
  return Case(path, kernel, ask(tool, path, kernel), truth)


def keep_texts(folder, peer, case, traces, names):
  """Keeps what a tool prints of some tasks."""
  for pid, one in traces.items():
    if pid is not None and one.get("text") and any(re.fullmatch(name, one.get("name", "")) for name in names):
      name = f"{case.name}.{one['name']}-{pid}.{peer.name().replace(' ', '-')}.txt"
      (folder / name).write_text(one["text"].rstrip() + "\n" + (f"({one['stop']})\n" if "stop" in one else ""))


def traces_of(tools, case, peer, folder=None):
  """What a tool says of a dump. It is kept in the folder, and not asked for again."""
  kept = folder / f"{case.name}.{peer.name().replace(' ', '-')}.json" if folder else None
  if kept and kept.exists():
    said = json.loads(kept.read_text())
  else:
    try:
      said = {"traces": list(tools.run(peer, case.dump).values())}
    except peer_tools.PeerError as error:
      said = {"failure": str(error)}
    if kept:
      kept.write_text(json.dumps(said) + "\n")
  if "failure" in said:
    raise peer_tools.PeerError(said["failure"])
  return {one.get("pid"): one for one in said["traces"]}


def compare(tools, case, peer, traces_folder=None, texts=None, names=()):
  """One tool, one dump: a row of the table."""
  row = Row(peer.name(), case.name)
  try:
    tools.root(peer)
    row.version = tools.version(peer)
    traces = traces_of(tools, case, peer, traces_folder)
    for truth, _ in case.tasks:  # a core file has no names
      if truth["tid"] in traces:
        traces[truth["tid"]].setdefault("name", truth["name"])
    if texts:
      keep_texts(texts, peer, case, traces, names)
    case.judge(row, traces)
  except (apt.FetchError, peer_tools.PeerError, OSError) as error:
    row.failure = str(error)
  return row


def parse(arguments=None):
  parser = argparse.ArgumentParser(prog="peers", description=__doc__)
  parser.add_argument("dumps", type=Path, nargs="+", help="NAME.elf, with NAME.truth.json beside it")
  parser.add_argument("--tool", type=Path, help="the program surefoot, for dumps without NAME.exact.json")
  parser.add_argument("--store", type=Path, default=STORE, help="where packages are kept")
  parser.add_argument("--peer", action="append", choices=("drgn", "crash", "gdb"), help="only this tool")
  parser.add_argument("--suite", action="append", choices=peer_tools.SUITES, help="only the tools of this suite")
  parser.add_argument("--traces", type=Path, metavar="FOLDER", help="keep what tools say here, and do not ask again")
  parser.add_argument("--texts", type=Path, metavar="FOLDER", help="keep what the tools print of tasks here")
  parser.add_argument("--task", action="append", default=[], metavar="NAME", help="of tasks of this name")
  parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here, with an example of each flaw")
  return parser.parse_args(arguments)


def rows(dumps, wanted=peer_tools.PEERS, store=STORE, tool=None, traces=None, texts=None, names=()):
  """The rows of the table, as they come: for each dump surefoot's, and one for each tool."""
  for folder in filter(None, (traces, texts)):
    folder.mkdir(parents=True, exist_ok=True)
  with tempfile.TemporaryDirectory(prefix="peers-") as work:
    tools = peer_tools.Tools(store, Path(work))
    for path in dumps:
      case = case_of(path, store, tool)
      yield case.our_row()
      for peer in wanted:
        yield compare(tools, case, peer, traces, texts, names)


def main():
  arguments = parse()
  wanted = [
    peer
    for peer in peer_tools.PEERS
    if peer.tool in (arguments.peer or [peer.tool]) and peer.suite in (arguments.suite or [peer.suite])
  ]
  print("\t".join(HEAD), flush=True)
  found = []
  for row in rows(arguments.dumps, wanted, arguments.store, arguments.tool, arguments.traces, arguments.texts,
                  arguments.task):  # fmt: skip
    found.append(row)
    print("\t".join(str(cell) for cell in row.cells()), flush=True)
  if arguments.json:
    arguments.json.write_text(json.dumps([vars(row) for row in found], indent=1) + "\n")
  return 0


if __name__ == "__main__":
  sys.exit(main())
