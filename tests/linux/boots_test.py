# SPDX-License-Identifier: MIT
"""Kernels are found in packages, boots are chosen, and QEMU's monitor is listened to."""

import json
import socket
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import apt
import boots
import kernels
import qemu

DEPENDS = {
  "linux-image-cloud-arm64-dbg": "  Depends: linux-base\n  Depends: linux-image-7.2-cloud-arm64-dbg\n",
  "linux-image-7.2-cloud-arm64": " |Depends: dracut\n  Depends: linux-binary-7.2-cloud-arm64\n"
                                 "  Depends: linux-modules-7.2-cloud-arm64\n  Breaks: linux-modules-9\n",
}  # fmt: skip


class Kernels(unittest.TestCase):
  def fetch(self, files):
    """Fetches with packages that hold these files, by package."""
    store = tempfile.TemporaryDirectory()
    self.addCleanup(store.cleanup)

    def unpack(package, folder):
      for name in files.get(str(package), ()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
      return folder

    with (
      mock.patch.object(apt.Suite, "depends", lambda _, name: DEPENDS[name]),
      mock.patch.object(apt.Suite, "fetch", lambda _, names: names),
      mock.patch.object(apt, "unpack", unpack),
      mock.patch.object(kernels, "unpack_vmlinux", unpack),
    ):
      return kernels.fetch("newest", Path(store.name))

  def test_image_and_modules_may_be_apart_from_the_package_that_is_named(self):
    kernel = self.fetch(
      {
        "linux-image-7.2-cloud-arm64-dbg": ["usr/lib/debug/lib/modules/7.2/vmlinux"],
        "linux-binary-7.2-cloud-arm64": ["usr/lib/modules/7.2/vmlinuz"],
        "linux-modules-7.2-cloud-arm64": ["usr/lib/modules/7.2/kernel/vsock.ko.xz"],
      }
    )
    self.assertEqual(kernel.release, "7.2-cloud-arm64")
    self.assertEqual((kernel.vmlinux.name, kernel.image.name), ("vmlinux", "vmlinuz"))
    self.assertEqual(kernel.modules.name, "linux-modules-7.2-cloud-arm64")

  def test_what_a_package_does_not_have_is_an_error(self):
    with self.assertRaisesRegex(apt.FetchError, "has a kernel and its modules"):
      self.fetch({"linux-image-7.2-cloud-arm64-dbg": ["usr/lib/debug/boot/vmlinux-7.2"]})
    with self.assertRaisesRegex(apt.FetchError, "0 files"):
      self.fetch({"linux-image-7.2-cloud-arm64": ["boot/vmlinuz-7.2", "lib/modules/vsock.ko"]})


class Boots(unittest.TestCase):
  def test_all_are_wanted_unless_some_are_named(self):
    self.assertEqual(len(boots.wanted()), 36)
    self.assertEqual(len(set(boots.wanted())), 36)
    self.assertEqual(len(boots.wanted(["6.1"], None, ["none", "both"])), 4)
    self.assertEqual(boots.wanted(["6.12"], ["max"], ["both"]), boots.SHORT)

  def test_the_informant_is_left_out_once_for_each_kernel(self):
    without = [boot.kernel for boot in boots.wanted() if not boot.has_informant()]
    self.assertEqual(without, ["6.1", "6.12", "newest", "rt"])

  def test_a_cpu_does_not_boot_a_kernel_with_pages_that_it_does_not_have(self):
    self.assertEqual(boots.wanted(["16k"], ["cortex-a72"]), [])
    self.assertEqual(len(boots.wanted(["16k"])), 4)

  def test_dumps_of_each_format_are_made_of_each_kernel_that_boots_on_both_cpus(self):
    found = {(boot.kernel, boot.format()) for boot in boots.wanted() if boot.kernel != "16k"}
    self.assertEqual(len(found), 16 - len(boots.WITHOUT_CRASH))

  def test_a_kernel_that_cannot_crash_is_dumped_by_qemu(self):
    boot = boots.Boot("6.1", "max", "function_graph")
    self.assertEqual((boot.format(), boot.crashes()), ("elf", False))
    self.assertTrue(boots.Boot("6.12", "max", "function_graph").crashes())

  def ask(self, script, dump="dump.elf"):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    tool = Path(folder.name) / "tool"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    kernel = kernels.Kernel("6.1", "6.1.0", Path("/image"), Path("/vmlinux"), Path("/modules"))
    laboratory = boots.Laboratory(tool, Path(folder.name), Path(folder.name))
    return laboratory.ask(Path(folder.name) / dump, kernel, "exact")

  def test_the_tool_is_asked_for_json(self):
    said = self.ask('printf \'{"dump": {"warnings": []}, "command": "%s"}\' "$*"')
    expected = "^vmcore .*/dump.elf --vmlinux /vmlinux --modules /modules --policy exact --json$"
    self.assertRegex(said["command"], expected)

  def test_of_raw_memory_the_tool_is_told_the_address(self):
    said = self.ask('printf \'{"dump": {"warnings": []}, "command": "%s"}\' "$*"', "dump.raw")
    self.assertRegex(said["command"], "--base 0x40000000 --json$")

  def test_a_tool_that_fails_is_an_error(self):
    for script, expected in (
      ("echo why >&2; exit 2", "exit code 2: why"),
      ("kill -9 $$", "exit code -9"),
      ("echo '{'", "exit code 0"),
      ("echo '{\"dump\": {\"warnings\": [\"a page is missing\"]}}'; exit 1", "exit code 1: a page is missing"),
    ):
      with self.assertRaisesRegex(boots.ToolError, expected):
        self.ask(script)


class Monitor(unittest.TestCase):
  def monitor(self, *answers):
    """A monitor that gives these answers, one for each command."""
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    path = Path(folder.name) / "monitor"
    server = socket.socket(socket.AF_UNIX)
    self.addCleanup(server.close)
    server.bind(str(path))
    server.listen()

    def serve():
      connection, _ = server.accept()
      with connection, connection.makefile("rb") as lines:
        connection.sendall(b'{"QMP": {}}\n')
        for answer in ({"return": {}}, *answers):
          lines.readline()
          connection.sendall(b'{"event": "STOP"}\n' + json.dumps(answer).encode() + b"\n")

    thread = threading.Thread(target=serve)
    thread.start()
    self.addCleanup(thread.join)
    monitor = qemu.Monitor(path)
    self.addCleanup(monitor.close)
    return monitor

  def test_events_are_passed_over(self):
    self.assertEqual(self.monitor({"return": 7}).ask("stop"), 7)

  def test_a_refusal_is_an_error(self):
    with self.assertRaisesRegex(qemu.GuestError, "dump: no room"):
      self.monitor({"error": {"desc": "no room"}}).ask("dump")

  def test_the_end_of_qemu_is_an_error(self):
    monitor = self.monitor()
    with self.assertRaisesRegex(qemu.GuestError, "monitor"):
      monitor.ask("stop")


if __name__ == "__main__":
  unittest.main()
