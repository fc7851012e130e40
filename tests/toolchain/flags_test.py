# SPDX-License-Identifier: MIT
"""What the toolchain files choose on this machine, in a project whose user has flags of their own and whose paths have
blanks."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from choice_test import CMAKE, ROOT

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(mine LANGUAGES C CXX ASM)
add_executable(mine main.cpp part.c start.S)
target_compile_features(mine PRIVATE cxx_std_23)
"""
MAIN = """
#include <cstddef>
#include <expected>
#include <new>  // none of them may be those of the host
#ifndef MINE
#error "the user's flag is lost"
#endif
#if __STDC_HOSTED__
#error "not freestanding"
#endif
extern "C" int part(void);
extern "C" [[noreturn]] void begin(void) { for (;;) (void)std::expected<int, int>(part()).value_or(1); }
"""


class FlagsTest(unittest.TestCase):
  def build(self, compiler, family):
    with tempfile.TemporaryDirectory(prefix="with blanks ") as name:
      folder = Path(name).resolve()
      shutil.copytree(ROOT / "toolchains", folder / "a copy/toolchains")
      shutil.copytree(ROOT / "cmake/libcxx", folder / "a copy/cmake/libcxx")
      mine = folder / "mine"
      mine.mkdir()
      (mine / "CMakeLists.txt").write_text(PROJECT)
      (mine / "main.cpp").write_text(MAIN)
      (mine / "part.c").write_text("int part(void) { return MINE; }\n")
      (mine / "start.S").write_text(".global _start\n_start: b begin\n")
      definitions = [
        f"-DCMAKE_TOOLCHAIN_FILE={folder}/a copy/toolchains/aarch64-none-elf.cmake",
        f"-DSUREFOOT_TOOLCHAIN={family}",
        "-DCMAKE_C_FLAGS=-DMINE=7",
        "-DCMAKE_CXX_FLAGS=-DMINE=7 -fno-exceptions -Werror",
        "-DCMAKE_ASM_FLAGS=-DMINE=7",
        "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--build-id=none",
      ]
      if compiler:
        # Under its own name in a folder with a blank.
        real = shutil.which(compiler)
        self.assertIsNotNone(real, f"{compiler} is not here: scripts/setup installs it")
        (folder / "bin of mine").mkdir()
        for driver in (real, real.replace("clang++", "clang").replace("-g++", "-gcc")):
          (folder / "bin of mine" / Path(driver).name).symlink_to(driver)
        definitions.append(f"-DCMAKE_CXX_COMPILER={folder}/bin of mine/{compiler}")
      # Twice: what was chosen is found again.
      for _ in range(2):
        self.call([CMAKE, "-G", "Ninja", "-S", mine, "-B", folder / "build", *definitions])
        self.call([CMAKE, "--build", folder / "build"])
      with (folder / "build/mine").open("rb") as file:
        head = file.read(20)
      self.assertEqual((head[:4], head[18]), (b"\x7fELF", 183), "an ELF file for AArch64")

  def call(self, command):
    environment = {name: value for name, value in os.environ.items() if not name.endswith("FLAGS")}
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True, check=False)
    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

  def test_clang(self):
    self.build("clang++-19", "")

  def test_gcc(self):
    self.build("aarch64-linux-gnu-g++", "")

  def test_whatever_clang_is_chosen(self):
    self.build(None, "clang")


if __name__ == "__main__":
  unittest.main()
