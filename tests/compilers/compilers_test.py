# SPDX-License-Identifier: MIT
"""What the matrix of compilers is made of, and what it says."""

import signal
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import apt
import cells
import document
import fetch

SUITES = {
  "bookworm": ["g++-12-aarch64-linux-gnu"],
  "trixie": ["clang-17", "lld-17", "llvm-17", "libc++-19-dev", "clang-22", "lld-22"],
  "forky": ["clang-22", "lld-22", "llvm-22", "libc++-22-dev", "clang-16", "lld-16", "llvm-16"],
  "sid": ["clang-22", "lld-22", "llvm-22", "libc++-22-dev", "g++-12-aarch64-linux-gnu", "g++-16-aarch64-linux-gnu"],
}


def level(name):
  return next(level for level in cells.LEVELS if level.name == name)


class FolderTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = Path(folder.name)


class FetchTest(FolderTest):
  def versions(self, family, here=()):
    with mock.patch.object(apt.Suite, "names", lambda suite: SUITES[suite.suite]):
      with mock.patch.object(fetch, "all_installed", lambda: [fetch.Compiler(*words, "/bin/x") for words in here]):
        return fetch.Fetcher(self.folder).versions(family)

  def test_a_version_comes_from_the_first_suite_that_has_all_of_it(self):
    self.assertEqual(self.versions("clang"), {17: "trixie", 22: "forky"})
    self.assertEqual(self.versions("gcc"), {12: "bookworm", 16: "sid"})

  def test_this_machine_comes_first(self):
    self.assertEqual(self.versions("gcc", [("gcc", 12), ("clang", 19)]), {12: None, 16: "sid"})

  def test_an_old_clang_gets_the_oldest_headers_that_need_no_c_library(self):
    self.assertIn("libc++-19-dev", fetch.packages_of("clang", 17))
    self.assertIn("libc++-23-dev", fetch.packages_of("clang", 23))

  def test_what_is_unpacked_is_whole_or_not_there(self):
    fetcher = fetch.Fetcher(self.folder)
    with mock.patch.object(apt.Suite, "with_dependencies", lambda suite, names: names):
      with mock.patch.object(apt.Suite, "fetch", lambda suite, names: [self.folder / "no-such-package.deb"]):
        with self.assertRaises(apt.FetchError):
          fetcher.root("clang-22", "sid", ["clang-22"])
    self.assertFalse((self.folder / "unpacked/clang-22").exists())


class CellTest(FolderTest):
  COMPILER = fetch.Compiler("gcc", 12, "/bin/g++")

  def cell(self, name="O2"):
    return cells.Cell(self.COMPILER, level(name), self.folder / "cell", "/bin/surefoot", "sources")

  def run_with(self, answer, name="O2", emulators=(fetch.Emulator("7.2"), fetch.Emulator("11.1", "/newer"))):
    cell = self.cell(name)
    self.calls = []

    def call(command, environment=None):
      self.calls.append(" ".join(map(str, command)))
      return answer(self.calls[-1])

    with mock.patch.object(cell, "call", call), mock.patch.object(cell, "cached", lambda name: f"/bin/{name}"):
      return cell.run(emulators)

  def test_a_cell_is_built_checked_audited_and_booted_with_both_policies_under_each_emulator(self):
    self.assertTrue(self.run_with(lambda command: (0, "")).passed)
    text = "\n".join(self.calls)
    for what, times in (("check-demo strict", 2), ("check-demo exact", 2), ("audit --fail-on warning", 1)):
      self.assertEqual(text.count(what), times)
    for check in ("undefined", "registers"):
      self.assertEqual(text.count(f"check-archive {check}"), len(cells.ARCHIVES))

  def test_each_step_that_fails_is_a_failure(self):
    for step in ("-S ", "--build", "check-archive", "audit", "check-demo exact"):
      with self.subTest(step=step):
        result = self.run_with(lambda command, step=step: (int(step in command), "check-demo: plain: ''"))
        self.assertFalse(result.passed)

  def test_nothing_is_booted_that_was_not_built(self):
    result = self.run_with(lambda command: (int("--build" in command), "x.cpp:1: error: no such thing"))
    self.assertEqual(result.failures, ["build: x.cpp:1: error: no such thing"])
    self.assertFalse([call for call in self.calls if "check-demo" in call])

  def test_the_scenarios_that_failed_are_named(self):
    output = "check-demo: plain: 'scenario plain'\ncheck-demo: deep: ''\ncheck-demo: the exit code is 1\n"
    result = self.run_with(lambda command: (int("check-demo strict" in command), output), emulators=CellTest.ONE)
    self.assertEqual(result.failures, ["QEMU 7.2, strict: 2 scenarios: deep, plain"])

  ONE = (fetch.Emulator("7.2"),)

  def test_archives_of_clang_for_lto_are_not_looked_into(self):
    for family, looks in (("clang", False), ("gcc", True)):
      with mock.patch.object(CellTest, "COMPILER", fetch.Compiler(family, 19, "/bin/g++")):
        self.run_with(lambda command: (0, ""), "lto")
      self.assertEqual(any("check-archive" in call for call in self.calls), looks)

  def test_what_is_started_runs_from_the_sources_and_is_logged(self):
    cell = self.cell()
    cell.folder.mkdir()
    with mock.patch.object(fetch.Compiler, "describe", lambda compiler: "12"):
      self.assertEqual(cell.call(["sh", "-c", "pwd; exit 3"]), (3, f"{cells.ROOT}\n"))
    self.assertIn(str(cells.ROOT), cell.log.read_text())

  def test_all_that_was_started_is_ended_with_what_it_started(self):
    cell = self.cell()
    cell.folder.mkdir()
    pid = self.folder / "pid"
    said = []
    with mock.patch.object(fetch.Compiler, "describe", lambda compiler: "12"):
      script = f"sleep 60 & echo $! > {pid}.new; mv {pid}.new {pid}; wait"
      thread = threading.Thread(target=lambda: said.append(cell.call(["sh", "-c", script])))
      thread.start()
      while not pid.exists():
        time.sleep(0.01)
      cells.stop_all()
      thread.join()
    self.assertEqual(said, [(-signal.SIGTERM, "")])  # not before the output was closed by all
    self.assertFalse(cells.running)


class ResultsTest(FolderTest):
  def test_a_result_of_other_sources_is_none(self):
    cells.Results(self.folder, "one").put(cells.Result("gcc-12", "O2", "one"))
    self.assertTrue(cells.Results(self.folder, "one").get("gcc-12", "O2").passed)
    self.assertIsNone(cells.Results(self.folder, "two").get("gcc-12", "O2"))
    self.assertIsNone(cells.Results(self.folder, "one").get("gcc-12", "O3"))


class DocumentTest(FolderTest):
  def test_the_table_says_what_was_run_and_why_something_failed(self):
    results = cells.Results(self.folder, "one")
    results.put(cells.Result("gcc-12", "O2", "one"))
    results.put(cells.Result("gcc-12", "O3", "one", ["build: it broke"]))
    text = document.table(results, {"gcc-12": "12.2"}, ["7.2"], "2026-01-01")
    self.assertIn("| gcc-12 12.2 | not run | not run | not run | pass | fail [1] |", text)
    self.assertIn("1. gcc-12 O3: build: it broke", text)

  def test_a_limit_is_said_with_its_reason(self):
    result = cells.Result("gcc-12", "Os", "one", ["build: it broke"])
    for key in (("gcc-12", "Os"), ("gcc", "Os")):
      with mock.patch.dict(document.LIMITS, {key: "the compiler drops it"}, clear=True):
        self.assertEqual(document.limit_of(result), "the compiler drops it")
    with mock.patch.dict(document.LIMITS, {}, clear=True):
      self.assertIsNone(document.limit_of(result))

  def test_only_what_is_between_the_markers_is_written(self):
    text = f"before\n{document.BEGIN}\nold\n{document.END}\nbehind\n"
    self.assertEqual(document.replaced(text, "new"), text.replace("old", "new"))
    with self.assertRaises(ValueError):
      document.replaced("no markers", "new")

  def test_the_document_has_the_markers(self):
    document.replaced(document.DOCUMENT.read_text(), "")


if __name__ == "__main__":
  unittest.main()
