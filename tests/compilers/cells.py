# SPDX-License-Identifier: MIT
"""The cells of the matrix. Each is the libraries and the demonstration kernel, built by one compiler with one set of
flags, booted under each emulator with each policy, and audited."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ("strict", "exact")
USERS = ("c", "ftrace", "livepatch", "panic", "print", "profile")
ARCHIVES = ("surefoot", *(f"surefoot_{user}" for user in USERS))
PORT = ["surefoot_ftrace_port_" + name for name in ("execution_state", "synchronize_cpus", "writable_alias")]
BUILTINS = ["memcpy", "memmove", "memset", "memcmp"]
BUILD_ERROR = "error: |referenced in|discarded|undefined|moved|^link-with-tables|FAILED"
TRAPS = ("-O2", "-fsanitize=undefined", "-fsanitize-trap=undefined")


@dataclass(frozen=True)
class Level:
  """A set of flags. Those of a family are None if it has nothing like it."""

  name: str
  clang: tuple | None
  gcc: tuple | None

  def flags_of(self, compiler):
    flags = getattr(self, compiler.family)
    if self.name == "ubsan" and compiler.name == "gcc-12":
      return ("-O2", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error")  # as it was called until then
    return flags


LEVELS = (
  *(Level(name, (f"-{name}",), (f"-{name}",)) for name in ("O0", "O1", "Og", "O2", "O3", "Os", "Oz")),
  Level("thin-lto", ("-O2", "-flto=thin"), None),
  Level("lto", ("-O2", "-flto=full"), ("-O2", "-flto")),
  Level("ubsan", TRAPS, TRAPS),
)


@dataclass
class Result:
  """What came of a cell. It passed if nothing failed."""

  compiler: str
  level: str
  sources: str
  failures: list = field(default_factory=list)
  seconds: float = 0.0

  @property
  def passed(self):
    return not self.failures


running = set()


def stop_all():
  """Ends all that was started, with all that it started itself. Scripts end what they put into another group."""
  for number, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 0)):
    for process in list(running):
      with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(process.poll() is None for process in list(running)):
      time.sleep(0.05)


class Stopped(Exception):
  """Nothing that follows in this cell makes sense."""


def last_lines(text, pattern=None):
  # Not the commands, which may be long and say anything.
  said = [line.strip() for line in text.splitlines()]
  lines = [line for line in said if line and not line.startswith((": &&", "ccache ", "/usr/bin/cmake"))]
  if pattern:
    lines = [line for line in lines if re.search(pattern, line)] or lines[-2:]
  return " / ".join(lines[:2])[:300]


class Cell:
  """One cell, in a folder of its own."""

  def __init__(self, compiler, level, folder, tool, sources):
    self.compiler = compiler
    self.level = level
    self.folder = Path(folder)
    self.tool = tool
    self.log = self.folder / "log"
    self.result = Result(compiler.name, level.name, sources)
    self.kernel = self.folder / "examples/kernel/surefoot-kernel.elf"

  def call(self, command, environment=None):
    """The exit code, and all that was said, which goes to the log as well."""
    environment = {**os.environ, **(environment or {}), "CCACHE_COMPILERCHECK": f"string:{self.compiler.describe()}"}
    process = subprocess.Popen(
      [str(word) for word in command],
      env=environment,
      stdin=subprocess.DEVNULL,
      stdout=subprocess.PIPE,
      stderr=subprocess.STDOUT,
      text=True,
      errors="replace",
      cwd=ROOT,
      start_new_session=True,
    )
    running.add(process)
    text, _ = process.communicate()
    running.discard(process)
    with self.log.open("a") as log:
      log.write(f"$ {' '.join(map(str, command))}\n{text}\n")
    return process.returncode, text

  def fail(self, what):
    self.result.failures.append(what)

  def configure(self):
    flags = " ".join(self.level.flags_of(self.compiler))
    definitions = {
      "CMAKE_TOOLCHAIN_FILE": ROOT / "toolchains/aarch64-none-elf.cmake",
      "CMAKE_CXX_COMPILER": self.compiler.path,
      "CMAKE_BUILD_TYPE": "Release",
      "CMAKE_C_FLAGS_RELEASE": f"{flags} -g1 -DNDEBUG",
      "CMAKE_CXX_FLAGS_RELEASE": f"{flags} -g1 -DNDEBUG",
      "SUREFOOT_WARNINGS_AS_ERRORS": "ON",
      "SUREFOOT_TOOL": self.tool,
    }
    if self.compiler.family == "gcc" and "-flto" in flags:
      for tool in ("ar", "ranlib"):
        path = re.sub(r"g\+\+(-[0-9]+)?$", rf"gcc-{tool}\1", self.compiler.path)
        definitions[f"CMAKE_{tool.upper()}"] = path
    words = [f"-D{name}={value}" for name, value in definitions.items()]
    code, text = self.call(["cmake", "-G", "Ninja", "-S", ROOT, "-B", self.folder, *words])
    if code != 0:
      self.fail(f"configure: {last_lines(text, 'CMake Error|error')}")
      raise Stopped

  def build(self):
    code, text = self.call(["cmake", "--build", self.folder, "-j1", "--target", "surefoot_kernel", *ARCHIVES])
    if code != 0:
      self.fail(f"build: {last_lines(text, BUILD_ERROR)}")
      raise Stopped

  def cached(self, name):
    found = re.search(rf"^{name}:[A-Z]+=(.*)$", (self.folder / "CMakeCache.txt").read_text(), re.MULTILINE)
    return found.group(1)

  def archives(self):
    """That the archives need nothing but what a kernel has, and leave registers alone. With clang and LTO they hold no
    code yet; with GCC they always do."""
    if self.compiler.family == "clang" and any("-flto" in flag for flag in self.level.flags_of(self.compiler)):
      return
    tools = {name: self.cached(f"CMAKE_{name}") for name in ("NM", "OBJDUMP", "READELF")}
    path = {name: self.folder / f"src/lib{name}.a" for name in ARCHIVES}
    allowed = {
      "surefoot": [],
      "surefoot_c": [path[name] for name in ARCHIVES if name != "surefoot_c"],
      "surefoot_panic": [path["surefoot"], path["surefoot_print"]],
      "surefoot_print": [path["surefoot"]],
      "surefoot_profile": [path["surefoot"]],
      "surefoot_ftrace": [path["surefoot"], *PORT],
      "surefoot_livepatch": [path["surefoot"], path["surefoot_ftrace"]],
    }
    for name, more in allowed.items():
      for check, words in (("undefined", [*BUILTINS, *more]), ("registers", [])):
        code, text = self.call([ROOT / "scripts/check-archive", check, path[name], *words], tools)
        if code != 0:
          self.fail(f"archive {name}, {check}: {last_lines(text)}")

  def boot(self, emulator, policy):
    environment = {}
    if emulator.folder:
      environment["PATH"] = f"{emulator.folder}:{os.environ['PATH']}"
    code, text = self.call([ROOT / "tests/boot/check-demo", policy, self.kernel, "--timeout", "300"], environment)
    if code != 0:
      wrong = sorted(set(re.findall(r"^check-demo: ([a-z0-9_]+): ", text, re.MULTILINE)))
      said = f"{len(wrong)} scenarios: {', '.join(wrong[:6])}" if wrong else last_lines(text, "^check-demo")
      self.fail(f"QEMU {emulator.version}, {policy}: {said}")

  def audit(self):
    code, text = self.call([self.tool, "audit", "--fail-on", "warning", self.kernel])
    if code != 0:
      self.fail(f"audit: {last_lines(text, '^(error|warning)')}")

  def run(self, emulators):
    started = time.monotonic()
    self.folder.mkdir(parents=True, exist_ok=True)
    self.log.write_text("")
    try:
      self.configure()
      self.build()
      self.archives()
      self.audit()
      for emulator in emulators:
        for policy in POLICIES:
          self.boot(emulator, policy)
    except Stopped:
      pass
    self.result.seconds = round(time.monotonic() - started, 1)
    return self.result


class Results:
  """The results of all runs, kept one a file. Those of other sources do not count."""

  def __init__(self, folder, sources):
    self.folder = Path(folder)
    self.folder.mkdir(parents=True, exist_ok=True)
    self.sources = sources

  def put(self, result):
    path = self.folder / f"{result.compiler}-{result.level}.json"
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(result), indent=1) + "\n")
    partial.rename(path)

  def get(self, compiler, level):
    path = self.folder / f"{compiler}-{level}.json"
    if not path.exists():
      return None
    result = Result(**json.loads(path.read_text()))
    return result if result.sources == self.sources else None
