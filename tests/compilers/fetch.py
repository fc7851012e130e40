# SPDX-License-Identifier: MIT
"""The compilers and emulators of the matrix: those of this machine, and others, unpacked from the distribution's
suites into folders of their own. Nothing is installed."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import apt
import unpacked

# From the oldest to the newest. A version comes from the first suite that has it, with the C library and the binutils
# of that suite.
SUITES = ("bookworm", "trixie", "forky", "sid")
OLDEST = {"clang": 17, "gcc": 12}
PACKAGES = {
  "clang": ("clang-{}", "lld-{}", "llvm-{}"),
  "gcc": ("g++-{}-aarch64-linux-gnu",),
}
# The oldest headers of libc++ that need no C library.
OLDEST_LIBCXX = 19
INSTALLED = {"clang": "clang++-{}", "gcc": "aarch64-linux-gnu-g++-{}"}
IN_FOLDER = {"clang": "usr/lib/llvm-{}/bin/clang++", "gcc": "usr/bin/aarch64-linux-gnu-g++-{}"}


def packages_of(family, version):
  """The packages that hold a compiler and all that it needs to build for bare metal."""
  packages = [package.format(version) for package in PACKAGES[family]]
  if family == "clang":
    packages.append(f"libc++-{max(version, OLDEST_LIBCXX)}-dev")
  return packages


@dataclass(frozen=True)
class Compiler:
  """A compiler of C++, with the linker, the tools and the headers that it finds by itself."""

  family: str
  version: int
  path: str

  @property
  def name(self):
    return f"{self.family}-{self.version}"

  def describe(self):
    """The full version, and that of the linker."""
    output = apt.run([self.path, "--version"]).splitlines()[0]
    if self.family == "clang":
      linker = "lld"
    else:
      linker = "GNU ld " + apt.run([self.path, "-Wl,--version", "-nostdlib"]).splitlines()[0].split()[-1]
    return f"{re.search(r'[0-9]+[.][0-9.]+', output).group(0)}, {linker}"


@dataclass(frozen=True)
class Emulator:
  """QEMU. The folder is put before the others of PATH; it is None for what this machine has."""

  version: str
  folder: str | None = None


def version_of_qemu(program):
  return re.search(r"version ([0-9.]+)", apt.run([program, "--version"])).group(1)


def installed(family, version):
  """The compiler of that version if this machine has it, under its own name or under the family's."""
  path = shutil.which(INSTALLED[family].format(version))
  if path is None and family == "gcc":
    plain = shutil.which("aarch64-linux-gnu-g++")
    if plain and subprocess.check_output([plain, "-dumpversion"], text=True).split(".")[0].strip() == str(version):
      path = plain
  return Compiler(family, version, path) if path else None


def all_installed():
  """What this machine has, whatever its version, from the oldest to the newest, clang first."""
  found = [installed(family, version) for family, oldest in OLDEST.items() for version in range(oldest, oldest + 30)]
  return [compiler for compiler in found if compiler]


class Fetcher:
  """Fetches, and unpacks. What is there already is whole, and is used."""

  def __init__(self, folder):
    self.folder = Path(folder).resolve()
    self.suites = {name: apt.Suite(self.folder, name, "amd64") for name in SUITES}

  def versions(self, family):
    """Each version that can be had, with the suite that it comes from; None stands for this machine."""
    found = {}
    for name, suite in self.suites.items():
      names = set(suite.names())
      for version in range(OLDEST[family], OLDEST[family] + 30):
        if names.issuperset(packages_of(family, version)):
          found.setdefault(version, name)
    for compiler in all_installed():
      if compiler.family == family:
        found[compiler.version] = None
    return dict(sorted(found.items()))

  def root(self, name, suite, packages):
    """The folder with these packages, all that they depend on, and programs that run with what is in it."""
    root = self.folder / "unpacked" / name
    if not root.exists():
      print(f"compilers: fetching {name} from {suite}", flush=True)
      files = self.suites[suite].fetch(self.suites[suite].with_dependencies(packages))
      unpacked.unpack_system(files, root)
    return root

  def compiler(self, family, version, suite):
    if suite is None:
      return installed(family, version)
    root = self.root(f"{family}-{version}", suite, packages_of(family, version))
    return Compiler(family, version, str(root / IN_FOLDER[family].format(version)))

  @staticmethod
  def installed_emulators():
    return [Emulator(version_of_qemu("qemu-system-aarch64"))]

  def emulators(self):
    """This machine's, and the newest."""
    folder = self.root("qemu", SUITES[-1], ["qemu-system-arm"]) / "usr/bin"
    newest = Emulator(version_of_qemu(str(folder / "qemu-system-aarch64")), str(folder))
    return [*self.installed_emulators(), newest]
