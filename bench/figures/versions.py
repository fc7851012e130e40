# SPDX-License-Identifier: MIT
"""What the figures were made with: compilers and emulator."""

import re
import subprocess


def compiler_of(build):
  """Name and version of the C++ compiler of a build folder, as CMake found them."""
  files = sorted(build.glob("CMakeFiles/*/CMakeCXXCompiler.cmake"))
  if len(files) != 1:
    raise ValueError(f"{build}: {len(files)} compilers")
  found = dict(re.findall(r'^set\(CMAKE_CXX_COMPILER_(ID|VERSION) "([^"]+)"\)$', files[0].read_text(), re.MULTILINE))
  if len(found) != 2:
    raise ValueError(f"{files[0]}: no name and version")
  return f"{found['ID'].replace('GNU', 'GCC')} {found['VERSION']}"


def emulator():
  text = subprocess.run(["qemu-system-aarch64", "--version"], check=True, capture_output=True, text=True).stdout
  match = re.match(r"QEMU emulator version (\S+)", text)
  if match is None:
    raise ValueError(f"qemu-system-aarch64: no version in {text!r}")
  return f"QEMU {match.group(1)}"


def collect(builds):
  """By what they are: clang, gcc, qemu."""
  return {
    "clang": compiler_of(builds / "clang-O2"),
    "gcc": compiler_of(builds / "gcc-O2"),
    "qemu": emulator(),
  }
