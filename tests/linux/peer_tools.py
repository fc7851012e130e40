# SPDX-License-Identifier: MIT
"""The distribution's other tools that show stacks of a dump: fetched into folders of their own, and run."""

import base64
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import apt
import peer_core
import unpacked

HERE = Path(__file__).resolve().parent
LIMIT = 3600
# Neither the tools nor what they run need these.
NOT_NEEDED = ("perl", "tzdata", "debconf", "dpkg", "tar", "media-types", "netbase", "openssl-provider-legacy")
CRASH_TASK = re.compile(r'^PID: (\d+) +TASK: ([0-9a-f]+) +CPU: (\d+) +COMMAND: "(.*)"$')
CRASH_FRAME = re.compile(r"^ *#\d+ \[([0-9a-f]+)\] (\S+).* at ([0-9a-f]+)")


class PeerError(ValueError):
  """A tool refuses a dump, crashes, or takes too long. The text is its own last line."""


@dataclass(frozen=True)
class Peer:
  """A tool of one suite. `kind` of gdb: how it is given signed addresses."""

  tool: str
  suite: str
  kind: str = ""

  def package(self):
    return {"drgn": "python3-drgn", "crash": "crash", "gdb": "gdb-multiarch"}.get(self.tool, self.tool)

  def architecture(self):
    return "arm64" if self.tool in ("crash", "makedumpfile") else "amd64"

  def name(self):
    return f"{self.tool} {self.suite}" + (f" {self.kind}" if self.kind else "")


SUITES = ("bookworm", "trixie", "sid")
PEERS = (
  *(Peer("drgn", suite) for suite in SUITES),
  *(Peer("crash", suite) for suite in SUITES),
  *(Peer("gdb", suite, kind) for suite in SUITES for kind in ("signed", "stripped")),
)


@dataclass(frozen=True)
class Dump:
  """A dump, and what is known of it: `slide` and `pac_mask` are in its VMCOREINFO."""

  path: Path
  vmlinux: Path
  slide: int
  pac_mask: int


class Tools:
  """Fetched packages, in a folder. `work` is for files that live as long as a run."""

  def __init__(self, store, work):
    self.store = store
    self.work = work
    self.states = {}

  def root(self, peer):
    suite = apt.Suite(self.store, peer.suite, peer.architecture())
    root = self.store / "unpacked" / peer.suite / peer.package()
    if not root.exists():
      root.parent.mkdir(parents=True, exist_ok=True)
      names = [name for name in suite.with_dependencies([peer.package()]) if not name.startswith(NOT_NEEDED)]
      unpacked.unpack_system(suite.fetch(names), root)
    return root

  def version(self, peer):
    suite = apt.Suite(self.store, peer.suite, peer.architecture())
    return suite.file_of(peer.package()).name.split("_")[1].replace("%3a", ":")

  def run(self, peer, dump):
    """The tool's traces, by pid: `frames` are addresses, or `error` says why there are none."""
    return {"drgn": self.drgn, "crash": self.crash, "gdb": self.gdb}[peer.tool](peer, dump)

  def drgn(self, peer, dump, *options):
    root = self.root(peer)
    # The older ones (0.0.22, 0.0.31) cannot translate addresses of a dump without virtual ones, as an emulator writes
    # it, and end with "recursive address translation": their library can.
    environment = {} if peer.suite == "sid" else {"DRGN_USE_LIBKDUMPFILE_FOR_ELF": "1"}
    python = next(path for path in sorted(root.glob("usr/bin/python3.*")) if path.suffix != ".program")
    command = [python, "-B", HERE / "peer_drgn.py", dump.path, dump.vmlinux, *options]
    return by_pid(output_of(command, PYTHONHOME=str(root / "usr"), **environment))

  def state(self, dump):
    """The stacks and registers of the sleeping tasks, by the newest drgn."""
    if dump.path not in self.states:
      self.states = {dump.path: self.drgn(Peer("drgn", "sid"), dump, "--state")}
    return self.states[dump.path]

  def gdb(self, peer, dump):
    root = self.root(peer)
    said = self.state(dump)
    tasks = [{**task, "bytes": base64.b64decode(task["bytes"])} for task in said.values() if "bytes" in task]
    text = base64.b64decode(said[None]["text"])
    core = self.work / "tasks.core"
    peer_core.write(core, said[None]["text_at"], text, tasks, dump.pac_mask, peer.kind == "stripped")
    command = [root / "usr/bin/gdb-multiarch", "-nx", "-batch", f"--data-directory={root / 'usr/share/gdb'}",
               "-iex", "set debuginfod enabled off", "-ex", "set architecture aarch64",
               "-ex", f"symbol-file -o {dump.slide:#x} {dump.vmlinux}", "-ex", f"core-file {core}",
               "-ex", f"source {HERE / 'peer_gdb.py'}"]  # fmt: skip
    found = by_pid(output_of(command, PYTHONHOME=str(root / "usr")))
    for pid, task in said.items():
      if "error" in task:
        found[pid] = task
    return found

  def crash(self, peer, dump):
    root = self.root(peer)
    commands = self.work / "commands"
    commands.write_text("foreach bt\nquit\n")
    command = ["qemu-aarch64", "-L", root, root / "usr/bin/crash", "-s", "--no_scroll", "-i", commands, dump.vmlinux,
               dump.path]  # fmt: skip
    return traces_of_crash(output_of(command, TERM="dumb"))


def output_of(command, **environment):
  command = [str(word) for word in command]
  environment = {**os.environ, **environment}
  try:
    done = subprocess.run(command, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=LIMIT,
                          check=False)  # fmt: skip
  except subprocess.TimeoutExpired as error:
    raise PeerError(f"no end after {LIMIT} s") from error
  text = done.stdout.decode(errors="replace")
  if done.returncode != 0:
    lines = [line.strip() for line in (text + "\n" + done.stderr.decode(errors="replace")).splitlines() if line.strip()]
    raise PeerError(f"exit code {done.returncode}: {lines[-1][:200] if lines else 'says nothing'}")
  return text


def by_pid(text):
  """Lines of JSON among others."""
  found = {}
  for line in text.splitlines():
    if line.startswith("{"):
      one = json.loads(line)
      found[one.get("pid")] = one
  if not found:
    raise PeerError("shows no task")
  return found


def traces_of_crash(text):
  """What `foreach bt` prints. It says 4 less than the address of each frame, as crash 8.0.2 was seen to do."""
  found, one = {}, None
  for line in text.splitlines():
    task = CRASH_TASK.match(line)
    frame = CRASH_FRAME.match(line)
    if task:
      one = {"pid": int(task.group(1)), "name": task.group(4), "frames": [], "text": ""}
      found[one["pid"]] = one
    elif frame and one:
      one["frames"].append(int(frame.group(3), 16) + 4)
    if one:
      one["text"] += line + "\n"
  if not found:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    raise PeerError(f"shows no task: {lines[-1][:200] if lines else 'says nothing'}")
  return found
