# SPDX-License-Identifier: MIT
"""Packages of another suite, unpacked into one folder whose programs run with the libraries that are in it."""

from pathlib import Path

import apt

UNPACK = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"'
LOADER = "lib64/ld-linux-x86-64.so.2"
LIBRARY_FOLDERS = ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu")


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
  lines = ["#!/bin/sh", 'self=$(readlink -f "$0")', f'root=$(readlink -f "${{self%/*}}/{up}")']
  if path.name == "clang":
    # It looks for its headers beside the file that runs, which is the loader, unless it is told to go by its name.
    lines.append('case ${1-} in -cc1*) ;; *) set -- -no-canonical-prefixes "$@" ;; esac')
  lines.append(f'exec "$root/{LOADER}" --library-path "{libraries}" --argv0 "$0" "$self.program" "$@"')
  return "\n".join(lines) + "\n"


def llvm_folders(root):
  return [str(path.relative_to(root)) for path in sorted(root.glob("usr/lib/llvm-*/lib"))]


def unpack_system(files, root):
  """Unpacks packages into one folder, which is there only when it is whole."""
  partial = Path(root).with_name(root.name + ".partial")
  apt.run(["rm", "-rf", str(partial)])
  partial.mkdir(parents=True)
  # A folder that is a link in one suite's base system.
  for name in ("lib", "lib64", "bin", "sbin"):
    (partial / "usr" / name).mkdir(parents=True)
    (partial / name).symlink_to(f"usr/{name}")
  for file in files:
    apt.run(["sh", "-c", UNPACK, "sh", file, partial])
  wrap_programs(partial)
  partial.rename(root)
