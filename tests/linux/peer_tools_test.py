# SPDX-License-Identifier: MIT

import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import peer_core
import peer_kdump
import peer_tools


class Outputs(unittest.TestCase):
  def test_lines_that_are_no_json_are_passed_over(self):
    found = peer_tools.by_pid('[New LWP 1]\n{"pid": 1, "frames": [16]}\nwarning: x\n{"pid": 2, "error": "no"}\n')
    self.assertEqual(found, {1: {"pid": 1, "frames": [16]}, 2: {"pid": 2, "error": "no"}})

  def test_a_tool_that_shows_no_task_has_failed(self):
    for function in (peer_tools.by_pid, peer_tools.traces_of_crash):
      with self.subTest(function=function.__name__), self.assertRaises(peer_tools.PeerError):
        function("crash: cannot read\n")

  def test_crash_says_the_address_before_a_return_address(self):
    text = (
      'PID: 7        TASK: ffff00000227b0c0  CPU: 1    COMMAND: "uf-read"\n'
      " #0 [ffff8000080dbde0] __switch_to at ffffd086473a8f58\n"
      " #1 [ffff8000080dbdf0] __schedule at ffffd086473b855c\n     PC: 0000ffff\n"
    )
    found = peer_tools.traces_of_crash("warning\n" + text)
    self.assertEqual([(pid, one["name"]) for pid, one in found.items()], [(7, "uf-read")])
    self.assertEqual(found[7]["frames"], [0xFFFFD086473A8F5C, 0xFFFFD086473B8560])

  def test_the_last_line_of_a_tool_that_failed_is_kept(self):
    with self.assertRaisesRegex(peer_tools.PeerError, "exit code 3: two"):
      peer_tools.output_of(["sh", "-c", "echo one; echo two; exit 3"])


class Core(unittest.TestCase):
  MASK = 0xFFF0_0000_0000_0000
  CODE = (0xFFFF_A000_0000_0000, 0xFFFF_A000_0100_0000)

  def test_only_signed_addresses_of_code_are_stripped(self):
    words = [0x12FF_A000_0000_1000 | 1 << 55, 0xFFFF_A000_0000_1000, 0xFFF0_0000_0000_1000, 0x1234, 1 << 55]
    got = peer_core.stripped(struct.pack("<5Q", *words), self.MASK, self.CODE)
    self.assertEqual(list(struct.unpack("<5Q", got)), [0xFFFF_A000_0000_1000, *words[1:]])

  def test_a_thread_has_the_registers_of_its_task(self):
    registers = {f"x{number}": number for number in range(19, 29)} | {"fp": 0x100, "sp": 0x200, "pc": 0x300}
    notes = peer_core.thread_notes({"pid": 77, "registers": registers}, 0)
    content = notes[12 + 8 :]
    self.assertEqual(struct.unpack_from("<I", content, 32)[0], 77)
    values = struct.unpack_from("<34Q", content, 112)
    self.assertEqual((values[19], values[28], values[29], values[31], values[32]), (19, 28, 0x100, 0x200, 0x300))


class Headers(unittest.TestCase):
  def test_the_program_headers_follow_the_header_of_the_file(self):
    note, memory = b"\nNUMBER(TCR_EL1_T1SZ)=0x10\n".ljust(64), bytes(range(256)) * 16
    head = bytearray(64)
    head[:4] = b"\x7fELF"
    struct.pack_into("<QQ", head, 32, 192, 64)
    struct.pack_into("<H", head, 56, 2)
    segments = [(4, 0, 304, 0, 0, len(note), len(note), 0), (1, 0, 368, 0x4000_0000, 0x4000_0000, 4096, 4096, 0)]
    made = bytes(head).ljust(192, b"\0") + b"".join(struct.pack("<IIQQQQQQ", *one) for one in segments) + note + memory
    with tempfile.TemporaryDirectory() as folder:
      source, output = Path(folder) / "source", Path(folder) / "output"
      source.write_bytes(made)
      peer_kdump.with_plain_headers(source, output)
      got = output.read_bytes()
      source.write_bytes(made[:-1])
      with self.assertRaisesRegex(ValueError, "truncated"):
        peer_kdump.with_plain_headers(source, output)
    load = struct.unpack_from("<IIQQQQQQ", got, 64 + 56)
    self.assertEqual(load[3:6], (0xFFFF_0000_0000_0000, 0x4000_0000, 4096))
    self.assertEqual(got[load[2] : load[2] + 4096], memory)


if __name__ == "__main__":
  unittest.main()
