# SPDX-License-Identifier: MIT
"""The compilers, and what they are asked for."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import compilers
import matrix
import unpacked
from compilers import Compiler


class MatrixTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = Path(folder.name)

  def stand_in(self, text, code):
    """A compiler that says something and ends."""
    path = self.folder / "compiler"
    path.write_text(f"#!/bin/sh\necho '{text}' >&2\nexit {code}\n")
    path.chmod(0o755)
    return Compiler("gcc", 12, [str(path)], [])

  def build(self, compiler):
    variant = matrix.same("x", "-O2", "-fx")
    return matrix.build(compiler, variant, self.folder / "image")

  def test_a_flag_that_is_refused(self):
    for text in ("cc1: error: unrecognized command-line option -fx", "clang: error: unsupported value of option -fx"):
      with self.subTest(text), self.assertRaisesRegex(matrix.Refused, "option"):
        self.build(self.stand_in(text, 1))

  def test_a_compiler_that_fails_is_no_refusal(self):
    with self.assertRaisesRegex(matrix.CompilerError, "segmentation"):
      self.build(self.stand_in("error: segmentation fault", 1))

  def test_a_family_without_such_a_flag(self):
    with self.assertRaisesRegex(matrix.Refused, "no such flag"):
      matrix.build(self.stand_in("", 0), matrix.Variant("x", ("-fx",), None), self.folder / "image")

  def test_knows_whose_cfi_is_right_at_calls_only(self):
    by_name = {variant.name: variant for variant in matrix.VARIANTS}
    cases = (
      ("clang", 14, "O2", True),
      ("clang", 15, "O2", False),
      ("clang", 16, "Os", False),
      ("clang", 16, "Oz", True),
      ("clang", 19, "sync", True),
      ("gcc", 12, "sync", False),
      ("gcc", 16, "Oz", False),
    )
    for family, version, variant, expected in cases:
      with self.subTest(f"{family} {version} {variant}"):
        compiler = Compiler(family, version, [], [])
        self.assertEqual(matrix.is_synchronous(compiler, by_name[variant]), expected)

  def test_names_are_there_once_and_the_short_ones_exist(self):
    names = [variant.name for variant in matrix.VARIANTS]
    self.assertEqual(len(names), len(set(names)))
    self.assertLess(set(matrix.SHORT), set(names))


class CompilersTest(unittest.TestCase):
  def test_programs_are_started_by_the_loader_of_their_suite_wherever_the_folder_is(self):
    with tempfile.TemporaryDirectory() as name:
      folder = Path(name) / "first"
      program, library = Path("usr/bin/cc"), Path("usr/lib/libx.so.1")
      for path in (folder / program, folder / library, folder / unpacked.LOADER):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x7fELF" + bytes(99) + b"/lib64/ld-linux-x86-64.so.2\0")
      unpacked.wrap_programs(folder)
      (folder / unpacked.LOADER).write_text('#!/bin/sh\necho "$@"\n')
      (folder / unpacked.LOADER).chmod(0o755)
      moved = folder.rename(Path(name) / "at last").resolve()
      arguments = subprocess.run([moved / program, "-c"], check=True, capture_output=True, text=True).stdout
      self.assertTrue(arguments.startswith(f"--library-path {moved}/"), arguments)
      self.assertTrue(arguments.endswith(f" --argv0 {moved}/usr/bin/cc {moved}/usr/bin/cc.program -c\n"), arguments)
      for path in (moved / "usr/bin/cc.program", moved / library):
        self.assertTrue(path.read_bytes().startswith(b"\x7fELF"))

  def test_a_compiler_comes_with_its_libraries(self):
    suite, packages = compilers.packages_of("clang", 17)
    self.assertEqual((suite, packages[0]), ("trixie", "clang-17"))
    self.assertIn("libllvm17t64", packages)
    self.assertEqual(compilers.packages_of("gcc", 16)[1][2], "cpp-16-aarch64-linux-gnu")


if __name__ == "__main__":
  unittest.main()
