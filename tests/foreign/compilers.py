# SPDX-License-Identifier: MIT
"""The compilers of the matrix: those of this machine, and others, unpacked from the distribution's suites."""

import apt
from dataclasses import dataclass, field
from pathlib import Path

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
UNPACK = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"'
LOADER = "lib64/ld-linux-x86-64.so.2"
LIBRARY_FOLDERS = ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu")


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


def is_program(path):
  """True of an ELF program that asks for a loader."""
  if path.is_symlink() or not path.is_file() or path.suffix == ".so" or ".so." in path.name:
    return False
  with path.open("rb") as file:
    head = file.read(4096)
  return head[:4] == b"\x7fELF" and b"/ld-linux-x86-64.so.2\0" in head


def wrap_programs(root):
  """Each program becomes a script that starts it with the loader and the libraries of the folder, whose C library is
  not this machine's. The folder may be moved."""
  folders = (*LIBRARY_FOLDERS, *llvm_folders(root))
  for part in ("usr/bin", "usr/lib", "usr/libexec"):
    for path in sorted((root / part).rglob("*")):
      if is_program(path):
        path.rename(path.with_name(path.name + ".program"))
        path.write_text(script_of(path.relative_to(root), folders))
        path.chmod(0o755)


def script_of(path, folders):
  """The script that stands for the program at a path in the folder."""
  up = "../" * (len(path.parts) - 1)
  libraries = ":".join(f"$root/{folder}" for folder in folders)
  return (
    f'#!/bin/sh\nself=$(readlink -f "$0")\nroot=$(readlink -f "${{self%/*}}/{up}")\n'
    f'exec "$root/{LOADER}" --library-path "{libraries}" --argv0 "$0" "$self.program" "$@"\n'
  )


def llvm_folders(root):
  return [str(path.relative_to(root)) for path in sorted(root.glob("usr/lib/llvm-*/lib"))]


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
    partial = root.with_name(root.name + ".partial")
    apt.run(["rm", "-rf", str(partial)])
    partial.mkdir(parents=True)
    # A folder that is a link in one suite's base system.
    for name in ("lib", "lib64", "bin"):
      (partial / "usr" / name).mkdir(parents=True)
      (partial / name).symlink_to(f"usr/{name}")
    for file in files:
      apt.run(["sh", "-c", UNPACK, "sh", file, partial])
    wrap_programs(partial)
    partial.rename(root)
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
