# SPDX-License-Identifier: MIT
"""Which faults are made of a line, and which are chosen."""

import unittest

import operators


def faults(line, path="src/x.cpp"):
  return {(mutant.operator, mutant.new.strip()) for mutant in operators.of_text(path, line)}


class CppTest(unittest.TestCase):
  def test_a_check_can_be_dropped(self):
    self.assertIn(("check dropped", ""), faults("  if (count > most) return false;"))
    self.assertIn(("boundary", "if (count >= most) return false;"), faults("  if (count > most) return false;"))

  def test_a_statement_can_be_dropped_but_no_declaration(self):
    self.assertIn(("statement dropped", ""), faults("  state.next.pc = next;"))
    self.assertIn(("statement dropped", ""), faults("  context->returns->pop();"))
    self.assertNotIn(("statement dropped", ""), faults("  const int x = f();"))
    self.assertNotIn(("statement dropped", ""), faults("  return f();"))

  def test_comments_and_texts_are_left_alone(self):
    self.assertEqual(faults("// if (a < b) return;"), set())
    self.assertEqual(faults('  g = h("a < b"); // a < b && c'), {("statement dropped", "")})

  def test_a_barrier_can_be_dropped(self):
    self.assertEqual(faults('      "dsb ish\\n\\t"'), {("barrier or cache operation dropped", "")})

  def test_two_writes_can_change_places(self):
    text = "  __atomic_store_n(&a, 1, x);\n  __atomic_store_n(&b, 2, x);"
    swapped = [m for m in operators.of_text("src/x.cpp", text) if m.operator == "order swapped"]
    self.assertEqual(len(swapped), 1)
    self.assertEqual(operators.apply(text + "\n  end", swapped[0]), "\n".join([*reversed(text.split("\n")), "  end"]))


class AssemblyTest(unittest.TestCase):
  def of(self, line):
    return faults(line, "src/asm/x.S")

  def test_instructions(self):
    found = self.of("  stp x6, x7, [sp, #OFFSET]  // as in pairs")
    self.assertEqual(
      found,
      {
        ("instruction dropped", "nop"),
        ("registers swapped", "stp x7, x6, [sp, #OFFSET]"),
        ("offset", "stp x6, x7, [sp, #OFFSET + 8]"),
      },
    )

  def test_ranges(self):
    found = self.of("  .special_range ftrace_stub, .Lstub_end, ftrace_trampoline, pc=link_register")
    self.assertIn(("range dropped", ""), found)
    self.assertIn(
      ("range a word too long", ".special_range ftrace_stub, .Lstub_end + 4, ftrace_trampoline, pc=link_register"),
      found,
    )

  def test_directives_for_debuggers_are_left_alone(self):
    self.assertEqual(self.of("  .cfi_offset 29, -16"), set())


class ChoiceTest(unittest.TestCase):
  def test_the_same_are_chosen_wherever_their_lines_have_gone(self):
    text = "\n".join(f"  if (a{i} < b) return;" for i in range(40))
    first = operators.choose(operators.of_text("src/x.cpp", text), 10)
    moved = operators.choose(operators.of_text("src/x.cpp", "// moved\n" + text), 10)
    self.assertEqual(len(first), 10)
    self.assertEqual([m.key for m in first], [m.key for m in moved])

  def test_each_file_has_its_share(self):
    mutants = operators.of_text("src/x.cpp", "  if (a < b) return;\n" * 30) + operators.of_text("src/y.cpp", "  f(a);")
    self.assertEqual({m.path for m in operators.choose(mutants, 10)}, {"src/x.cpp", "src/y.cpp"})

  def test_there_are_not_more_than_wanted_where_there_are_more_files(self):
    mutants = [m for name in "abcdefgh" for m in operators.of_text(f"src/{name}.cpp", "  if (a < b) return;\n" * 9)]
    self.assertEqual(len(operators.choose(mutants, 4)), 4)


if __name__ == "__main__":
  unittest.main()
