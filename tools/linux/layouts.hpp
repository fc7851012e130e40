// SPDX-License-Identifier: MIT
//
// Where the members are that a walk needs of Linux's structures, for one kernel, out of its own type information. What
// differs from release to release is seen in the types: no version is asked for.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "linux/symbols.hpp"
#include "linux/types.hpp"
#include "surefoot/exception_layout.hpp"

namespace surefoot::tools {

/// A member that holds a number. Its size has changed from release to release.
struct Member {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// struct task_struct.
struct TaskLayout {
  std::uint64_t stack = 0;
  std::uint64_t tasks = 0;  ///< a list_head, through the leaders of all thread groups
  Member pid;
  Member tgid;
  std::uint64_t name = 0;
  std::uint64_t name_size = 0;
  Member state;
  Member exit_state;
  std::uint64_t saved_fp = 0;  ///< of thread.cpu_context, as are the next two
  std::uint64_t saved_sp = 0;
  std::uint64_t saved_pc = 0;
  std::uint64_t memory_map = 0;  ///< a pointer; null of a kernel thread
  std::uint64_t signal = 0;      ///< a pointer to signal_struct
  std::uint64_t thread_node = 0;
  std::uint64_t thread_head = 0;  ///< of signal_struct: the list of the group's thread_node
  Member voluntary_switches;
  Member involuntary_switches;
  Member cpu;     ///< thread_info.cpu
  Member on_cpu;  ///< without size in kernels for one CPU
};

/// Return addresses that the function-graph tracer has rewritten, as a task lists them.
struct GraphLayout {
  /// How the entries are kept.
  enum class Form : std::uint8_t {
    array,         ///< up to 6.10: entries; the newest is at the index curr_ret_stack, which is -1 of none
    shadow_stack,  ///< from 6.11: words, of which curr_ret_stack are used; the last of an entry says how long that is
  };
  Form form = Form::array;
  std::uint64_t used = 0;     ///< task_struct.curr_ret_stack
  std::uint64_t entries = 0;  ///< task_struct.ret_stack
  std::uint64_t entry_size = 0;
  std::uint64_t return_address = 0;
  std::uint64_t function = 0;
  std::uint64_t key = 0;  ///< what fp was at the function's entry
};

/// A list of hooks of single functions: kretprobes or rethooks, the newest first.
struct HookLayout {
  std::uint64_t first = 0;  ///< in task_struct: the pointer to the newest node
  std::uint64_t node = 0;   ///< in an entry: its node, which begins with the pointer to the next
  std::uint64_t return_address = 0;
  std::uint64_t key = 0;
};

/// struct module, and what it points to.
struct ModuleLayout {
  std::uint64_t list = 0;
  std::uint64_t name = 0;
  std::uint64_t name_size = 0;
  std::uint64_t state = 0;
  std::optional<std::uint64_t> sections;       ///< a pointer to module_sect_attrs
  std::optional<std::uint64_t> section_count;  ///< of module_sect_attrs; else a name that is null ends the array
  std::uint64_t section_array = 0;             ///< of module_sect_attrs
  std::uint64_t section_size = 0;              ///< of an element, as are the next two
  std::uint64_t section_name = 0;              ///< a pointer
  std::uint64_t section_address = 0;
  std::optional<std::uint64_t> names;  ///< a pointer to mod_kallsyms
  std::uint64_t symbols = 0;           ///< of mod_kallsyms, as are the next two
  std::uint64_t symbol_count = 0;
  std::uint64_t strings = 0;
  std::uint64_t text = 0;       ///< in struct module: the pointer to its code
  std::uint64_t text_size = 0;  ///< in struct module
};

/// All of them.
struct Layouts {
  /// struct pt_regs, without sp: the kernel makes it on the interrupted stack, or at the end of another one, and
  /// returns with sp behind it. It saves sp in it, and never looks at that again, so that a walk does not either.
  ExceptionLayout exception;
  TaskLayout task;
  std::optional<GraphLayout> graph;
  std::optional<HookLayout> kretprobes;
  std::optional<HookLayout> rethooks;
  std::optional<ModuleLayout> module;
  std::uint64_t run_queue_current = 0;  ///< in struct rq
  std::uint64_t run_queue_idle = 0;
  /// Where ftrace_caller saves {fp, lr} and pc, from sp at its call of a tracer.
  std::uint64_t traced_fp = 0;
  std::uint64_t traced_pc = 0;
};

/// Reads them. An error names what a kernel cannot be read without, if the types lack it.
[[nodiscard]] std::expected<Layouts, std::string> read_layouts(const Types& types, const KernelSymbols& symbols);

}  // namespace surefoot::tools
