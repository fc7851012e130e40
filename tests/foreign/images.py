# SPDX-License-Identifier: MIT
"""The images of the distribution's packages, by name."""

import lzma
from dataclasses import dataclass
from pathlib import Path

import apt
import elf

# A kernel's half of the address space, into which its tables have to be linked.
KERNEL = ("--address", "0xffff800080000000", "--calls-address", "0xffff800080000000")


@dataclass(frozen=True)
class Image:
  """Files of a package that match a pattern.

  `stands_for`: the package's name leads to another's, by version. `may_be_refused`: it has nothing that tells of its
  functions, or is not linked; the tool may say so. `synchronous`: its CFI is right at calls only.
  """

  name: str
  package: str
  pattern: str
  suite: str = "bookworm"
  stands_for: bool = False
  most: int = 1
  options: tuple = ()
  short: bool = False
  may_be_refused: bool = False
  synchronous: bool = False
  why: str = ""


LIB = "usr/lib/aarch64-linux-gnu"
IMAGES = (
  *(Image(f"{name}.ko", "linux-image-cloud-arm64", f"lib/modules/*/kernel/**/{name}.ko*", "bookworm-backports", True,
          may_be_refused=True, why="kernel module")
    for name in ("xfs", "btrfs", "nf_tables", "virtio_net", "dm-crypt", "aes-neon-blk")),
  Image("u-boot", "u-boot-qemu", "usr/lib/u-boot/qemu_arm64/u*boot*", may_be_refused=True,
        why="boot loader: no symbols, no CFI"),
  Image("bl31", "arm-trusted-firmware", "usr/lib/arm-trusted-firmware/*/bl31.elf", most=3, may_be_refused=True,
        why="firmware: no symbols, no CFI"),
  Image("fzf", "fzf", "usr/bin/fzf", short=True, why="Go"),
  Image("restic", "restic", "usr/bin/restic", why="Go"),
  Image("ripgrep", "ripgrep", "usr/bin/rg", synchronous=True, why="Rust"),
  Image("fd", "fd-find", "usr/lib/cargo/bin/fd", synchronous=True, why="Rust"),
  Image("menhir", "menhir", "usr/bin/menhir", why="OCaml"),
  Image("spatch", "coccinelle", "usr/bin/spatch*", why="OCaml"),
  Image("shellcheck", "shellcheck", "usr/bin/shellcheck", why="Haskell"),
  Image("libgfortran", "libgfortran5", f"{LIB}/libgfortran.so.5.*", why="Fortran's library"),
  Image("gnatlib", "libgnat-12", f"{LIB}/libgnat-12.so*", why="Ada"),
  Image("libx264", "libx264-164", f"{LIB}/libx264.so.*", why="codec, in assembly"),
  Image("libx265", "libx265-199", f"{LIB}/libx265.so.*", why="codec, C++ and assembly"),
  Image("libdav1d", "libdav1d6", f"{LIB}/libdav1d.so.6.*", short=True, why="codec, in assembly"),
  Image("libavcodec", "libavcodec59", f"{LIB}/libavcodec.so.59.*", why="codecs, in assembly"),
  Image("libvpx", "libvpx7", f"{LIB}/libvpx.so.7.*", why="codec"),
  Image("libaom", "libaom3", f"{LIB}/libaom.so.3.*", why="codec"),
  Image("libopenblas", "libopenblas0-pthread", f"{LIB}/openblas-pthread/libopenblas*.so", why="BLAS"),
  Image("libblis", "libblis4-pthread", f"{LIB}/blis-pthread/libblis.so.4*", why="BLAS"),
  Image("libcrypto", "libssl3", f"{LIB}/libcrypto.so.3", why="cryptography, in assembly"),
  Image("libssl", "libssl3", f"{LIB}/libssl.so.3", short=True),
  Image("libgcrypt", "libgcrypt20", f"{LIB}/libgcrypt.so.20.*", short=True, why="cryptography, in assembly"),
  Image("libsodium", "libsodium23", f"{LIB}/libsodium.so.23.*", short=True, why="cryptography"),
  Image("libnettle", "libnettle8", f"{LIB}/libnettle.so.8.*", why="cryptography, in assembly"),
  Image("libcrypto++", "libcrypto++8", f"{LIB}/libcrypto++.so.8*", why="C++"),
  Image("libgmp", "libgmp10", f"{LIB}/libgmp.so.10.*", short=True, why="numbers, in assembly"),
  Image("libmpfr", "libmpfr6", f"{LIB}/libmpfr.so.6.*", why="numbers"),
  Image("libmozjs-102", "libmozjs-102-0", f"{LIB}/libmozjs-102.so.102.*",
        synchronous=True, why="JavaScript engine, with Rust"),
  Image("libmozjs-128", "libmozjs-128-0", f"{LIB}/libmozjs-128.so.128.*", "trixie",
        synchronous=True, why="JavaScript engine, with Rust"),
  Image("libjavascriptcore", "libjavascriptcoregtk-4.1-0", f"{LIB}/libjavascriptcoregtk-4.1.so.0.*",
        why="JavaScript engine, with an interpreter in assembly"),
  Image("libnode", "libnode108", f"{LIB}/libnode.so.108", why="JavaScript engine, with embedded code"),
  Image("libluajit", "libluajit-5.1-2", f"{LIB}/libluajit-5.1.so.2.*", why="interpreter in assembly"),
  Image("libpython", "libpython3.11", f"{LIB}/libpython3.11.so.1.0", why="interpreter"),
  Image("libperl", "libperl5.36", f"{LIB}/libperl.so.5.36.*", why="interpreter"),
  Image("beam", "erlang-base", "usr/lib/erlang/erts-*/bin/beam.smp", why="Erlang's machine, with a compiler"),
  Image("sbcl", "sbcl", "usr/bin/sbcl", why="Lisp's runtime"),
  Image("qemu", "qemu-system-arm", "usr/bin/qemu-system-aarch64", why="emulator"),
  Image("libc", "libc6", "lib/aarch64-linux-gnu/libc.so.6"),
  Image("busybox", "busybox-static", "bin/busybox", why="linked statically"),
  Image("libfftw3", "libfftw3-double3", f"{LIB}/libfftw3.so.3.*", why="generated code"),
  # The last one: what this program needs to compare it would be counted for those behind it.
  Image("vmlinux", "linux-image-cloud-arm64-dbg", "usr/lib/debug/boot/vmlinux-*", "bookworm-backports", True,
        options=KERNEL, why="kernel with debug information"),
)  # fmt: skip


def unpacked(path, folder):
  """A module that is compressed, unpacked."""
  if path.suffix != ".xz":
    return path
  plain = folder / path.stem
  if not plain.exists():
    plain.write_bytes(lzma.decompress(path.read_bytes()))
  return plain


def files(image, root):
  """The ELF files for AArch64 that an image's pattern finds."""
  found = sorted(path for path in root.glob(image.pattern) if path.is_file() and not path.is_symlink())
  found = [unpacked(path, root) for path in found]
  return [path for path in found if elf.is_aarch64(path)][: image.most]


def fetch(image, folder):
  """(name, file) of each image that a package has."""
  suite = apt.Suite(Path(folder), image.suite, "arm64")
  package = suite.stands_for(image.package) if image.stands_for else image.package
  root = apt.unpack(suite.fetch([package])[0], Path(folder) / "unpacked" / image.suite / package)
  found = files(image, root)
  if not found:
    raise apt.FetchError(f"{package} has no ELF file for AArch64 called {image.pattern}: look what it has now")
  if len(found) == 1:
    return [(image.name, found[0])]
  return [(f"{image.name} ({path.parent.name})", path) for path in found]
