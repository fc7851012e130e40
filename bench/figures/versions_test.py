# SPDX-License-Identifier: MIT
"""Versions, as CMake writes them down."""

import tempfile
import unittest
from pathlib import Path

import versions

FILE = """set(CMAKE_CXX_COMPILER "/usr/bin/g++")
set(CMAKE_CXX_COMPILER_ID "{id}")
set(CMAKE_CXX_COMPILER_VERSION "{number}")
"""


class VersionsTest(unittest.TestCase):
  def compiler(self, *texts):
    with tempfile.TemporaryDirectory() as folder:
      for number, text in enumerate(texts):
        path = Path(folder) / f"CMakeFiles/{number}/CMakeCXXCompiler.cmake"
        path.parent.mkdir(parents=True)
        path.write_text(text)
      return versions.compiler_of(Path(folder))

  def test_names_a_compiler_as_people_do(self):
    self.assertEqual(self.compiler(FILE.format(id="GNU", number="12.2.0")), "GCC 12.2.0")
    self.assertEqual(self.compiler(FILE.format(id="Clang", number="19.1.7")), "Clang 19.1.7")

  def test_refuses_a_folder_that_does_not_say_which_compiler(self):
    one = FILE.format(id="GNU", number="12.2.0")
    for texts in ((), ("",), (one, one)):
      with self.subTest(texts), self.assertRaises(ValueError):
        self.compiler(*texts)


if __name__ == "__main__":
  unittest.main()
