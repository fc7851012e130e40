# SPDX-License-Identifier: MIT
"""What a guest needs to leave the dump of a crash: kexec(8) of the distribution, and a kernel that runs afterwards. And
what the kernel that panics says of itself, beside what the tool says of it."""

import re

import apt
import initramfs

SUITE = "bookworm"
PACKAGE = "kexec-tools"
KEXEC = "sbin/kexec"
LOADER = "lib/ld-linux-aarch64.so.1"
LIBRARIES = "lib/aarch64-linux-gnu"
FOLDER, PROGRAM, DATA = initramfs.FOLDER | 0o755, initramfs.REGULAR | 0o755, initramfs.REGULAR | 0o644


def fetch(store):
  """The folders of the package and of those that it needs, unpacked."""
  suite = apt.Suite(store, SUITE, "arm64")
  names = suite.with_dependencies([PACKAGE])
  return [apt.unpack(package, store / "unpacked" / SUITE / name) for name, package in zip(names, suite.fetch(names))]


def content(roots, name):
  for root in roots:
    if (root / name).is_file():
      return root.joinpath(name).read_bytes()
  raise apt.FetchError(f"neither {PACKAGE} nor what it needs has {name}")


def libraries(roots):
  """All shared libraries, by the names that programs know them by."""
  found = {}
  for root in roots:
    for folder in (root / LIBRARIES, root / "usr" / LIBRARIES):
      found.update({path.name: path.read_bytes() for path in folder.glob("lib*.so.*") if path.is_file()})
  return found


def files(roots, image, program):
  """What the initial file system has to have: {path: (mode, content)}. All libraries are in one folder."""
  after = initramfs.archive({"init": (PROGRAM, program.read_bytes())})
  return {
    "crash": (FOLDER, b""),
    "crash/image": (DATA, image.read_bytes()),
    "crash/initramfs": (DATA, after),
    "crash/kexec": (PROGRAM, content(roots, KEXEC)),
    **{f"crash/{name}": (DATA, data) for name, data in sorted(libraries(roots).items())},
    "lib": (FOLDER, b""),
    LOADER: (PROGRAM, content(roots, LOADER)),
  }


LINE = re.compile(r"^\[[ \d.]+\]  ([\w.]+)\+0x[0-9a-f]+/0x[0-9a-f]+")
# Before them are the functions that print in the one trace, and those that save the registers in the other.
PANIC = ("panic", "vpanic")


def from_panic(functions):
  first = next((index for index, name in enumerate(functions) if name in PANIC), len(functions))
  return functions[first:]


def panic_of(text):
  """The functions of the trace that a kernel prints as it panics, from panic on."""
  _, _, behind = text.replace("\r", "").partition("Kernel panic - not syncing")
  _, _, trace = behind.partition("Call trace:\n")
  functions = []
  for line in trace.split("\n"):
    found = LINE.match(line)
    if found is None:
      break
    functions.append(found.group(1))
  return from_panic(functions)


def difference(said, panicked):
  """What is wrong with the trace of the task that panicked, or nothing."""
  task = next((task for task in said["tasks"] if task["pid"] == 1), None)
  if task is None or not task["is_running"]:
    return "the task that panicked does not run"
  ours = from_panic([frame["function"] for frame in task["frames"]])
  if not panicked or ours != panicked:
    return f"the kernel: {' < '.join(panicked) or 'nothing'}; ours: {' < '.join(ours) or 'nothing'}"
  if task["verdict"]["reliability"] != "reliable":
    return f"not reliable: {', '.join(task['verdict']['evidence'])}"
  return ""
