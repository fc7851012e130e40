# SPDX-License-Identifier: MIT
"""The distribution's kernels that are booted, by release line: their versions change with each update."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import apt

SUITES = {"6.1": "bookworm", "6.12": "bookworm-backports", "newest": "sid", "16k": "sid", "rt": "sid"}
# What stands for the packages with debug information: of the newest kernel also with pages of 16 KiB, and real-time.
SYMBOLS = "linux-image-cloud-arm64-dbg"
FLAVOURS = {"16k": "linux-image-arm64-16k-dbg", "rt": "linux-image-rt-arm64-dbg"}
VMLINUX = "./usr/lib/debug/*vmlinux*"  # one file, and links to it


@dataclass(frozen=True)
class Kernel:
  """One kernel, on disk. `modules` is the folder that holds them, at any depth."""

  line: str
  release: str
  image: Path
  vmlinux: Path
  modules: Path


def unpack_vmlinux(package, folder):
  """Unpacks the kernel with debug information alone, once: the modules' debug information is larger, and not needed."""
  if not folder.exists():
    partial = folder.with_name(folder.name + ".partial")
    subprocess.run(["rm", "-rf", str(partial)], check=True)
    partial.mkdir(parents=True)
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as stream:
      done = subprocess.run(
        ["tar", "-x", "-C", str(partial), "--wildcards", VMLINUX], stdin=stream.stdout, capture_output=True, check=False
      )
      stream.stdout.read()  # what tar left: dpkg-deb is not to end early
    if done.returncode != 0 or stream.returncode != 0:
      raise apt.FetchError(f"{package.name}: cannot be unpacked: {done.stderr.decode(errors='replace').strip()}")
    partial.rename(folder)
  return folder


def only(folder, pattern):
  found = sorted(path for path in folder.glob(pattern) if path.is_file() and not path.is_symlink())
  if len(found) != 1:
    raise apt.FetchError(f"{folder} has {len(found)} files {pattern}: look what the package has now")
  return found[0]


def parts_of(package, text):
  """The packages that hold a kernel and its modules: newer ones have them apart."""
  parts = [name for name in apt.dependencies_of(text) if re.match(r"linux-(binary|modules)-\d", name)]
  return [package, *parts]


def fetch(line, folder):
  """A kernel of a release line, fetched and unpacked, once."""
  suite = apt.Suite(folder, SUITES[line], "arm64")
  symbols = suite.stands_for(FLAVOURS.get(line, SYMBOLS), r"linux-image-\d")
  image = symbols.removesuffix("-dbg")
  parts = parts_of(image, suite.depends(image))
  unpacked = folder / "unpacked" / SUITES[line]
  vmlinux = unpack_vmlinux(suite.fetch([symbols])[0], unpacked / symbols)
  for name, package in zip(parts, suite.fetch(parts)):
    apt.unpack(package, unpacked / name)
  roots = [unpacked / name for name in parts]
  with_image = [root for root in roots if list(root.glob("**/vmlinuz*"))]
  with_modules = [root for root in roots if list(root.glob("**/vsock.ko*"))]
  if not with_image or not with_modules:
    raise apt.FetchError(f"{image}: neither it nor {', '.join(parts[1:])} has a kernel and its modules")
  return Kernel(
    line,
    image.removeprefix("linux-image-"),
    only(with_image[0], "**/vmlinuz*"),
    only(vmlinux, "usr/lib/debug/**/vmlinux*"),
    with_modules[0],
  )
