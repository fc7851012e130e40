# SPDX-License-Identifier: MIT
"""Scripts work from wherever they are called, and a check that cannot look fails."""

import shutil
import subprocess
import unittest

from stand_ins import SCRIPTS, Checkout

PROJECT = SCRIPTS.parent
FEW = """awk bash cat cp cut date dirname env flock grep kill ln mkdir mkfifo mktemp mv paste printf readlink rm sed sh
sleep sort tail tee timeout touch tr wc xargs find head""".split()


class Surroundings(unittest.TestCase):
  def setUp(self):
    self.checkout = Checkout()
    self.addCleanup(self.checkout.close)

  def environment_of_few(self, *but):
    """A search path with the stand-ins and the programs that scripts are made of, but not these."""
    folder = self.checkout.root / "few"
    folder.mkdir(exist_ok=True)
    for name in (*FEW, *(path.name for path in (self.checkout.root / "bin").iterdir())):
      (folder / name).unlink(missing_ok=True)
      if name not in but:
        stand_in = self.checkout.root / "bin" / name
        (folder / name).symlink_to(stand_in if stand_in.exists() else shutil.which(name))
    return {**self.checkout.environment(), "PATH": str(folder)}

  def test_scripts_may_be_called_through_links_and_from_anywhere(self):
    away = self.checkout.root / "a way"
    away.mkdir()
    for script, *arguments in (
      ("demo", "plain"),
      ("sweep", "--list"),
      ("torture", "--list"),
      ("corrupt", "--short"),
      ("fuzz", "one"),
      ("bench", "--check"),
      ("mutate", "--list"),
      ("foreign", "--list"),
      ("linux-dump", "--list"),
      ("test", "host"),
      ("setup", "--list"),
      ("run-kernel", "../build/bare-metal/examples/kernel/surefoot-kernel.elf"),
    ):
      with self.subTest(script=script):
        link = away / f"my {script}"
        link.symlink_to(self.checkout.root / "scripts" / script)
        status, _, error, calls = self.checkout.run(script, *arguments, path=link, cwd=away)
        self.assertEqual(status, 0, error)
        self.assertTrue(calls or script == "setup")

  def test_a_search_path_for_folders_changes_nothing(self):
    environment = {**self.checkout.environment(), "CDPATH": "/usr:/"}
    status, output, error, _ = self.checkout.run("demo", env=environment, cwd="/")
    self.assertEqual((status, output), (0, "demo: 1 scenarios, 1 as expected\n"), error)

  def test_a_tool_of_the_caller_is_looked_for_where_the_caller_is(self):
    environment = {**self.checkout.environment(), "SUREFOOT_TOOL": "bin/true"}
    for script, *arguments in (("bench", "--check"), ("foreign", "--short"), ("linux-dump", "--short")):
      status, _, error, calls = self.checkout.run(script, *arguments, env=environment, cwd="/")
      self.assertEqual(status, 0, error)
      self.assertIn("//bin/true", calls[-1])

  def test_missing_tools_are_named(self):
    for tool, code, message, script, *arguments in (
      ("qemu-system-aarch64", 2, "run-kernel: qemu-system-aarch64 is missing", "demo"),
      ("qemu-system-aarch64", 2, "run-kernel: qemu-system-aarch64 is missing", "sweep"),
      ("cmake", 1, "cmake: command not found\ndemo: not built", "demo"),
      ("cmake", 2, "cmake: command not found\nbench: failed", "bench", "--check"),
      ("cmake", 1, "cmake: command not found\ntest: these failed: host", "test", "host"),
      ("flock", 1, "demo: flock is missing", "demo"),
    ):
      with self.subTest(tool=tool, script=script):
        environment = self.environment_of_few()
        self.assertEqual(self.checkout.run(script, *arguments, env=environment)[0], 0)
        environment = self.environment_of_few(tool)
        status, _, error, _ = self.checkout.run(script, *arguments, env=environment)
        self.assertEqual(status, code)
        self.assertIn(message, error)


class Checks(unittest.TestCase):
  """The checks of the sources, on a copy that nobody keeps under version control."""

  def setUp(self):
    self.checkout = Checkout()
    self.addCleanup(self.checkout.close)
    self.root = self.checkout.root / "sources"
    for folder in ("scripts", "src", "include", "tools", "cmake"):
      shutil.copytree(PROJECT / folder, self.root / folder)

  def check(self, *arguments, **options):
    command = [self.root / "scripts/check-style", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stdout + done.stderr

  def finds_what_is_wrong(self, **options):
    wrong = self.root / "src/unwind/wrong.cpp"
    for check, text, message in (
      ("spdx", "int wrong;\n", "src/unwind/wrong.cpp: no SPDX line"),
      ("length", "//" + 120 * "x" + "\n", "src/unwind/wrong.cpp:1: longer than 120 characters"),
      ("length", 501 * "\n", "src/unwind/wrong.cpp: 501 lines"),
      ("headers", "#include <vector>\n", "src/unwind/wrong.cpp:1:vector"),
      ("includes", '#include "tests/a.hpp"\n', "src/unwind/wrong.cpp:1:tests/a.hpp"),
    ):
      with self.subTest(check=check, text=text[:20]):
        self.assertEqual(self.check(check, **options), (0, ""))
        wrong.write_text(text)
        code, output = self.check(check, **options)
        wrong.unlink()
        self.assertEqual(code, 1, output)
        self.assertIn(message, output)

  def test_style_is_checked_without_git(self):
    self.finds_what_is_wrong(cwd="/")

  def test_style_is_checked_where_git_refuses_or_ignores_the_sources(self):
    environment = self.checkout.environment()
    self.checkout.write("bin/git", "#!/bin/sh\necho 'fatal: detected dubious ownership in repository' >&2\nexit 128\n")
    (self.root / ".gitignore").write_text("*\n")
    self.finds_what_is_wrong(env=environment)

  def test_a_check_that_finds_no_file_fails(self):
    for folder in ("src", "include", "tools", "cmake"):
      shutil.rmtree(self.root / folder)
    for check in ("format", "tidy", "includes", "headers"):
      code, output = self.check(check)
      self.assertNotEqual(code, 0, check)
      self.assertIn("check-style: no file matches", output)

  def test_a_check_without_its_tool_fails(self):
    for check, tool in (("format", "clang-format-19"), ("tidy", "clang-tidy-19")):
      folder = self.checkout.root / "few"
      folder.mkdir(exist_ok=True)
      for name in FEW:
        if not (folder / name).is_symlink():
          (folder / name).symlink_to(shutil.which(name))
      code, output = self.check(check, env={"PATH": str(folder)})
      self.assertEqual(code, 2, output)
      self.assertIn(f"check-style: {tool} is missing", output)

  def test_the_checks_of_documents_may_be_called_through_links(self):
    for script, *arguments in (("check-hazards",), ("check-readme", "tables"), ("check-style", "length")):
      link = self.checkout.root / f"my {script}"
      link.symlink_to(SCRIPTS / script)
      done = subprocess.run([link, *arguments], cwd="/", capture_output=True, text=True, check=False)
      self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

  def test_a_check_of_documents_that_finds_nothing_fails(self):
    (self.root / "README.md").write_text("# Another project\n")
    for check in ("tables", "example", "sentence"):
      command = [self.root / "scripts/check-readme", check]
      done = subprocess.run(command, capture_output=True, text=True, check=False)
      self.assertNotEqual(done.returncode, 0, check)


if __name__ == "__main__":
  unittest.main()
