// SPDX-License-Identifier: MIT
//
// The lines of a report about registers: the cause of the exception, where it was, and what the registers held.
#include <span>

#include "scene.hpp"

namespace surefoot::panic {
namespace {

constexpr unsigned general_register_count = 29;  // x0 to x28, below fp
constexpr unsigned columns = 3;

// A bit of PSTATE that has a letter: in upper case if it is set [arm-arm, SPSR_EL1].
struct Flag {
  unsigned bit;
  char set;
  char clear;
};
constexpr Flag conditions[] = {{31, 'N', 'n'}, {30, 'Z', 'z'}, {29, 'C', 'c'}, {28, 'V', 'v'}};
constexpr Flag masks[] = {{9, 'D', 'd'}, {8, 'A', 'a'}, {7, 'I', 'i'}, {6, 'F', 'f'}};

void write_flags(std::uint64_t pstate, std::span<const Flag> flags, const Output& output) noexcept {
  for (const Flag& flag : flags) {
    const char letter = (pstate >> flag.bit & 1) != 0 ? flag.set : flag.clear;
    output({&letter, 1});
  }
}

// The bits that are named only where they are set, as they change what an access or a branch does.
void write_modes(std::uint64_t pstate, Writer& writer) noexcept {
  const auto name = [&](unsigned bit, const char* text) {
    if ((pstate >> bit & 1) != 0) writer.text(text);
  };
  name(25, " TCO");
  name(23, " UAO");
  name(22, " PAN");
  name(21, " SS");
  name(20, " IL");
  if ((pstate >> 10 & 3) != 0) {
    writer.text(" BTYPE=");
    writer.decimal(pstate >> 10 & 3);
  }
}

void write_pstate(std::uint64_t pstate, const Output& output) noexcept {
  Writer writer(output, false);
  writer.text("pstate: ");
  writer.hex(pstate, 8);
  writer.text(" (");
  if ((pstate & 0x10) == 0) {  // AArch32 has other flags in other places
    write_flags(pstate, conditions, output);
    writer.text(" ");
    write_flags(pstate, masks, output);
    write_modes(pstate, writer);
    writer.text(" ");
  }
  const char* const mode = to_mode_name(pstate);
  writer.text(mode != nullptr ? mode : "no such mode");
  writer.text(")\n");
}

// `pc : 0x0000000040201234`, without an end of line.
void write_place(const char* name, std::uint64_t value, Writer& writer) noexcept {
  writer.text(name);
  writer.text(" : ");
  writer.hex(value, 16);
}

const char* to_text(StackKind kind) noexcept {
  switch (kind) {  // No default: -Wswitch names the enumerator that was forgotten.
    case StackKind::task: return "task";
    case StackKind::irq: return "irq";
    case StackKind::overflow: return "overflow";
    case StackKind::exception: return "exception";
    case StackKind::other: return "other";
  }
  return "other";
}

void write_range(const Scene& scene, const Stack& stack, Writer& writer) noexcept {
  writer.text("stack ");
  const bool is_own = stack.kind == StackKind::task && scene.report().task_name != nullptr;
  writer.name(is_own ? scene.report().task_name : to_text(stack.kind));
  writer.text(" ");
  writer.hex(stack.range.start(), 16);
  writer.text("-");
  writer.hex(stack.range.end(), 16);
}

void write_sp(const Scene& scene, Writer& writer) noexcept {
  // The tag of an address is no part of the place. An empty stack's sp is at its end.
  const std::uint64_t sp = scene.kernel().tags().strip(scene.sp().value);
  const Stack* stack = scene.find_stack(sp);
  if (stack == nullptr && sp != 0) stack = scene.find_stack(sp - 1);
  if (stack != nullptr) {
    writer.text("  ");
    write_range(scene, *stack, writer);
  } else if (const Stack* const overflowed = scene.find_overflowed(sp); overflowed != nullptr) {
    writer.text("  ");
    writer.hex(overflowed->range.start() - sp);
    writer.text(" below ");
    write_range(scene, *overflowed, writer);
  } else if (scene.task().stacks.size() != 0) {
    writer.text("  in no stack of the task");
  }
}

}  // namespace

void write_cause(const Report& report, const Output& output) noexcept {
  if (report.syndrome == nullptr) return;
  const std::uint64_t esr = report.syndrome->esr;
  Writer writer(output, false);
  writer.text("Exception: ");
  if (const char* const name = to_class_name(esr); name != nullptr) {
    writer.text(name);
  } else {
    writer.text("class ");
    writer.hex(exception_class_of(esr));
  }
  constexpr unsigned brk = 0x3c;
  if (exception_class_of(esr) == brk) {
    writer.text(" ");
    writer.hex(esr & 0xffff);
  }
  const char* separator = ": ";
  if (const char* const words = to_words(fault_access_of(esr)); words != nullptr) {
    writer.text(separator);
    writer.text(words);
    writer.text(" ");
    if (has_fault_address(esr)) {
      writer.hex(report.syndrome->far, 16);
    } else {
      writer.text("an unknown address");
    }
    separator = ", ";
  }
  if (const FaultStatus status = fault_status_of(esr); status.name != nullptr) {
    writer.text(separator);
    writer.text(status.name);
    if (status.level != FaultStatus::no_level) {
      writer.text(status.level < 0 ? " at level -" : " at level ");
      writer.decimal(static_cast<std::uint64_t>(status.level < 0 ? -status.level : status.level));
    }
  }
  writer.text(" (esr ");
  writer.hex(esr, 8);
  writer.text(")\n");
}

void write_places(const Scene& scene, bool with_names) noexcept {
  Writer writer(scene.output(), false);
  if (scene.pc().is_known) {
    write_place("pc", scene.pc().value, writer);
    if (with_names) write_function(scene, CodeAddress(scene.pc().value, scene.pc_kind()));
    writer.text("\n");
  }
  const ExceptionLayout& layout = scene.kernel().exception();
  if (const Known lr = scene.in_frame(layout.lr); lr.is_known) {
    write_place("lr", lr.value, writer);
    // Printed as it is, and looked up without its signature.
    const CodeAddress called(scene.kernel().pac().strip(lr.value), CodeAddress::Kind::return_address);
    if (with_names) write_function(scene, called);
    writer.text("\n");
  }
  if (scene.sp().is_known) {
    write_place("sp", scene.sp().value, writer);
    if (with_names) write_sp(scene, writer);
    writer.text("\n");
  }
  if (const Known pstate = scene.in_frame(layout.pstate); pstate.is_known) write_pstate(pstate.value, scene.output());
}

void write_registers(const Scene& scene) noexcept {
  Writer writer(scene.output(), false);
  const auto write = [&](unsigned number, std::uint64_t value) {
    writer.text("x");
    writer.decimal(number);
    writer.text(number < 10 ? " : " : ": ");
    surefoot::detail::NumberText room;
    scene.output()(surefoot::detail::to_hex(value, 16, room).subspan(2));
  };
  if (!scene.fp().is_known) return;
  write(general_register_count, scene.fp().value);
  const ExceptionLayout& layout = scene.kernel().exception();
  const std::uint16_t first = scene.report().general_registers;
  constexpr unsigned word = sizeof(std::uint64_t);
  const bool are_known = scene.frame_at() != 0 && first != ExceptionLayout::absent && first % word == 0 &&
                         first + general_register_count * word <= layout.size && first + 9 * word == layout.x9;
  unsigned column = 1;
  for (unsigned number = general_register_count; are_known && number-- > 0; ++column) {
    writer.text(column % columns == 0 ? "\n" : " ");
    write(number, scene.in_frame(static_cast<std::uint16_t>(first + number * word)).value);
  }
  writer.text("\n");
}

}  // namespace surefoot::panic
