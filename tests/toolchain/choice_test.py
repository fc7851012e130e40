# SPDX-License-Identifier: MIT
"""Which compiler is chosen, among stand-ins in a folder that is all of PATH."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CMAKE = os.environ.get("CMAKE", "/usr/bin/cmake")
CLANG = """#!/bin/sh
case "$*" in
  --version) echo "clang version {version}.1.0" ;;
  -print-resource-dir) echo "{resources}" ;;
  *-fsyntax-only*) case "$*" in *{compiles}/include*) ;; *) echo "error: no such builtin" >&2; exit 1 ;; esac ;;
esac
"""
TOOL = '#!/bin/sh\necho "{name} {version}.1.0"\n'
GCC = '#!/bin/sh\necho "aarch64-linux-gnu-g++ 12.2.0"\n'


class ChoiceTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = Path(folder.name).resolve()
    self.bin = self.folder / "bin"
    self.bin.mkdir()

  def add(self, path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path

  def clang(self, version, name=None, lld=True, ar=True, headers=True, compiles=None):
    """A clang as distributions install it. It compiles the headers of libc++ `compiles`, or all."""
    llvm = self.folder / f"llvm-{version}"
    name = name or f"clang++-{version}"
    resources = llvm / f"lib/clang/{version}"
    resources.mkdir(parents=True, exist_ok=True)
    text = CLANG.format(version=version, resources=resources, compiles=f"llvm-{compiles}" if compiles else "")
    self.add(self.bin / name.replace("++", ""), text)
    if lld:
      self.add(self.bin / f"ld.lld-{version}", TOOL.format(name="Debian LLD", version=version))
    if ar:
      self.add(self.bin / f"llvm-ar-{version}", TOOL.format(name="Debian LLVM version", version=version))
    if headers:
      self.add(llvm / "include/c++/v1/expected", "")
    return self.add(self.bin / name, text)

  def gcc(self, name="aarch64-linux-gnu-g++"):
    self.add(self.bin / name.replace("g++", "gcc"), GCC)
    return self.add(self.bin / name, GCC)

  def show(self, *definitions, toolchain="aarch64-none-elf"):
    """What the toolchain file sets, and all that it says."""
    command = [CMAKE, *definitions, f"-DTOOLCHAIN={ROOT}/toolchains/{toolchain}.cmake"]
    command += ["-P", str(Path(__file__).with_name("show.cmake"))]
    environment = {"PATH": str(self.bin)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=self.folder)
    said = re.sub(r"\s+", " ", done.stdout + done.stderr)
    values = dict(re.findall(r"^-- ([A-Z_]+)=(.*)$", done.stdout, re.MULTILINE))
    self.assertEqual(done.returncode == 0, bool(values), said)
    return values, said

  def chosen(self, *definitions, **more):
    values, said = self.show(*definitions, **more)
    self.assertTrue(values, said)
    return Path(values["CMAKE_CXX_COMPILER"].split(";")[0]).name

  def refusal(self, *definitions):
    values, said = self.show(*definitions)
    self.assertFalse(values, said)
    return said

  def test_the_newest_clang_is_taken(self):
    for version in (19, 22, 9):
      self.clang(version)
    self.clang(21, name="clang++")
    self.assertEqual(self.chosen(), "clang++-22")

  def test_one_without_a_version_in_its_name_counts_by_what_it_says(self):
    self.clang(19)
    self.clang(23, name="clang++")
    self.assertEqual(self.chosen(), "clang++")

  def test_one_without_its_linker_is_passed_over_and_it_is_said_why(self):
    self.clang(19)
    self.clang(23, lld=False)
    values, said = self.show()
    self.assertIn("bin/clang++-19", values["CMAKE_CXX_COMPILER"])
    self.assertIn("bin/ld.lld-19", values["SUREFOOT_LLD"])
    self.assertIn("clang++-23: ld.lld of version 23 is missing", said)

  def test_a_linker_of_another_version_does_not_count(self):
    self.clang(23, lld=False)
    self.add(self.bin / "ld.lld", TOOL.format(name="LLD", version=19))
    self.assertIn("ld.lld of version 23 is missing", self.refusal("-DSUREFOOT_TOOLCHAIN=clang"))

  def test_one_without_its_tools_or_headers_is_passed_over(self):
    self.clang(22, ar=False)
    self.clang(23, headers=False, compiles=23)
    self.clang(19)
    values, said = self.show()
    self.assertIn("bin/clang++-19", values["CMAKE_CXX_COMPILER"])
    self.assertIn("clang++-22: llvm-ar of version 22 is missing", said)
    self.assertIn("error: no such builtin", said)

  def test_headers_are_those_of_the_version_or_else_the_newest_that_it_compiles(self):
    self.clang(18, compiles=19)
    for version in (19, 22):
      self.add(self.folder / f"llvm-{version}/include/c++/v1/expected", "")
    self.assertEqual(self.show()[0]["SUREFOOT_LIBCXX"], str(self.folder / "llvm-19/include/c++/v1"))
    self.clang(23)
    self.assertEqual(self.show()[0]["SUREFOOT_LIBCXX"], str(self.folder / "llvm-23/include/c++/v1"))

  def test_an_old_one_is_not_taken(self):
    self.clang(16)
    self.clang(14, name="clang++")
    said = self.refusal("-DSUREFOOT_TOOLCHAIN=clang")
    self.assertIn("from version 17 on", said)
    self.assertIn("it is older than 17", said)

  def test_gcc_is_taken_if_there_is_no_clang_or_if_it_is_asked_for(self):
    self.gcc()
    self.assertEqual(self.chosen(), "aarch64-linux-gnu-g++")
    self.clang(19)
    self.assertEqual(self.chosen(), "clang++-19")
    self.assertEqual(self.chosen("-DSUREFOOT_TOOLCHAIN=gcc"), "aarch64-linux-gnu-g++")

  def test_gcc_with_a_version_in_its_name_will_do(self):
    self.gcc("aarch64-linux-gnu-g++-13")
    self.gcc("aarch64-linux-gnu-g++-15")
    values, _ = self.show()
    self.assertIn("bin/aarch64-linux-gnu-g++-15;", values["CMAKE_CXX_COMPILER"])
    self.assertIn("bin/aarch64-linux-gnu-gcc-15;", values["CMAKE_C_COMPILER"])

  def test_a_given_compiler_wins(self):
    self.clang(19)
    self.clang(23)
    gcc = self.gcc()
    self.assertEqual(self.chosen("-DCMAKE_CXX_COMPILER=clang++-19"), "clang++-19")
    self.assertEqual(self.chosen("-DCMAKE_C_COMPILER=clang-19"), "clang++-19")
    self.assertEqual(self.chosen(f"-DCMAKE_CXX_COMPILER={gcc}"), "aarch64-linux-gnu-g++")
    self.assertIn("is not", self.refusal(f"-DCMAKE_CXX_COMPILER={gcc}", "-DSUREFOOT_TOOLCHAIN=clang"))

  def test_a_given_compiler_that_cannot_be_used_is_an_error(self):
    self.clang(19)
    self.clang(23, lld=False)
    self.assertIn("ld.lld of version 23 is missing", self.refusal("-DCMAKE_CXX_COMPILER=clang++-23"))
    self.assertIn("no such compiler: clang++-24", self.refusal("-DCMAKE_CXX_COMPILER=clang++-24"))
    other = self.clang(19, name="my-cxx")
    self.assertIn("set both", self.refusal(f"-DCMAKE_CXX_COMPILER={other}"))

  def test_for_linux_too(self):
    self.clang(19)
    self.clang(23, lld=False)
    self.gcc()
    linux = {"toolchain": "aarch64-linux-gnu"}
    self.assertEqual(self.chosen(**linux), "aarch64-linux-gnu-g++")
    self.assertEqual(self.chosen("-DSUREFOOT_TOOLCHAIN=clang", **linux), "clang++-23")
    self.assertEqual(self.chosen("-DCMAKE_CXX_COMPILER=clang++-19", **linux), "clang++-19")


if __name__ == "__main__":
  unittest.main()
