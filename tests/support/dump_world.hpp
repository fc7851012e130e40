// SPDX-License-Identifier: MIT
//
// A machine that runs the miniature kernel of tests/tools/images/linux, at the moment of a dump: the image in physical
// memory, translation tables, two CPUs with their idle tasks, and what a test adds. It is written as an ELF core.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dump/dump.hpp"
#include "elf/image.hpp"
#include "linux/layouts.hpp"
#include "linux/symbols.hpp"
#include "support/dump_builder.hpp"

namespace surefoot::testing {

/// The forms of the miniature kernel.
enum class KernelForm : std::uint8_t {
  plain,  ///< records without a type, return stacks as arrays, kretprobes
  typed,  ///< records with a type, signed return addresses, return stacks of words, rethooks
};

[[nodiscard]] const char* name_of(KernelForm form);

/// A task that is added.
struct NewTask {
  std::int32_t pid = 0;
  std::string name = {};
  std::uint64_t leader = 0;  ///< of the thread group; 0: itself
  std::uint64_t state = 1;   ///< TASK_INTERRUPTIBLE
  std::uint32_t exit_state = 0;
  bool has_stack = true;
  bool is_user = true;
};

class DumpWorld {
 public:
  static constexpr std::uint64_t slide = 0x1e40'0000;
  static constexpr std::uint64_t thread_size = 8192;
  static constexpr unsigned cpu_count = 2;

  explicit DumpWorld(KernelForm form);

  [[nodiscard]] KernelForm form() const { return form_; }
  [[nodiscard]] bool is_typed() const { return form_ == KernelForm::typed; }
  /// The path of the kernel's image, and of its module.
  [[nodiscard]] std::string vmlinux() const;
  [[nodiscard]] std::string module_file() const;
  [[nodiscard]] const tools::Layouts& layouts() const;
  [[nodiscard]] const tools::Image& image() const;
  [[nodiscard]] tools::KernelSymbols symbols() const { return tools::symbols_of_image(image(), slide); }

  /// A symbol's address in memory, and a CPU's own copy of a variable.
  [[nodiscard]] std::uint64_t at(std::string_view name) const;
  [[nodiscard]] std::uint64_t on_cpu(unsigned cpu, std::string_view name) const;
  /// The return address of the function's first call of the callee; of its first call by a register, if that has no
  /// name.
  [[nodiscard]] std::uint64_t call_in(std::string_view function, std::string_view callee = {}) const;
  /// A return address as functions of this kernel keep it.
  [[nodiscard]] std::uint64_t signed_address(std::uint64_t address) const;

  /// New memory, zeroed. A stack has unmapped pages around it.
  std::uint64_t allocate(std::uint64_t size);
  std::uint64_t allocate_stack();
  /// Maps pages with memory of their own.
  void map(std::uint64_t address, std::uint64_t size);
  void write(std::uint64_t address, std::span<const std::byte> bytes);
  void write_text(std::uint64_t address, std::string_view text);
  template <std::integral Integer>
  void write_number(std::uint64_t address, Integer number) {
    Bytes bytes;
    append(bytes, static_cast<std::uint64_t>(number), sizeof number);
    write(address, bytes);
  }
  void write_word(std::uint64_t address, std::uint64_t word) { write_number(address, word); }
  void write_member(std::uint64_t address, const tools::Member& member, std::uint64_t number);
  [[nodiscard]] std::uint64_t word(std::uint64_t address);
  [[nodiscard]] std::uint64_t physical(std::uint64_t address) const;
  /// The dump lacks the page of that address.
  void forget(std::uint64_t address) { memory_.forget(physical(address)); }
  /// Appends a node to a list.
  void append_node(std::uint64_t head, std::uint64_t node);

  /// Returns the address of its task_struct. It is blocked, with nothing on its stack yet: see TaskStack.
  std::uint64_t add_task(const NewTask& task);
  [[nodiscard]] std::uint64_t stack_of(std::uint64_t task);
  /// A loaded module, by name, with symbols and sections. Returns the address of its code.
  std::uint64_t add_module(const std::string& name);
  /// The CPU runs the task with these registers.
  void run(unsigned cpu, std::uint64_t task, const tools::CpuState& state);
  [[nodiscard]] std::uint64_t idle_task(unsigned cpu) const { return idle_[cpu]; }

  /// What the dump's notes hold, for tests that have other ones.
  std::string vmcoreinfo;
  std::vector<tools::CpuState> cpus;

  [[nodiscard]] Bytes core();
  [[nodiscard]] SparseMemory& memory() { return memory_; }
  [[nodiscard]] tools::PageTables tables() const;

 private:
  void load_image();
  void add_cpu(unsigned cpu);
  std::uint64_t write_new_text(std::string_view text);

  KernelForm form_;
  SparseMemory memory_;
  TableBuilder table_builder_;
  std::map<std::uint64_t, std::uint64_t> pages_;
  std::uint64_t next_physical_ = 0x5000'0000;
  std::uint64_t next_heap_ = 0xffff'0000'1000'0000;
  std::uint64_t next_stack_ = 0xffff'8000'a000'0000;
  std::uint64_t next_module_ = 0;
  std::vector<std::uint64_t> idle_;
};

}  // namespace surefoot::testing
