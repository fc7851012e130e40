# SPDX-License-Identifier: MIT
"""Boots one kernel on one CPU with one tracer, has the tool read the dump, and compares."""

import itertools
import json
import os
import random
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import apt
import compare
import crash
import initramfs
import kernels
import many
import notes
import qemu
import ram
import running
import show
import truth
import vmlinux
from result import Result
from unwind import Unwinder
from witness import Witness, number

CPUS = {"max": "max,pauth-impdef=on", "cortex-a72": "cortex-a72"}
# The formats of dumps that are not QEMU's ELF files, by what else is special of the boot: "raw" is the memory itself,
# "vmcore" what the kernel finds that runs after a crash.
FORMATS = {
  ("max", "function_graph"): "vmcore",
  ("cortex-a72", "function_graph"): "raw",
  ("cortex-a72", "kretprobes"): "kdump-zlib",
}
# It does not list the symbol _text, by which kexec(8) says where the kernel is: its dump could not be read.
WITHOUT_CRASH = {"6.1"}
# The CPU has no pages of that size.
IMPOSSIBLE = {("16k", "cortex-a72")}
TRACERS = ("none", "function_graph", "kretprobes", "both")
POLICIES = ("exact", "strict")
BOOT_LIMIT = 300
TOOL_LIMIT = 900
COMPILER = ["aarch64-linux-gnu-gcc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Wno-unused-result", "-static"]
GUEST = Path(__file__).resolve().parent / "guest"
# Between two dumps of a busy guest, in seconds: at full speed, and then instruction by instruction.
RUNS = (0.05, 0.6)
STEPS = (0.005, 0.05)
# What ends a boot without a result.
ERRORS = (apt.FetchError, qemu.GuestError, truth.TruthError, ram.NoMemory, notes.NoRegisters,
          subprocess.SubprocessError, OSError,
          ValueError, KeyError, TypeError)  # fmt: skip


class ToolError(ValueError):
  """The tool crashed, hung, refused the dump, or wrote what cannot be read."""


@dataclass(frozen=True)
class Boot:
  """One boot."""

  kernel: str
  cpu: str
  tracer: str

  def name(self):
    return f"{self.kernel}-{self.cpu}-{self.tracer}"

  def format(self):
    found = FORMATS.get((self.cpu, self.tracer), "elf")
    return "elf" if found == "vmcore" and self.kernel in WITHOUT_CRASH else found

  def crashes(self):
    return self.format() == "vmcore"

  def has_informant(self):
    """Without it VMCOREINFO is not in the dump's notes, and has to be found in memory: on one boot of each kernel."""
    return (self.cpu, self.tracer) != ("cortex-a72", "none")


SHORT = [Boot("6.12", "max", "both")]


def wanted(lines=None, cpus=None, tracers=None):
  """The boots of these kernels, CPUs and tracers: of all, where none is named."""
  return [
    Boot(*one)
    for one in itertools.product(kernels.SUITES, CPUS, TRACERS)
    if one[0] in (lines or kernels.SUITES) and one[1] in (cpus or CPUS) and one[2] in (tracers or TRACERS)
    and one[:2] not in IMPOSSIBLE
  ]


def build_program(folder):
  """The guest's first process."""
  program = folder / "init"
  command = [*COMPILER, "-o", str(program), *sorted(str(path) for path in GUEST.glob("*.c"))]
  done = subprocess.run(command, capture_output=True, text=True, check=False)
  if done.returncode != 0:
    raise ValueError(f"the guest's program: {done.stderr.strip()}")
  return program


@cache
def symbols_of(path):
  return vmlinux.read_symbols(path)


@cache
def rows_of(path):
  return vmlinux.read_rows(path)


@cache
def code_of(path):
  return vmlinux.Code(path)


class Laboratory:
  """Where boots are made: `cache` keeps packages, `work` is deleted at the end, `keep` may be None, and
  so may `shown`, the name of a task that people want to see."""

  def __init__(self, tool, store, work, keep=None, shown=None):
    self.tool = tool
    self.store = store
    self.work = work
    self.keep = keep
    self.shown = shown
    self.program = None

  def guest(self, boot, kernel, folder):
    """Boots the kernel, and dumps its memory. What the kernel says of itself."""
    self.program = self.program or build_program(self.work)
    archive = folder / "initramfs"
    more = crash.files(crash.fetch(self.store), kernel.image, self.program) if boot.crashes() else {}
    archive.write_bytes(initramfs.build(self.program, kernel.modules, boot.has_informant(), more))
    with qemu.Guest(folder, kernel.image, archive, CPUS[boot.cpu], boot.tracer, crashes=boot.crashes()) as guest:
      guest.wait_until_ready(BOOT_LIMIT)
      dump = folder / f"dump.{boot.format()}"
      if boot.crashes():
        guest.wait_until_ended(BOOT_LIMIT)
        told = truth.read(guest.said())
        told.panic = crash.panic_of(guest.said())
        if not dump.exists():
          raise qemu.GuestError(f"no dump of the crash: {'; '.join(told.faults) or guest.last_words()}")
        return told
      time.sleep(1)  # the first process goes to sleep, too
      guest.dump({} if boot.format() == "raw" else {dump: boot.format()})
      if boot.format() == "raw":
        dump.hardlink_to(guest.ram)
      return truth.read(guest.said())

  def command(self, dump, kernel, policy):
    command = [str(self.tool), "vmcore", str(dump), "--vmlinux", str(kernel.vmlinux), "--modules", str(kernel.modules),
               "--policy", policy]  # fmt: skip
    return command + (["--base", hex(qemu.RAM_BASE)] if dump.suffix == ".raw" else [])

  def environment(self):
    return {**os.environ, "XDG_CACHE_HOME": str(self.store / "cache")}

  def ask(self, dump, kernel, policy):
    """What the tool says of a dump, as JSON."""
    command = [*self.command(dump, kernel, policy), "--json"]
    output = dump.with_name(f"{policy}.json")
    environment = self.environment()
    with output.open("wb") as file:
      done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=TOOL_LIMIT,
                            env=environment, check=False)  # fmt: skip
    error = done.stderr.decode(errors="replace").strip().splitlines()
    try:
      said = json.loads(output.read_text())
    except ValueError as problem:
      last = error[-1] if error else str(problem)
      raise ToolError(f"surefoot vmcore: exit code {done.returncode}: {last}") from problem
    if done.returncode != 0:
      warnings = said["dump"]["warnings"] or error
      raise ToolError(f"surefoot vmcore: exit code {done.returncode}: {'; '.join(warnings)}")
    return said

  def compare(self, result, told, kernel, dump):
    symbols = symbols_of(kernel.vmlinux)
    memory = ram.Memory(dump.with_name("memory.ram"), qemu.RAM_BASE, told.crash_memory)
    try:
      for policy in POLICIES:
        said = self.ask(dump, kernel, policy)
        slide, pac_mask = number(said["dump"]["slide"]), number(said["dump"]["pac_mask"])
        memory.find_tables(symbols.one("swapper_pg_dir") + slide)
        witness = Witness(symbols, rows_of(kernel.vmlinux), code_of(kernel.vmlinux), memory, slide, pac_mask)
        outcomes = compare.Comparison(said, symbols, witness).all(told)
        setattr(result, policy, outcomes)
        if told.crash_memory and policy == "exact":
          result.panic = crash.difference(said, told.panic)
        result.warnings += [text for text in said["dump"]["warnings"] if text not in result.warnings]
    finally:
      memory.close()

  def judge_running(self, total, kernel, dump):
    """Adds what the tool says of one dump, and whether that is right."""
    symbols = symbols_of(kernel.vmlinux)
    said = self.ask(dump, kernel, "exact")
    slide, pac_mask = number(said["dump"]["slide"]), number(said["dump"]["pac_mask"])
    memory = ram.Memory(dump.with_name("memory.ram"), qemu.RAM_BASE)
    try:
      memory.find_tables(symbols.one("swapper_pg_dir") + slide)
      unwinder = Unwinder(symbols, rows_of(kernel.vmlinux), code_of(kernel.vmlinux), memory, slide, pac_mask)
      judge = running.Judge(said, notes.read(dump), unwinder)
      return total.add(judge)
    finally:
      memory.close()

  def dump_running(self, total, kernel, guest, dumps):
    """Dumps of a busy guest, each at a moment of its own."""
    dump = guest.folder / "dump.elf"
    for _ in range(dumps):
      time.sleep(random.uniform(*RUNS))
      guest.step_by_instructions(True)
      time.sleep(random.uniform(*STEPS))
      guest.dump({dump: "elf"})
      guest.step_by_instructions(False)
      if not self.judge_running(total, kernel, dump) and self.keep is not None:
        name = f"{total.kernel}-{total.cpu}-{total.tracer}.{total.dumps}"
        for path, kind in ((dump, "elf"), (dump.with_name("exact.json"), "json"), (guest.ram, "ram")):
          shutil.copy(path, self.keep / f"{name}.{kind}")
      dump.unlink()
      guest.go_on()

  def run_running(self, boot, dumps):
    """One boot with a busy guest, and as many dumps of it."""
    total = running.Sum(boot.kernel, boot.cpu, boot.tracer)
    started = time.monotonic()
    folder = self.work / boot.name()
    folder.mkdir(parents=True)
    try:
      kernel = kernels.fetch(boot.kernel, self.store)
      self.program = self.program or build_program(self.work)
      archive = folder / "initramfs"
      archive.write_bytes(initramfs.build(self.program, kernel.modules))
      with qemu.Guest(folder, kernel.image, archive, CPUS[boot.cpu], boot.tracer, is_busy=True) as guest:
        guest.wait_until_ready(BOOT_LIMIT)
        time.sleep(2)  # all kinds of work have started
        self.dump_running(total, kernel, guest, dumps)
    except ERRORS as error:
      total.failure = f"{type(error).__name__}: {error}"
    total.seconds = time.monotonic() - started
    if self.keep is not None:
      (self.keep / f"{boot.name()}.running.json").write_text(json.dumps(total.to_json(), indent=1) + "\n")
    shutil.rmtree(folder)
    return total

  def run_many(self, boot, count):
    """What the tool takes for one boot's dump with so many tasks more, its tables in the cache."""
    folder = self.work / boot.name()
    folder.mkdir(parents=True)
    kernel = kernels.fetch(boot.kernel, self.store)
    self.program = self.program or build_program(self.work)
    archive = folder / "initramfs"
    archive.write_bytes(initramfs.build(self.program, kernel.modules))
    dump = folder / "dump.elf"
    with qemu.Guest(folder, kernel.image, archive, CPUS[boot.cpu], boot.tracer, many=count) as guest:
      guest.wait_until_ready(BOOT_LIMIT)
      time.sleep(1)
      guest.dump({dump: "elf"})
    command = [*self.command(dump, kernel, "exact"), "--no-progress"]
    costs = [many.measure(command, self.environment(), folder / "traces") for _ in range(2)]
    shutil.rmtree(folder)
    return costs[-1]

  def run(self, boot):
    """One boot, from the packages to the result."""
    result = Result(boot.kernel, boot.cpu, boot.tracer, boot.format())
    started = time.monotonic()
    folder = self.work / boot.name()
    folder.mkdir(parents=True)
    try:
      kernel = kernels.fetch(boot.kernel, self.store)
      result.release = kernel.release
      told = self.guest(boot, kernel, folder)
      (folder / "truth.json").write_text(json.dumps(told.to_json(), indent=1) + "\n")
      result.probes = told.probes_standing()
      result.tracer_standing = told.tracer
      result.faults = told.faults
      result.not_set_up = [f"{s.kind}: {s.failed_at}: {os.strerror(s.error)}" for s in told.sleepers if s.failed_at]
      dump = folder / f"dump.{boot.format()}"
      self.compare(result, told, kernel, dump)
      if self.shown:
        show.show(told, self.shown, self.command(dump, kernel, "exact"), self.environment())
    except ERRORS as error:
      result.failure = f"{type(error).__name__}: {error}"
    result.seconds = time.monotonic() - started
    self.finish(boot, result, folder)
    return result

  def finish(self, boot, result, folder):
    """Keeps what is to be kept of a boot, and deletes the rest."""
    if self.keep is not None:
      (folder / "result.json").write_text(json.dumps(result.to_json(), indent=1) + "\n")
      names = (f"dump.{boot.format()}", "truth.json", "exact.json", "strict.json", "result.json", "serial.txt")
      for path in (folder / name for name in names):
        if path.exists():
          shutil.move(path, self.keep / f"{boot.name()}.{path.name.removeprefix('dump.')}")
    shutil.rmtree(folder)
