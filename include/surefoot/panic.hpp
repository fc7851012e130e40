// SPDX-License-Identifier: MIT
//
// The end of a kernel that went wrong, as a report that people and `surefoot decode` read: of the CPU that panics, and
// of the others, which it stops. Own target: surefoot::panic.
//
//   surefoot::panic::handle({.reason = reason, .cpu = cpu, .exception_frame_at = frame, ...}, port, all, own);
#pragma once

#include <cstdint>

#include "surefoot/panic/report.hpp"
#include "surefoot/panic/syndrome.hpp"

namespace surefoot::panic {

/// What became of another CPU.
enum class Standing : std::uint8_t {
  stopped,   ///< it has stopped, and the report says in which state
  silent,    ///< it has not answered in the time that the kernel gives it
  reported,  ///< it panicked as well, and has printed its own report
  absent,    ///< there is none with that number
};

/// What a panic needs from the kernel. No function may wait without end, nor take a lock that another CPU may hold.
struct Port {
  void* object = nullptr;
  /// Takes text. Required.
  void (*write)(void* object, const char* text, std::size_t size) noexcept = nullptr;
  /// Makes the console this CPU's own, with bounded patience. False if another CPU keeps it: the report goes on without
  /// it. True as well if this CPU has it already. Null if there is nothing to take.
  bool (*take_console)(void* object) noexcept = nullptr;
  /// Lets others have it, however often it was taken. Null with take_console.
  void (*release_console)(void* object) noexcept = nullptr;
  /// How many CPUs may be running, with numbers from 0 on.
  std::uint32_t cpu_count = 1;
  /// Asks every other CPU to stop, by the cross-CPU interrupt, and does not wait. Null if there are none.
  void (*stop_others)(void* object) noexcept = nullptr;
  /// Waits, for a bounded time, until the CPU has stopped or said that it will not, and fills in what is known of it:
  /// its registers if it has stopped, its task at any rate. Null if there are no others.
  Standing (*wait_for)(void* object, std::uint32_t cpu, Report& known) noexcept = nullptr;
};

/// What all CPUs share. One for the kernel; zero at first.
struct AllCpus {
  std::uint32_t first = 0;  ///< 1 more than the number of the CPU that panicked first
};

/// What each CPU has for itself. Zero at first.
struct OwnCpu {
  std::uint32_t depth = 0;  ///< how many panics are under way on it
};

/// What the caller has to do then.
enum class Outcome : std::uint8_t {
  end_machine,  ///< this CPU panicked first, and has reported the others
  stay,         ///< another CPU panicked first, and will report that this one has said all it has to say
  give_up,      ///< a panic in the report of a panic in a panic: nothing was printed
};

/// Reports a panic: of this CPU, and if it is the first to panic, of the others. Call it with interrupts masked.
///
/// The first panic of a CPU prints all (print_report), the second, which happened in the first one's report, prints
/// less (print_brief), and the third nothing. With more than one CPU, `all` is in memory that allows exclusive
/// accesses. Needs 3,200 bytes of stack beside what the port's functions use; otherwise as print_report().
[[nodiscard]] Outcome handle(const Report& report, const Port& port, AllCpus& all, OwnCpu& own) noexcept;

}  // namespace surefoot::panic
