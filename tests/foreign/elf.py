# SPDX-License-Identifier: MIT
"""What has to be known of ELF files to hide their CFI: sections, and a symbol table of one's own."""

import shutil
import struct
from dataclasses import dataclass, replace

HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SECTION = struct.Struct("<IIQQQQIIQQ")
SYMBOL = struct.Struct("<IBBHQQ")
PROGRAM_HEADER_SIZE = 56
PT_NULL, PT_GNU_EH_FRAME = 0, 0x6474E550
SHT_NULL, SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB = 0, 1, 2, 3
SHF_ALLOC, SHF_EXECINSTR = 2, 4
ET_REL = 1
EM_AARCH64 = 183
STT_FUNC = 2
CFI = (".eh_frame", ".eh_frame_hdr", ".debug_frame")


@dataclass(frozen=True)
class Section:
  name: str
  name_at: int
  type: int
  flags: int
  address: int
  offset: int
  size: int
  link: int
  info: int
  align: int
  entry_size: int

  def packed(self):
    return SECTION.pack(self.name_at, self.type, self.flags, self.address, self.offset, self.size, self.link, self.info,
                        self.align, self.entry_size)  # fmt: skip


@dataclass
class Elf:
  """The headers of a file."""

  type: int
  machine: int
  program_headers_at: int
  program_headers: int
  sections_at: int
  sections: list

  def has_symbols(self):
    return any(section.type == SHT_SYMTAB and section.size > SYMBOL.size for section in self.sections)

  def section(self, name):
    return next((section for section in self.sections if section.name == name), None)

  def code(self):
    wanted = SHF_ALLOC | SHF_EXECINSTR
    return [s for s in self.sections if s.type == SHT_PROGBITS and s.flags & wanted == wanted and s.size]


def is_aarch64(path):
  with open(path, "rb") as file:
    head = file.read(HEADER.size)
  return len(head) == HEADER.size and head[:6] == b"\x7fELF\x02\x01" and HEADER.unpack(head)[2] == EM_AARCH64


def read(path):
  with open(path, "rb") as file:
    head = file.read(HEADER.size)
    if len(head) < HEADER.size or head[:6] != b"\x7fELF\x02\x01":
      raise ValueError(f"{path}: no ELF file of 64 bits")
    _, kind, machine, _, _, programs_at, sections_at, _, _, _, programs, _, count, names = HEADER.unpack(head)
    file.seek(sections_at)
    raw = [SECTION.unpack(file.read(SECTION.size)) for _ in range(count)]
    text = b""
    if raw:
      file.seek(raw[names][4])
      text = file.read(raw[names][5])
  sections = [Section(text[one[0] : text.index(b"\0", one[0])].decode(), *one) for one in raw]
  return Elf(kind, machine, programs_at, programs, sections_at, sections)


def symbol_table(elf, bounds):
  """The bytes of a symbol table with a function for each (start, end), and of its names."""
  names = b"\0"
  symbols = [SYMBOL.pack(0, 0, 0, 0, 0, 0)]
  code = [(index, section) for index, section in enumerate(elf.sections) if section in elf.code()]
  for start, end in sorted(set(bounds)):
    home = [i for i, section in code if section.address <= start < section.address + section.size]
    if home and start < end:
      symbols.append(SYMBOL.pack(len(names), STT_FUNC, 0, home[0], start, end - start))
      names += f"at_{start:x}".encode() + b"\0"
  return b"".join(symbols), names


def hide_cfi(path, copy, bounds=None):
  """Copies an image without its CFI. If `bounds` is given, functions are there as symbols."""
  elf = read(path)
  shutil.copyfile(path, copy)
  with open(copy, "r+b") as file:
    for number in range(elf.program_headers):
      at = elf.program_headers_at + number * PROGRAM_HEADER_SIZE
      file.seek(at)
      if struct.unpack("<I", file.read(4))[0] == PT_GNU_EH_FRAME:
        file.seek(at)
        file.write(struct.pack("<I", PT_NULL))
    sections = []
    for section in elf.sections:
      if section.name in CFI:
        file.seek(section.offset)
        file.write(bytes(section.size if section.type == SHT_PROGBITS else 0))
        section = replace(section, name_at=0, type=SHT_NULL, flags=0, address=0, offset=0, size=0)
      sections.append(section)
    if bounds is not None:
      symbols, names = symbol_table(elf, bounds)
      file.seek(0, 2)
      file.write(bytes(-file.tell() % 8))
      at = file.tell()
      file.write(symbols + names + bytes(-(len(symbols) + len(names)) % 8))
      count = len(sections)
      plain = Section("", 0, SHT_STRTAB, 0, 0, at + len(symbols), len(names), 0, 0, 1, 0)
      first_global = len(symbols) // SYMBOL.size
      sections.append(replace(plain, type=SHT_SYMTAB, offset=at, size=len(symbols), link=count + 1, info=first_global,
                              align=8, entry_size=SYMBOL.size))  # fmt: skip
      sections.append(plain)
      sections_at = file.tell()
      file.seek(40)
      file.write(struct.pack("<Q", sections_at))
      file.seek(60)
      file.write(struct.pack("<H", len(sections)))
      elf.sections_at = sections_at
    file.seek(elf.sections_at)
    file.write(b"".join(section.packed() for section in sections))


def calls(path):
  """The addresses of all calls in an image's code, sorted."""
  found = []
  with open(path, "rb") as file:
    for section in read(path).code():
      file.seek(section.offset)
      code = file.read(section.size)
      for number, (word,) in enumerate(struct.iter_unpack("<I", code[: len(code) // 4 * 4])):
        if word >> 26 == 0x25 or word & 0xFFFFFC1F == 0xD63F0000 or word & 0xFEFFF800 == 0xD63F0800:
          found.append(section.address + number * 4)
  return sorted(found)
