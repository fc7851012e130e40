# SPDX-License-Identifier: MIT
"""Images made on the spot: one corpus, by each compiler, with each set of flags."""

import re
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Files, and what each needs so that all can be linked together.
CORPUS = {
  HERE / "corpus/kernel_like.c": ["-std=gnu11"],
  ROOT / "tests/fixtures/sframe/sample.c": ["-std=gnu11", "-D_start=start_of_sample"],
  ROOT / "tests/tools/images/compiled/outlined.c": ["-std=gnu11", "-Dsink=sunk"],
  ROOT / "tests/tools/images/compiled/shapes.cpp": ["-std=gnu++20", "-fno-rtti"],
}
COMMON = ["-w", "-g1", "-fPIC", "-ffreestanding", "-fno-omit-frame-pointer"]
ASYNCHRONOUS = ["-fasynchronous-unwind-tables", "-funwind-tables"]
# With -g the CFI goes to .debug_frame. clang's is then right at calls only; GCC's is always right everywhere.
SYNCHRONOUS = ["-fno-asynchronous-unwind-tables", "-fno-unwind-tables"]
NOT_KNOWN = re.compile(
  r"unknown|does not support|unrecogni[sz]ed|unsupported|invalid|not supported|not a valid|requires|bad value|modifier",
  re.IGNORECASE,
)


@dataclass(frozen=True)
class Variant:
  """A set of flags. Those of `clang` or `gcc` are None if that family has nothing like it."""

  name: str
  clang: tuple | None
  gcc: tuple | None
  target: str = "aarch64-linux-gnu"
  synchronous: bool = False
  exceptions: bool = True


def same(name, *flags, **more):
  return Variant(name, flags, flags, **more)


PAC = "-mbranch-protection=standard"
PAUTH_LR = ("-O2", "-march=armv9.5-a+pauth-lr", "-mbranch-protection=pac-ret+pc")
MOPS = "-march=armv8.8-a+mops"
MEMTAG = ("-O2", "-march=armv8.5-a+memtag", "-fsanitize=memtag-stack")
SPLIT_CLANG = ("-O2", "-mllvm", "-hot-cold-split=true", "-mllvm", "-hotcoldsplit-threshold=0")
OUTLINED = ("-O2", "-mllvm", "-enable-machine-outliner=always")
HOMOGENEOUS = ("-Oz", "-mllvm", "-homogeneous-prolog-epilog")
TRAPS = ("-O2", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error")
VARIANTS = (
  *(same(level, f"-{level}") for level in ("O0", "Og", "O1", "O2", "O3", "Os", "Oz")),
  same("lto", "-O2", "-flto"),
  same("clash", "-O2", "-fstack-clash-protection"),
  same("scs", "-O2", "-fsanitize=shadow-call-stack", "-ffixed-x18", exceptions=False),
  Variant("kcfi", ("-O2", "-fsanitize=kcfi"), None),
  same("pac", "-O2", PAC),
  same("pac-Os", "-Os", PAC),
  same("pauth-lr", *PAUTH_LR),
  same("mops", "-O2", MOPS),
  same("mops-O0", "-O0", MOPS),
  same("sls", "-O2", "-mharden-sls=all"),
  Variant("memtag", MEMTAG, MEMTAG, target="aarch64-linux-android"),
  Variant("split", SPLIT_CLANG, ("-O2", "-freorder-blocks-and-partition")),
  Variant("outlined", OUTLINED, None),
  Variant("homogeneous", HOMOGENEOUS, None),
  same("traps", *TRAPS),
  same("canary", "-O2", "-fstack-protector-strong"),
  same("sve", "-O3", "-march=armv9-a"),
  same("kasan", "-O2", "-fsanitize=kernel-address"),
  same("zeroed", "-O2", "-fzero-call-used-regs=used-gpr"),
  same("patchable", "-O2", "-fpatchable-function-entry=4,2"),
  same("no-fp", "-O2", "-fomit-frame-pointer"),
  same("sync", "-O2", synchronous=True),
  same("sync-pac", "-O2", PAC, synchronous=True),
  same("sync-scs", "-O2", "-fsanitize=shadow-call-stack", "-ffixed-x18", synchronous=True, exceptions=False),
  same("sync-Oz", "-Oz", synchronous=True),
)
SHORT = ("O2", "Oz", "pac")
# clang 15 was the first to write CFI for epilogues. No version does for functions that have to be smallest.
FIRST_ASYNCHRONOUS_CLANG = 15


def is_synchronous(compiler, variant):
  """True if the CFI is right at calls only."""
  if compiler.family == "gcc":
    return False
  return variant.synchronous or "-Oz" in variant.clang or compiler.version < FIRST_ASYNCHRONOUS_CLANG


class Refused(Exception):
  """A compiler does not know a flag."""


class CompilerError(RuntimeError):
  """A compiler fails, and not for a flag."""


def call(command):
  done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
  if done.returncode != 0:
    lines = [line for line in done.stderr.splitlines() if "error" in line.lower()] or done.stderr.splitlines()
    line = lines[0] if lines else f"exit code {done.returncode}"
    raise (Refused if NOT_KNOWN.search(line) else CompilerError)(line[-160:])


def build(compiler, variant, folder):
  """Makes one image. Does nothing if it is there and was made by the same command from the same sources."""
  flags = getattr(variant, compiler.family)
  if flags is None:
    raise Refused(f"{compiler.family} has no such flag")
  flags = [*COMMON, *(SYNCHRONOUS if variant.synchronous else ASYNCHRONOUS), *flags]
  folder.mkdir(parents=True, exist_ok=True)
  image, note = folder / "image.elf", folder / "command"
  sources = [f"{path.name} {zlib.crc32(path.read_bytes()):08x}" for path in CORPUS]
  made = "\n".join([*compiler.c, *flags, *sources])
  if image.exists() and note.exists() and note.read_text() == made:
    return image
  command = [*compiler.c, *flags]
  if compiler.family == "clang":
    command.append(f"--target={variant.target}")
  objects = []
  for path, own in CORPUS.items():
    objects.append(str(folder / f"{path.stem}.o"))
    if path.suffix == ".cpp":
      throws = variant.exceptions and not variant.synchronous
      own = [*own, "-fexceptions" if throws else "-fno-exceptions"]
    call([*command, *own, "-c", str(path), "-o", objects[-1]])
  link = ["-shared", "-Bsymbolic", "-e", "_start"]
  if compiler.family == "clang":
    plugin = []
    if "-flto" in flags:
      plugin = ["--lto-O2"]
    call([*compiler.linker, *link, *plugin, *objects, "-o", str(image)])
  else:
    call([*compiler.c, *flags, "-nostdlib", "-shared", "-Wl,-Bsymbolic", "-Wl,-e,_start", *objects, "-o", str(image)])
  for path in objects:
    Path(path).unlink()
  note.write_text(made)
  return image
