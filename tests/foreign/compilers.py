# SPDX-License-Identifier: MIT
"""The compilers of the matrix: those of this machine, and others, unpacked from the distribution's suites."""

from dataclasses import dataclass, field
from pathlib import Path

import apt
import unpacked

# What the compilers load, by suite: they run with the C library of their own suite.
COMMON = (
  "libc6 libstdc++6 libgcc-s1 zlib1g libzstd1 libedit2 libffi8 libz3-4 libtinfo6 libbsd0 libmd0 liblzma5 libjansson4 "
  "libgmp10 libisl23 libmpc3 libmpfr6"
).split()
LIBRARIES = {
  "bookworm": [*COMMON, "libxml2", "libicu72"],
  "trixie": [*COMMON, "libxml2", "libicu76"],
  "sid": [*COMMON, "libxml2-16", "libsframe3", "binutils-aarch64-linux-gnu"],
}
# By version. The suffix is of the names of LLVM's libraries.
CLANGS = {
  14: ("bookworm", ""),
  15: ("bookworm", ""),
  16: ("bookworm", ""),
  17: ("trixie", "t64"),
  18: ("trixie", ""),
  21: ("sid", ""),
  22: ("sid", ""),
  23: ("sid", ""),
}
GCCS = {13: "sid", 14: "sid", 15: "sid", 16: "sid"}


def newest_readelf(folder):
  """The newest readelf that is here: those before 2.44 do not know all of the CFI of new compilers."""
  found = sorted(Path(folder).resolve().glob("compilers/gcc-*/usr/bin/aarch64-linux-gnu-readelf"))
  return str(found[-1]) if found else "aarch64-linux-gnu-readelf"


@dataclass(frozen=True)
class Compiler:
  """A compiler, and the linker that goes with it, as the beginnings of command lines."""

  family: str
  version: int
  c: list = field(hash=False)
  linker: list = field(hash=False)

  @property
  def name(self):
    return f"{self.family} {self.version}"


def of_this_machine():
  return [
    Compiler("clang", 19, ["clang-19"], ["ld.lld-19"]),
    Compiler("gcc", 12, ["aarch64-linux-gnu-gcc"], []),
  ]


def packages_of(family, version):
  """The suite, and the packages that hold the compiler itself."""
  if family == "gcc":
    return GCCS[version], [f"{part}-{version}-aarch64-linux-gnu" for part in ("gcc", "g++", "cpp")]
  suite, suffix = CLANGS[version]
  libraries = [f"{library}{version}{suffix}" for library in ("libllvm", "libclang-cpp")]
  return suite, [f"clang-{version}", f"lld-{version}", *libraries]


class Compilers:
  """Fetches compilers. A folder for each holds it and all that it loads."""

  def __init__(self, folder):
    self.folder = Path(folder).resolve()

  def root_of(self, family, version):
    root = self.folder / "compilers" / f"{family}-{version}"
    if root.exists():
      return root
    suite, packages = packages_of(family, version)
    files = apt.Suite(self.folder, suite, "amd64").fetch([*LIBRARIES[suite], *packages])
    unpacked.unpack_system(files, root)
    return root

  def get(self, family, version):
    root = self.root_of(family, version)
    if family == "gcc":
      return Compiler(family, version, [str(root / f"usr/bin/aarch64-linux-gnu-gcc-{version}")], [])
    binaries = root / f"usr/lib/llvm-{version}/bin"
    return Compiler(family, version, [str(binaries / "clang")], [str(binaries / "ld.lld")])

  def all(self):
    """From the oldest to the newest, clang first."""
    found = [*of_this_machine()]
    found += [self.get("clang", version) for version in CLANGS]
    found += [self.get("gcc", version) for version in GCCS]
    return sorted(found, key=lambda compiler: (compiler.family, compiler.version))
