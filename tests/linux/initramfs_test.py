# SPDX-License-Identifier: MIT
"""The initial file system is an archive that a kernel unpacks."""

import lzma
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import apt
import initramfs


def files_of(data):
  """Reads an archive: {name: (mode, content)}."""
  files = {}
  at = 0
  while True:
    assert data[at : at + 6] == b"070701", data[at : at + 6]
    fields = [int(data[at + 6 + 8 * i : at + 14 + 8 * i], 16) for i in range(13)]
    name_size, size = fields[11], fields[6]
    name = data[at + 110 : at + 110 + name_size].rstrip(b"\0").decode()
    start = at + 110 + name_size + 3 & ~3
    if name == "TRAILER!!!":
      return files
    files[name] = (fields[1], data[start : start + size])
    at = start + size + 3 & ~3


class InitramfsTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = Path(folder.name)
    (self.folder / "init").write_bytes(b"a program")
    for name in (initramfs.INFORMANT, *initramfs.MODULES):
      (self.folder / f"{name}.ko").write_bytes(name.encode())

  def build(self, **options):
    return files_of(initramfs.build(self.folder / "init", self.folder, **options))

  def test_the_program_and_the_modules_are_there(self):
    files = self.build()
    self.assertEqual(files["init"], (0o100755, b"a program"))
    self.assertEqual(files["modules"][0], 0o040755)
    names = files["modules/list"][1].decode().split()
    self.assertEqual(names, ["qemu_fw_cfg.ko", "vsock.ko", "vmw_vsock_virtio_transport_common.ko", "vsock_loopback.ko",
                             "tun.ko"])  # fmt: skip
    for name in names:
      self.assertEqual(files[f"modules/{name}"][1].decode(), name.removesuffix(".ko"))

  def test_the_informant_may_be_left_out(self):
    files = self.build(with_informant=False)
    self.assertNotIn("qemu_fw_cfg", files["modules/list"][1].decode())
    self.assertNotIn("modules/qemu_fw_cfg.ko", files)

  def test_more_files_may_be_added(self):
    files = self.build(more={"crash": (0o040755, b""), "crash/image": (0o100644, b"a kernel")})
    self.assertEqual(files["crash/image"], (0o100644, b"a kernel"))
    self.assertEqual(list(files)[-2:], ["crash", "crash/image"])

  def test_compressed_modules_are_unpacked(self):
    (self.folder / "tun.ko").unlink()
    (self.folder / "net").mkdir()
    (self.folder / "net/tun.ko.xz").write_bytes(lzma.compress(b"packed"))
    self.assertEqual(self.build()["modules/tun.ko"][1], b"packed")

  def test_a_module_that_cannot_be_had_is_an_error(self):
    (self.folder / "tun.ko").rename(self.folder / "tun.ko.zst")
    with self.assertRaisesRegex(apt.FetchError, "tun.ko.zst"):
      self.build()
    (self.folder / "tun.ko.zst").unlink()
    with self.assertRaisesRegex(apt.FetchError, "no module tun"):
      self.build()


if __name__ == "__main__":
  unittest.main()
