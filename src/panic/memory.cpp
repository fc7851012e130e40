// SPDX-License-Identifier: MIT
//
// The lines of a report about memory: code around pc, the stack around sp, and the return stacks. Code is read where
// the code map knows it, and stacks where the task has them.
#include <cstddef>

#include "scene.hpp"

namespace surefoot::panic {
namespace {

constexpr std::uint64_t word_size = sizeof(std::uint64_t);

constexpr std::uint64_t code_before = 8;  // instructions before pc
constexpr std::uint64_t code_after = 4;   // and after it
constexpr std::uint64_t words_a_line = 4;
constexpr std::uint64_t line_size = words_a_line * word_size;
constexpr std::uint64_t most_lines = 10;  // of the stack: the first is below sp
constexpr std::uint32_t most_entries = 16;

// The digits of a number without 0x.
void write_digits(std::uint64_t value, std::size_t digits, const Output& output) noexcept {
  surefoot::detail::NumberText room;
  output(surefoot::detail::to_hex(value, digits, room).subspan(2));
}

// The instruction at a multiple of 4; false if it is not code, or cannot be read. A64 instructions are little-endian,
// whatever data is [arm-arm B2.6.2]; so is the data of every kernel that this library knows.
bool read_instruction(const Scene& scene, std::uint64_t address, std::uint64_t& instruction) noexcept {
  const CodeMap& code = scene.kernel().code();
  // All of the word that is read has to be code: where it is not, it may be a device.
  const std::uint64_t word_at = address & ~(word_size - 1);
  for (const std::uint64_t at : {word_at, word_at + instruction_size}) {
    if (code[code.find(at)].kind == IntervalKind::nothing) return false;
  }
  std::uint64_t word = 0;
  if (!scene.read(word_at, word)) return false;
  instruction = (address == word_at ? word : word >> 32) & 0xffff'ffff;
  return true;
}

void write_entry(const Scene& scene, const ReturnEntry& entry, std::uint32_t index, Writer& writer) noexcept {
  writer.text("  [");
  writer.decimal(index);
  writer.text("]");
  const std::uint64_t return_address = entry.load_return_address();
  if (return_address == 0) {
    writer.text(" empty\n");
    return;
  }
  const Symbol function = scene.find_symbol(CodeAddress(entry.function, CodeAddress::Kind::exact));
  writer.text(" ");
  if (function.is_known()) {
    writer.name(function.name);
  } else {
    writer.hex(entry.function, 16);
  }
  writer.text(" returns to ");
  const std::uint64_t caller = scene.kernel().pac().strip(return_address);
  writer.hex(caller, 16);
  write_function(scene, CodeAddress(caller, CodeAddress::Kind::return_address));
  writer.text("  key ");
  writer.hex(entry.key, 16);
  writer.text("  hook ");
  writer.hex(entry.hook, 16);
  writer.text("\n");
}

void write_return_stack(const Scene& scene, const ReturnStack& stack, Writer& writer) noexcept {
  const std::uint32_t depth = stack.depth();
  writer.text("Return stack: ");
  if (depth > stack.capacity()) {
    writer.text("overwritten: depth ");
    writer.decimal(depth);
    writer.text(" of ");
    writer.decimal(stack.capacity());
    writer.text("\n");
    return;
  }
  std::uint32_t valid = 0;
  for (const ReturnEntry& entry : stack.entries()) valid += entry.load_return_address() != 0 ? 1U : 0U;
  writer.decimal(valid);
  writer.text(valid == 1 ? " entry, depth " : " entries, depth ");
  writer.decimal(depth);
  if (stack.dropped() != 0) {
    writer.text(", full ");
    writer.decimal(stack.dropped());
    writer.text(stack.dropped() == 1 ? " time" : " times");
  }
  writer.text("\n");
  for (std::uint32_t i = 0; i < depth && i < most_entries; ++i) {
    write_entry(scene, stack.slot(depth - 1 - i), depth - 1 - i, writer);
  }
  if (depth > most_entries) {
    writer.text("  ...  ");
    writer.decimal(depth - most_entries);
    writer.text(" more\n");
  }
}

}  // namespace

void write_return_stacks(const Scene& scene) noexcept {
  Writer writer(scene.output(), false);
  std::size_t count = 0;
  for (const ReturnStack* const stack : scene.task().return_stacks) {
    if (count++ == max_return_stacks) return;
    if (stack != nullptr) write_return_stack(scene, *stack, writer);
  }
}

void write_code(const Scene& scene) noexcept {
  const std::uint64_t pc = scene.pc().value;
  std::uint64_t instruction = 0;
  if (!scene.pc().is_known || pc % instruction_size != 0) return;
  // Without a map nothing is known to be code, and the line would be question marks only.
  if (!read_instruction(scene, pc, instruction)) return;
  Writer writer(scene.output(), false);
  writer.text("Code:");
  const std::uint64_t before = code_before * instruction_size;
  std::uint64_t at = pc > before ? pc - before : 0;
  for (; at <= pc + code_after * instruction_size; at += instruction_size) {
    writer.text(at == pc ? " (" : " ");
    if (read_instruction(scene, at, instruction)) {
      write_digits(instruction, 8, scene.output());
    } else {
      writer.text("????????");
    }
    if (at == pc) writer.text(")");
  }
  writer.text("\n");
}

void write_stack(const Scene& scene) noexcept {
  if (!scene.sp().is_known) return;
  const std::uint64_t sp = scene.kernel().tags().strip(scene.sp().value) & ~(word_size - 1);
  const Stack* stack = scene.find_stack(sp);
  // Of a stack that has overflowed, what was pushed last is at its beginning.
  const bool is_in_stack = stack != nullptr;
  if (!is_in_stack) stack = scene.find_overflowed(sp);
  if (stack == nullptr) return;
  Writer writer(scene.output(), false);
  writer.text("Stack:\n");
  std::uint64_t at = is_in_stack ? sp : (stack->range.start() + word_size - 1) & ~(word_size - 1);
  if (is_in_stack && at - stack->range.start() >= line_size) at -= line_size;
  for (std::uint64_t line = 0; line < most_lines && stack->range.contains(at, word_size); ++line) {
    writer.text("  ");
    writer.hex(at, 16);
    writer.text(":");
    for (std::uint64_t i = 0; i < words_a_line && stack->range.contains(at, word_size); ++i, at += word_size) {
      std::uint64_t word = 0;
      writer.text(" ");
      if (scene.read(at, word)) {
        write_digits(word, 16, scene.output());
      } else {
        writer.text("????????????????");
      }
    }
    writer.text("\n");
  }
}

}  // namespace surefoot::panic
