// SPDX-License-Identifier: MIT
//
// What the parts of a report share: the description with its gaps filled, the interrupted registers, and reading of
// memory that may not be there.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/panic/report.hpp"
#include "surefoot/print.hpp"

namespace surefoot::panic {

using Writer = surefoot::detail::TextWriter<const Output>;

/// A number, if it is known.
struct Known {
  std::uint64_t value = 0;
  bool is_known = false;
};

/// In the place of a kernel or a task that is not given. Built where it is needed: as constants they would be relocated
/// data.
struct Fallback {
  Fallback() noexcept : kernel(*Kernel::make({.code = &code})) {}
  Fallback(const Fallback&) = delete;
  Fallback& operator=(const Fallback&) = delete;

  CodeMap code;
  Kernel kernel;
  Task task;
};

/// A report as it is printed.
class Scene {
 public:
  /// Looks for the registers: in the exception's frame, if it can be read, else in the start. `fallback` must outlive
  /// the scene.
  Scene(const Report& report, const Fallback& fallback, const Output& output) noexcept;

  [[nodiscard]] const Report& report() const noexcept { return report_; }
  [[nodiscard]] const Kernel& kernel() const noexcept { return kernel_; }
  [[nodiscard]] const Task& task() const noexcept { return task_; }
  [[nodiscard]] const Output& output() const noexcept { return output_; }

  /// Reads the word at a multiple of 8. False if the kernel's reader refuses it.
  [[nodiscard]] bool read(std::uint64_t address, std::uint64_t& word) const noexcept;

  /// The address of the exception's frame; 0 if there is none that can be read.
  [[nodiscard]] std::uint64_t frame_at() const noexcept { return frame_at_; }
  /// A register that the frame holds at an offset, which may be absent.
  [[nodiscard]] Known in_frame(std::uint16_t offset) const noexcept;

  [[nodiscard]] const Known& pc() const noexcept { return pc_; }
  [[nodiscard]] const Known& sp() const noexcept { return sp_; }
  [[nodiscard]] const Known& fp() const noexcept { return fp_; }
  [[nodiscard]] CodeAddress::Kind pc_kind() const noexcept { return pc_kind_; }

  /// The stack that the address lies in; null if it is in none.
  [[nodiscard]] const Stack* find_stack(std::uint64_t address) const noexcept;
  /// The task's stack that an sp in no stack has overflowed: one that is not farther above it than it is large.
  [[nodiscard]] const Stack* find_overflowed(std::uint64_t sp) const noexcept;

  /// The function that an address lies in.
  [[nodiscard]] Symbol find_symbol(CodeAddress address) const noexcept;
  [[nodiscard]] Symbols symbols_at(std::uint64_t pc) const noexcept;

 private:
  void find_registers() noexcept;
  [[nodiscard]] bool is_frame_readable(std::uint64_t frame_at) const noexcept;

  const Report& report_;
  const Kernel& kernel_;
  const Task& task_;
  const Output& output_;
  const ForeignMemory* memory_;
  std::uint64_t frame_at_ = 0;
  Known pc_;
  Known sp_;
  Known fp_;
  CodeAddress::Kind pc_kind_ = CodeAddress::Kind::exact;
};

/// Prints the name of the function at the address and where in it that is, with a blank before it; nothing if it has no
/// name.
void write_function(const Scene& scene, CodeAddress address) noexcept;

// The parts of a report, in order.
void write_heading(const Report& report, Heading heading, const Output& output) noexcept;
void write_cpu(const Report& report, const Output& output) noexcept;
void write_cause(const Report& report, const Output& output) noexcept;
/// The places: pc, lr and sp; by names of functions and stacks, or as numbers only.
void write_places(const Scene& scene, bool with_names) noexcept;
void write_registers(const Scene& scene) noexcept;
void write_trace(const Scene& scene) noexcept;
void write_return_stacks(const Scene& scene) noexcept;
void write_code(const Scene& scene) noexcept;
void write_stack(const Scene& scene) noexcept;
void write_end(const Report& report, Heading heading, const Output& output) noexcept;

}  // namespace surefoot::panic
