# SPDX-License-Identifier: MIT
"""Stack usage: what compilers write, and the sum over the calls."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import stack_usage

PROGRAM = """
0000000000001000 <outer>:
    1000:      \tbl\t0x1100 <inner>
    1004:      \tb\t0x1000 <outer+0x8>
    1008:      \tb\t0x1200 <after>

0000000000001100 <inner>:
    1100:      \tblr\tx8
    1104:      \tret

0000000000001200 <after>:
    1200:      \tret

0000000000001300 <pointed_at>:
    1300:      \tbl\t0x1400 <memcpy>
"""
USAGE = (
  "a.cpp:1:outer\t32\tstatic\na.cpp:2:inner\t64\tstatic\n"
  "a.cpp:3:after\t{after}\tstatic\na.cpp:4:pointed_at\t16\tstatic\n"
)


class StackUsageTest(unittest.TestCase):
  def worst(self, program=PROGRAM, usage=USAGE.format(after=48), outward="none"):
    def run(command, **options):
      return mock.Mock(stdout=program if command[0] == "objdump" else options["input"])

    with tempfile.TemporaryDirectory() as folder, mock.patch.object(stack_usage.subprocess, "run", run):
      path = Path(folder) / "a.su"
      path.write_text(usage)
      return stack_usage.worst_case("program", "outer", [path], "objdump", "cxxfilt", "pointed_at", outward)

  def test_adds_up_the_deepest_calls_those_through_pointers_too(self):
    self.assertEqual(self.worst(), 32 + 64 + 16)

  def test_leaves_out_what_a_pointer_leads_to_outside_of_the_library(self):
    self.assertEqual(self.worst(outward="inner"), 32 + 64)

  def test_takes_no_account_of_a_frame_that_a_jump_has_left(self):
    self.assertEqual(self.worst(usage=USAGE.format(after=1000)), 1000)

  def test_takes_a_part_of_a_function_for_the_function(self):
    self.assertEqual(self.worst(PROGRAM.replace("<inner>", "<inner (.isra.0)>")), 32 + 64 + 16)
    self.assertEqual(self.worst(PROGRAM.replace("<inner>", "<inner [clone .part.1]>")), 32 + 64 + 16)

  def test_refuses_recursion(self):
    with self.assertRaisesRegex(ValueError, "recursion: outer -> inner -> outer"):
      self.worst(PROGRAM.replace("blr\tx8", "bl\t0x1000 <outer>"))

  def test_refuses_a_function_that_the_compiler_did_not_tell_of(self):
    with self.assertRaisesRegex(ValueError, "no stack usage of inner"):
      self.worst(usage=USAGE.format(after=48).replace(":inner", ":another"))

  def test_refuses_a_stack_that_is_not_bounded(self):
    with self.assertRaisesRegex(ValueError, "not bounded"):
      self.worst(usage="a.cpp:1:outer\t32\tdynamic\n")

  def test_finds_one_name_for_a_symbol_and_a_signature(self):
    cases = (
      (
        "surefoot::walk(surefoot::Start const&, surefoot::Kernel const&, std::span<surefoot::Frame, 18ul>)",
        "surefoot::Trace surefoot::walk(const Start&, const Kernel&, std::span<Frame>)",
      ),
      (
        "surefoot::Rule surefoot::FrameTable::find<true>(surefoot::FrameTable const&)",
        "static surefoot::Rule surefoot::FrameTable::find(const FrameTable&) [with bool is_near = true]",
      ),
      (
        "surefoot::detail::(anonymous namespace)::rule_of(std::span<std::byte const, 18ul>, Row const&)",
        "surefoot::Rule surefoot::detail::{anonymous}::rule_of(std::span<const std::byte>, const Row&)",
      ),
    )
    for symbol, signature in cases:
      with self.subTest(symbol):
        self.assertEqual(stack_usage.base_name(symbol), stack_usage.base_name(signature))
    self.assertNotEqual(stack_usage.base_name("a::walk(int)"), stack_usage.base_name("a::walk(int, int)"))

  def test_tells_a_lambda_from_the_function_that_it_is_in(self):
    symbol = "a::follow(a::State&, a::Rule const&)::'lambda0'(unsigned long)::operator()(unsigned long) const"
    signature = "a::follow(State&, const Rule&)::<lambda(uint64_t)>"
    self.assertEqual(stack_usage.base_name(symbol), stack_usage.base_name(signature))
    self.assertNotEqual(stack_usage.base_name(symbol), stack_usage.base_name("a::follow(a::State&, a::Rule const&)"))


if __name__ == "__main__":
  unittest.main()
