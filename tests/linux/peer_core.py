# SPDX-License-Identifier: MIT
"""Writes an ELF core file with one thread for each sleeping task, for a debugger that knows no tasks: the thread's
registers are those with which the task went to sleep, its memory is the task's stack and the kernel's code."""

import struct

EM_AARCH64, ET_CORE, PT_LOAD, PT_NOTE, READ_EXECUTE = 183, 4, 1, 4, 5
NT_PRSTATUS, NT_AUXV, NT_ARM_PAC_MASK = 1, 6, 0x406
AT_HWCAP, HWCAP_PACA = 16, 1 << 30
PSTATE_EL1H = 5
HEADER, SEGMENT, PAGE = 64, 56, 4096
NEAR = 1 << 31  # a call reaches modules: they are at most this far from the kernel
BIT_55 = 1 << 55  # never part of the authentication code: it tells the kernel's half from the user's


def note(kind, name, content):
  name = name + b"\0"
  padded = name.ljust((len(name) + 3) & ~3, b"\0")
  return struct.pack("<III", len(name), len(content), kind) + padded + content.ljust((len(content) + 3) & ~3, b"\0")


def thread_notes(task, pac_mask):
  """elf_prstatus of AArch64: pr_pid at 32, pr_reg (x0 to x30, sp, pc, pstate) at 112, 392 bytes."""
  saved = task["registers"]
  values = [0] * 34
  for number in range(19, 29):
    values[number] = saved[f"x{number}"]
  # cpu_switch_to returns to pc: it is the link register of the function that is about to return, too.
  values[29:] = saved["fp"], saved["pc"], saved["sp"], saved["pc"], PSTATE_EL1H
  content = bytearray(392)
  struct.pack_into("<I", content, 32, task["pid"])
  struct.pack_into("<34Q", content, 112, *values)
  found = note(NT_PRSTATUS, b"CORE", bytes(content))
  if pac_mask:
    found += note(NT_ARM_PAC_MASK, b"LINUX", struct.pack("<2Q", pac_mask & ~BIT_55, pac_mask & ~BIT_55))
  return found


def stripped(words, pac_mask, code):
  """The stack with each signed address of code, of the kernel or of modules near to it, replaced by the address."""
  values = list(struct.unpack(f"<{len(words) // 8}Q", words))
  for index, value in enumerate(values):
    if value & BIT_55 and code[0] - NEAR <= value | pac_mask < code[1] + NEAR:
      values[index] = value | pac_mask
  return struct.pack(f"<{len(values)}Q", *values)


def write(path, text_at, text, tasks, pac_mask, is_stripped):
  """The core. Signed addresses are either stripped here, or described to the debugger as it is done for processes."""
  notes = b"".join(thread_notes(task, 0 if is_stripped else pac_mask) for task in tasks)
  if not is_stripped and pac_mask:
    notes += note(NT_AUXV, b"CORE", struct.pack("<4Q", AT_HWCAP, HWCAP_PACA, 0, 0))
  code = (text_at, text_at + len(text))
  parts = [(text_at, text)]
  for task in tasks:
    parts.append((task["stack"], stripped(task["bytes"], pac_mask, code) if is_stripped else task["bytes"]))
  at = HEADER + SEGMENT * (1 + len(parts))
  segments = struct.pack("<IIQQQQQQ", PT_NOTE, 0, at, 0, 0, len(notes), 0, 4)
  at = (at + len(notes) + PAGE - 1) & -PAGE
  first = at
  for address, content in parts:
    segments += struct.pack("<IIQQQQQQ", PT_LOAD, READ_EXECUTE, at, address, 0, len(content), len(content), PAGE)
    at += (len(content) + PAGE - 1) & -PAGE
  header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack(
    "<HHIQQQIHHHHHH", ET_CORE, EM_AARCH64, 1, 0, HEADER, 0, 0, HEADER, SEGMENT, 1 + len(parts), 0, 0, 0
  )  # fmt: skip
  with open(path, "wb") as file:
    file.write(header + segments + notes)
    file.seek(first)
    for _, content in parts:
      file.write(content.ljust((len(content) + PAGE - 1) & -PAGE, b"\0"))
