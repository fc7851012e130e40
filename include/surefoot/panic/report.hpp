// SPDX-License-Identifier: MIT
//
// What a kernel knows when it gives up, and the report that is printed of it. docs/panic.md has the format, line by
// line. Part of surefoot::panic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/kernel.hpp"
#include "surefoot/layout.h"
#include "surefoot/memory.hpp"
#include "surefoot/panic/syndrome.hpp"
#include "surefoot/start.hpp"
#include "surefoot/symbols.hpp"
#include "surefoot/task.hpp"

namespace surefoot::panic {

/// A function and an object that take the next piece of text. It is called on the panicking CPU, with whatever stack
/// that has left.
struct Output {
  void (*write)(void* object, const char* text, std::size_t size) noexcept = nullptr;
  void* object = nullptr;

  void operator()(std::span<const char> text) const noexcept { write(object, text.data(), text.size()); }
};

/// In place of a number that is not known.
inline constexpr std::uint32_t unknown_cpu = ~std::uint32_t{0};
inline constexpr std::uint64_t unknown_task = ~std::uint64_t{0};

/// What is known of one CPU and of the task on it. Whatever is left out is not printed. All that is referred to must
/// stay in place until the report is printed.
struct Report {
  /// Why, in the kernel's words; null if there are none.
  const char* reason = nullptr;
  std::uint32_t cpu = unknown_cpu;
  const char* task_name = nullptr;
  std::uint64_t task_number = unknown_task;
  /// The address of the frame of the exception that is to be reported, laid out as the kernel's description says; 0 if
  /// there is none.
  std::uint64_t exception_frame_at = 0;
  /// Where the frame holds x0, of x0 to x28 in ascending order. Registers are printed only if that agrees with the x9
  /// of the layout.
  std::uint16_t general_registers = SUREFOOT_EXCEPTION_FRAME_OFFSET_X0;
  /// The cause of that exception; null if it was an interrupt, or the registers were overwritten meanwhile.
  const Syndrome* syndrome = nullptr;
  /// Null for one of which nothing is known: code is then not shown, and the trace is unreliable.
  const Kernel* kernel = nullptr;
  /// Null for one that has no known stack.
  const Task* task = nullptr;
  /// Where the trace begins; null for the exception.
  const Start* start = nullptr;
  /// By which the trace is judged: a reader wants to know which frames are right, even if an exception was crossed.
  Policy policy = Policy::exact;
  /// Names of the functions. An empty table gives none.
  Symbols symbols{};
  /// Names for a pc that may lie in a module, instead of `symbols`; null if they are not needed.
  Symbols (*symbols_of)(void* object, std::uint64_t pc) noexcept = nullptr;
  void* symbols_object = nullptr;
  /// Reads words that may not be there: of the exception frame, and of stacks and code. A kernel that can tell whether
  /// memory is mapped gives a function that does so first. Null reads them as they are.
  const ForeignMemory* memory = nullptr;
};

/// Which report a section is about.
enum class Heading : std::uint8_t {
  panic,           ///< this CPU gives up
  panic_in_panic,  ///< this CPU gave up before, and failed in its report
  stopped,         ///< another CPU panics and has stopped this one
  silent,          ///< another CPU panics, and this one does not answer
};

/// Prints all that is known: the cause, registers, trace, verdict in words, return stacks, code around pc and the stack
/// around sp. The last line is `---[ surefoot: end of panic, cpu N ]---`.
///
/// Reads the exception frame, the task's stacks and return stacks, the kernel's description and tables, and words of
/// code that its code map knows. Takes no lock. Needs 2,816 bytes of stack beside what `output` and `memory` use, no
/// heap, no globals: any context, an NMI, an overflow stack and code before the MMU is on included. Ends after
/// two walks and a bounded number of lines a frame.
void print_report(const Report& report, Heading heading, const Output& output) noexcept;

/// Prints what reads nothing but the report itself and the exception frame: for a panic in a panic, which shows that
/// the rest cannot be relied on. No walk is made and no name looked up. As above otherwise.
void print_brief(const Report& report, Heading heading, const Output& output) noexcept;

}  // namespace surefoot::panic
