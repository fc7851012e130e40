# SPDX-License-Identifier: MIT
"""Makes the guest's initial file system: one program, and modules of the kernel's package."""

import lzma

import apt

REGULAR = 0o100000
FOLDER = 0o040000
ALIGNMENT = 4
# In the order of their dependencies. The first one gives VMCOREINFO to QEMU, and so to the dump's notes.
INFORMANT = "qemu_fw_cfg"
MODULES = ("vsock", "vmw_vsock_virtio_transport_common", "vsock_loopback", "tun")


def padded(data):
  return data + bytes(-len(data) % ALIGNMENT)


def entry(number, name, mode, data=b""):
  """One file of an archive in the format newc."""
  path = name.encode() + b"\0"
  fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
  head = b"070701" + b"".join(b"%08X" % field for field in fields)
  return padded(head + path) + padded(data)


def archive(files):
  """An archive of {path: (mode, content)}: folders stand before what they hold."""
  parts = [entry(number, name, mode, data) for number, (name, (mode, data)) in enumerate(files.items(), 1)]
  return b"".join(parts) + entry(0, "TRAILER!!!", 0)


def module(folder, name):
  """The content of a kernel module, unpacked."""
  # Names differ in "-" and "_" only.
  found = sorted(folder.glob(f"**/{name.replace('_', '[_-]')}.ko*"))
  if not found:
    raise apt.FetchError(f"{folder} has no module {name}")
  data = found[0].read_bytes()
  if found[0].suffix == ".xz":
    return lzma.decompress(data)
  if found[0].suffix != ".ko":
    raise apt.FetchError(f"{found[0].name}: compressed in a way that is not known here")
  return data


def build(program, modules, with_informant=True, more=None):
  """The whole archive: `program` is the file of the guest's first process, `modules` the folder of the modules, `more`
  what else is to be there."""
  names = ((INFORMANT,) if with_informant else ()) + MODULES
  files = {"init": (REGULAR | 0o755, program.read_bytes()), "modules": (FOLDER | 0o755, b"")}
  files["modules/list"] = (REGULAR | 0o644, "".join(f"{name}.ko\n" for name in names).encode())
  for name in names:
    files[f"modules/{name}.ko"] = (REGULAR | 0o644, module(modules, name))
  return archive({**files, **(more or {})})
