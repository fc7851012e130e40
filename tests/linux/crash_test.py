# SPDX-License-Identifier: MIT
"""What a guest needs to crash is put together, and what its kernel says then is read and compared."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import apt
import crash

PANIC = """
@0badf00d SUREFOOT-READY
[   49.927499] sysrq: Trigger a crash
[   49.935771] Kernel panic - not syncing: sysrq triggered crash
[   49.948347] Hardware name: linux,dummy-virt (DT)
[   49.952642] Call trace:
[   49.955871]  dump_backtrace+0xa0/0x128
[   49.964016]  dump_stack+0x18/0x28
[   49.966489]  panic+0x3a0/0x408 (P)
[   49.968961]  sysrq_handle_crash+0x20/0x28
[   49.970000]  told.constprop.0+0x1/0x2 [loop]
[   50.017954] SMP: stopping secondary CPUs
[   50.018000]  after+0x1/0x2
"""


def said(functions, **changed):
  verdict = {"reliability": "reliable", "evidence": []}
  task = {"pid": 1, "is_running": True, "verdict": verdict, "frames": [{"function": name} for name in functions]}
  return {"tasks": [{**task, "pid": 7, "frames": []}, {**task, **changed}]}


class Panic(unittest.TestCase):
  def test_its_trace_is_read_from_panic_on(self):
    functions = ["panic", "sysrq_handle_crash", "told.constprop.0"]
    self.assertEqual(crash.panic_of(PANIC), functions)
    self.assertEqual(crash.panic_of(PANIC.replace("\n", "\r\n")), functions)
    self.assertEqual(crash.panic_of(PANIC.replace("panic+", "vpanic+"))[0], "vpanic")

  def test_without_a_panic_there_is_none(self):
    self.assertEqual(crash.panic_of(""), [])
    self.assertEqual(crash.panic_of(PANIC.partition("Call trace:")[0]), [])
    self.assertEqual(crash.panic_of(PANIC.replace("Kernel panic", "Oops")), [])

  def test_the_same_functions_are_right(self):
    self.assertEqual(crash.difference(said(["__crash_kexec", "panic", "sysrq"]), ["panic", "sysrq"]), "")

  def test_other_functions_fewer_or_more_are_not(self):
    for ours in (["panic"], ["panic", "other"], ["panic", "sysrq", "more"], ["sysrq"], []):
      self.assertIn("the kernel: panic < sysrq", crash.difference(said(ours), ["panic", "sysrq"]), ours)
    self.assertIn("the kernel: nothing", crash.difference(said([]), []))

  def test_a_trace_that_is_not_reliable_is_not(self):
    verdict = {"reliability": "unreliable", "evidence": ["return_entry_skipped"]}
    found = crash.difference(said(["panic"], verdict=verdict), ["panic"])
    self.assertEqual(found, "not reliable: return_entry_skipped")

  def test_the_task_has_to_run(self):
    for task in ({"pid": 2}, {"is_running": False}):
      self.assertIn("does not run", crash.difference(said(["panic"], **task), ["panic"]))


class Files(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = Path(folder.name)
    (self.folder / "image").write_bytes(b"image")
    (self.folder / "init").write_bytes(b"init")

  def root(self, name, files):
    for path in files:
      (self.folder / name / path).parent.mkdir(parents=True, exist_ok=True)
      (self.folder / name / path).write_bytes(path.encode())
    return self.folder / name

  def files(self, *roots):
    return crash.files(roots, self.folder / "image", self.folder / "init")

  def test_are_the_program_its_libraries_and_a_kernel(self):
    kexec = self.root("kexec-tools", ["sbin/kexec", "etc/default/kexec"])
    libc = self.root("libc6", ["lib/ld-linux-aarch64.so.1", "lib/aarch64-linux-gnu/libc.so.6"])
    more = self.root("zlib1g", ["usr/lib/aarch64-linux-gnu/libz.so.1", "usr/share/doc/libz.so.1"])
    files = self.files(kexec, libc, more)
    self.assertEqual(
      sorted(files),
      ["crash", "crash/image", "crash/initramfs", "crash/kexec", "crash/libc.so.6", "crash/libz.so.1", "lib",
       "lib/ld-linux-aarch64.so.1"],
    )  # fmt: skip
    self.assertEqual(files["crash/kexec"], (crash.PROGRAM, b"sbin/kexec"))
    self.assertEqual(files["crash/image"], (crash.DATA, b"image"))
    self.assertIn(b"init\0", files["crash/initramfs"][1])
    self.assertLess(list(files).index("lib"), list(files).index("lib/ld-linux-aarch64.so.1"))

  def test_what_no_package_has_is_an_error(self):
    with self.assertRaisesRegex(apt.FetchError, "sbin/kexec"):
      self.files(self.root("libc6", ["lib/ld-linux-aarch64.so.1"]))


if __name__ == "__main__":
  unittest.main()
