# SPDX-License-Identifier: MIT
"""Saved registers, CFI and memory, or calls of the code confirm who called an interrupted function."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "foreign"))
import made_up
from made_up import PAC_MASK, PLACES, STACK, call, pc_of, registers

SIGNED = pc_of("caller") & ~PAC_MASK | 0x0055 << 48
HOOK = pc_of("return_to_handler", 0)
BLR = 0xD63F0100
ON_STACK = ("leaf", 0x10, 0x40, "sp", 0x20, -0x18)  # the word at sp + 8
BY_FP = ("leaf", 0x10, 0x40, "x29", 0x10, -8)  # the word at fp + 8
DIRECT = {("caller", 0x1C): call(PLACES["caller"] + 0x1C, "leaf"),
          ("outer", 0x1C): call(PLACES["outer"] + 0x1C, "caller")}  # fmt: skip


class WitnessTest(unittest.TestCase):
  def confirmed(self, witness, lr=0, pc=None, behind=None, offset=0x20):
    saved = registers(1, offset=offset, lr=lr)
    return witness.confirms(saved, pc or pc_of("caller"), behind or pc_of("outer"))

  def test_the_link_register_is_compared_without_its_authentication_code(self):
    self.assertEqual(self.confirmed(made_up.witness(), lr=SIGNED), "link_register")
    self.assertEqual(self.confirmed(made_up.witness(), lr=SIGNED + 4), "")

  def test_cfi_says_where_the_word_is(self):
    for row, address in ((ON_STACK, STACK + 0x28), (BY_FP, STACK + 0x48)):
      witness = made_up.witness(rows=[row], words={address: SIGNED})
      self.assertEqual(self.confirmed(witness), "cfi")
      self.assertEqual(self.confirmed(witness, lr=pc_of("entry"), pc=pc_of("entry")), "")

  def test_cfi_that_names_the_link_register(self):
    witness = made_up.witness(rows=[("leaf", 0, 0x40, "sp", 0, None)])
    self.assertEqual(self.confirmed(witness, lr=SIGNED), "cfi")
    self.assertEqual(self.confirmed(witness, lr=SIGNED + 4), "")

  def test_without_a_rule_or_a_word_the_link_register_has_to_do(self):
    for rows in ([], [ON_STACK], [("leaf", 0, 0x20, "sp", 0, None)], [("leaf", 0, 0x40, None, None, None)]):
      self.assertEqual(self.confirmed(made_up.witness(rows=rows), lr=SIGNED), "link_register")

  def test_behind_a_hook_the_calls_of_the_code_confirm_the_caller(self):
    self.assertEqual(self.confirmed(made_up.witness(instructions=DIRECT), lr=HOOK), "calls")
    rows = [("leaf", 0, 0x40, "sp", 0, None)]
    self.assertEqual(self.confirmed(made_up.witness(rows=rows, instructions=DIRECT), lr=HOOK), "calls")

  def test_calls_confirm_nothing_that_no_hook_hides(self):
    self.assertEqual(self.confirmed(made_up.witness(instructions=DIRECT), lr=pc_of("entry")), "")

  def test_calls_of_other_functions_confirm_nothing(self):
    for place, word in (
      (("caller", 0x1C), call(PLACES["caller"] + 0x1C, "outer")),
      (("outer", 0x1C), call(PLACES["outer"] + 0x1C, "leaf")),
      (("outer", 0x1C), BLR),
      (("caller", 0x1C), 0xD503201F),
    ):
      self.assertEqual(self.confirmed(made_up.witness(instructions={**DIRECT, place: word}), lr=HOOK), "", place)
    self.assertEqual(self.confirmed(made_up.witness(instructions=DIRECT), lr=HOOK, pc=0xFFFF000000001000), "")

  def test_an_indirect_call_counts_if_it_is_the_only_one(self):
    once = {**DIRECT, ("caller", 0x1C): BLR}
    self.assertEqual(self.confirmed(made_up.witness(instructions=once), lr=HOOK), "calls")
    twice = {**once, ("caller", 0x40): BLR}
    self.assertEqual(self.confirmed(made_up.witness(instructions=twice), lr=HOOK), "")

  def test_the_last_frame_has_no_caller_by_calls(self):
    witness = made_up.witness(instructions=DIRECT)
    self.assertEqual(witness.confirms(registers(1, lr=HOOK), pc_of("caller"), None), "")

  def test_the_call_before_the_link_register_tells_the_caller(self):
    witness = made_up.witness(instructions=DIRECT)
    self.assertEqual(witness.caller(registers(1, lr=SIGNED)), pc_of("caller"))
    for lr in (SIGNED + 4, pc_of("outer"), HOOK, 0, 0xFFFF000000001000):
      self.assertIsNone(witness.caller(registers(1, lr=lr)))

  def test_a_direct_call_of_another_function_is_seen(self):
    witness = made_up.witness(instructions={**DIRECT, ("entry", 0x1C): BLR})
    saved = registers(1)
    self.assertFalse(witness.calls_another(saved, pc_of("caller")))
    self.assertTrue(witness.calls_another(saved, pc_of("outer")))
    for unknown in (pc_of("entry"), pc_of("start"), 0xFFFF000000001000):
      self.assertFalse(witness.calls_another(saved, unknown))

  def test_a_hooked_caller_is_not_asked_of_cfi(self):
    rows = [("leaf", 0, 0x40, "sp", 0, None)]
    self.assertIsNone(made_up.witness(rows=rows).caller(registers(1, lr=HOOK)))
    self.assertEqual(made_up.witness(rows=rows).caller(registers(1, lr=SIGNED)), pc_of("caller"))


if __name__ == "__main__":
  unittest.main()
