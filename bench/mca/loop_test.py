# SPDX-License-Identifier: MIT
"""Finding a loop."""

import unittest

import loop

# As GCC lays it out: a turn ends in front of where it begins.
DISASSEMBLY = """
0000000000000000 <other(int)>:
       0:      \tret

0000000000000000 <walker::follow(Frame*)>:
       0:      \tcmp\tx0, x1
       4:      \tb.eq\t0x14 <walker::follow(Frame*)+0x14>
       8:      \tldr\tx2, [x0]
       c:      \tmov\tx3, #0x18               // =24
      10:      \tcbnz\tx2, 0x18 <walker::follow(Frame*)+0x18>
      14:      \tret
      18:      \tstr\tx2, [x0], #0x10
      1c:      \tcmp\tx0, x1
      20:      \tb.ne\t0x8 <walker::follow(Frame*)+0x8>
      24:      \tb\t0x14 <walker::follow(Frame*)+0x14>
"""


class LoopTest(unittest.TestCase):
  def test_finds_a_turn_in_the_order_of_execution(self):
    found = loop.loop_of(loop.instructions_of(DISASSEMBLY, "follow("))
    self.assertEqual([text.split("\t")[0] for text in found], ["str", "cmp", "b.ne", "ldr", "mov", "cbnz"])

  def test_gives_branches_a_target_that_is_there(self):
    text = loop.assembly(loop.loop_of(loop.instructions_of(DISASSEMBLY, "follow(")))
    self.assertIn("cbnz\tx2, turn\n", text)
    self.assertIn("b.ne\tturn\n", text)
    self.assertIn("mov\tx3, #0x18\n", text)

  def test_refuses_a_function_that_is_not_there_or_has_no_loop(self):
    with self.assertRaisesRegex(loop.NoLoop, "0 functions"):
      loop.instructions_of(DISASSEMBLY, "another")
    with self.assertRaisesRegex(loop.NoLoop, "0 loops that store"):
      loop.loop_of(loop.instructions_of(DISASSEMBLY, "other("))

  def test_takes_the_shortest_turn_of_those_that_store(self):
    text = DISASSEMBLY.replace("b\t0x14", "b\t0x24") + "".join(
      f"      {0x28 + 4 * i:x}:      \t{instruction}\n"
      for i, instruction in enumerate(("str\tx1, [x2]", "b\t0x28", "str\tx1, [sp, #0x8]", "b\t0x30"))
    )
    self.assertEqual(loop.loop_of(loop.instructions_of(text, "follow(")), ["str\tx1, [x2]", "b\t0x28"])

  def test_refuses_two_that_are_as_short(self):
    text = DISASSEMBLY + "".join(
      f"      {0x28 + 8 * i:x}:      \tstr\tx1, [x2]\n      {0x2c + 8 * i:x}:      \tb\t{0x28 + 8 * i:#x}\n"
      for i in range(2)
    )
    with self.assertRaisesRegex(loop.NoLoop, "3 loops that store, and none is the shortest"):
      loop.loop_of(loop.instructions_of(text, "follow("))


if __name__ == "__main__":
  unittest.main()
