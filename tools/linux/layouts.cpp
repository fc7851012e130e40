// SPDX-License-Identifier: MIT
#include "linux/layouts.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>

namespace surefoot::tools {
namespace {

// Looks members up, and keeps the first that is not there.
class MemberReader {
 public:
  MemberReader(const Types& types, std::string_view type) : types_(types), type_(type) {}

  // The first of these that the type has: members were renamed over the years.
  std::uint64_t any(std::initializer_list<std::string_view> paths) {
    for (const std::string_view path : paths) {
      if (const auto offset = types_.offset_of(type_, path)) return *offset;
    }
    if (missing_.empty()) missing_ = fmt::format("{}.{}", type_, *paths.begin());
    return 0;
  }
  std::uint64_t operator()(std::string_view path) { return any({path}); }
  Member number(std::string_view path) {
    return {.offset = any({path}), .size = types_.size_of_member(type_, path).value_or(0)};
  }
  [[nodiscard]] Member optional_number(std::string_view path) const {
    const auto offset = types_.offset_of(type_, path);
    const auto size = types_.size_of_member(type_, path);
    return offset && size ? Member{.offset = *offset, .size = *size} : Member{};
  }
  [[nodiscard]] std::optional<std::uint64_t> optional(std::string_view path) const {
    return types_.offset_of(type_, path);
  }
  std::uint64_t size() {
    const auto size = types_.size_of(type_);
    if (!size && missing_.empty()) missing_ = type_;
    return size.value_or(0);
  }
  [[nodiscard]] bool has_all() const { return missing_.empty(); }
  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  const Types& types_;
  std::string type_;
  std::string missing_;
};

std::expected<void, std::string> read_task(const Types& types, TaskLayout& task) {
  MemberReader of_task(types, "task_struct");
  task.stack = of_task("stack");
  task.tasks = of_task("tasks");
  task.pid = of_task.number("pid");
  task.tgid = of_task.number("tgid");
  task.name = of_task("comm");
  task.name_size = types.size_of_member("task_struct", "comm").value_or(0);
  task.state = of_task.number(of_task.optional("__state") ? "__state" : "state");
  task.exit_state = of_task.number("exit_state");
  task.saved_fp = of_task("thread.cpu_context.fp");
  task.saved_sp = of_task("thread.cpu_context.sp");
  task.saved_pc = of_task("thread.cpu_context.pc");
  task.memory_map = of_task("mm");
  task.signal = of_task("signal");
  task.thread_node = of_task("thread_node");
  task.voluntary_switches = of_task.number("nvcsw");
  task.involuntary_switches = of_task.number("nivcsw");
  task.cpu = of_task.optional_number("thread_info.cpu");
  task.on_cpu = of_task.optional_number("on_cpu");
  MemberReader of_signal(types, "signal_struct");
  task.thread_head = of_signal("thread_head");
  if (!of_task.has_all()) return std::unexpected(of_task.missing());
  if (!of_signal.has_all()) return std::unexpected(of_signal.missing());
  return {};
}

std::optional<GraphLayout> read_graph(const Types& types, const KernelSymbols& symbols) {
  MemberReader of_task(types, "task_struct");
  MemberReader of_entry(types, "ftrace_ret_stack");
  GraphLayout graph;
  graph.used = of_task("curr_ret_stack");
  graph.entries = of_task("ret_stack");
  graph.entry_size = of_entry.size();
  graph.return_address = of_entry("ret");
  graph.function = of_entry("func");
  graph.key = of_entry.any({"retp", "fp"});
  if (!of_task.has_all() || !of_entry.has_all()) return {};
  // The structures are the same in both forms. The function came with the second.
  const bool is_shadow_stack = symbols.address_of("fgraph_reserve_data").has_value();
  graph.form = is_shadow_stack ? GraphLayout::Form::shadow_stack : GraphLayout::Form::array;
  return graph;
}

std::optional<HookLayout> read_kretprobes(const Types& types) {
  MemberReader of_task(types, "task_struct");
  MemberReader of_entry(types, "kretprobe_instance");
  const HookLayout hook{.first = of_task("kretprobe_instances.first"),
                        .node = of_entry("llist"),
                        .return_address = of_entry("ret_addr"),
                        .key = of_entry("fp")};
  return of_task.has_all() && of_entry.has_all() ? std::optional(hook) : std::nullopt;
}

std::optional<HookLayout> read_rethooks(const Types& types) {
  MemberReader of_task(types, "task_struct");
  MemberReader of_entry(types, "rethook_node");
  const HookLayout hook{.first = of_task("rethooks.first"),
                        .node = of_entry("llist"),
                        .return_address = of_entry("ret_addr"),
                        .key = of_entry("frame")};
  return of_task.has_all() && of_entry.has_all() ? std::optional(hook) : std::nullopt;
}

std::optional<ModuleLayout> read_module(const Types& types) {
  MemberReader of_module(types, "module");
  ModuleLayout module;
  module.list = of_module("list");
  module.name = of_module("name");
  module.name_size = types.size_of_member("module", "name").value_or(0);
  module.state = of_module("state");
  // From 6.4 on its memory is an array, of which the first is the code.
  if (const auto memory = of_module.optional("mem")) {
    MemberReader of_memory(types, "module_memory");
    module.text = *memory + of_memory("base");
    module.text_size = *memory + of_memory("size");
    if (!of_memory.has_all()) return {};
  } else {
    module.text = of_module("core_layout.base");
    module.text_size = of_module("core_layout.text_size");
  }
  if (!of_module.has_all()) return {};

  // Later releases keep the address in the file's own attribute, and the count as that of the group's pointers.
  MemberReader of_sections(types, "module_sect_attrs");
  const bool has_own_element = types.size_of("module_sect_attr").has_value();
  MemberReader of_section(types, has_own_element ? "module_sect_attr" : "bin_attribute");
  module.section_array = of_sections("attrs");
  module.section_count = of_sections.optional("nsections");
  module.section_size = of_section.size();
  module.section_name = of_section(has_own_element ? "battr.attr.name" : "attr.name");
  module.section_address = of_section(has_own_element ? "address" : "private");
  if (of_sections.has_all() && of_section.has_all()) module.sections = of_module.optional("sect_attrs");

  MemberReader of_names(types, "mod_kallsyms");
  module.symbols = of_names("symtab");
  module.symbol_count = of_names("num_symtab");
  module.strings = of_names("strtab");
  if (of_names.has_all()) module.names = of_module.optional("kallsyms");
  return module;
}

std::uint16_t to_offset(std::uint64_t offset) {
  return offset < ExceptionLayout::absent ? static_cast<std::uint16_t>(offset) : ExceptionLayout::absent;
}

std::expected<ExceptionLayout, std::string> read_exception(const Types& types) {
  MemberReader of_registers(types, "pt_regs");
  const std::uint64_t first = of_registers("regs");
  const std::uint64_t record = of_registers("stackframe");
  const auto of_x = [first](unsigned number) { return to_offset(first + number * sizeof(std::uint64_t)); };
  ExceptionLayout layout{.size = to_offset(of_registers.size()),
                         .pc = to_offset(of_registers("pc")),
                         .pstate = to_offset(of_registers("pstate")),
                         .sp = ExceptionLayout::absent,
                         .fp = of_x(29),
                         .lr = of_x(30),
                         .x9 = of_x(9),
                         .record = to_offset(record),
                         .typing = RecordTyping::untyped};
  if (!of_registers.has_all()) return std::unexpected(of_registers.missing());
  // From 6.13 on a record has a type: 1 is final, 2 is in a pt_regs.
  if (types.offset_of("pt_regs", "stackframe.type")) {
    layout.typing = RecordTyping::typed;
    layout.final_type = 1;
    layout.exception_type = 2;
  }
  return layout;
}

void read_traced(const Types& types, const ExceptionLayout& exception, Layouts& layouts) {
  for (const std::string_view type : {"__arch_ftrace_regs", "ftrace_regs"}) {
    const auto fp = types.offset_of(type, "fp");
    const auto pc = types.offset_of(type, "pc");
    if (!fp || !pc) continue;
    layouts.traced_fp = *fp;
    layouts.traced_pc = *pc;
    return;
  }
  layouts.traced_fp = exception.fp;
  layouts.traced_pc = exception.pc;
}

}  // namespace

std::expected<Layouts, std::string> read_layouts(const Types& types, const KernelSymbols& symbols) {
  const auto lacks = [](const std::string& what) {
    return std::unexpected(
        fmt::format("its type information lacks {}: not a kernel for AArch64 of the last years", what));
  };
  Layouts layouts;
  const auto exception = read_exception(types);
  if (!exception) return lacks(exception.error());
  layouts.exception = *exception;
  if (const auto read = read_task(types, layouts.task); !read) return lacks(read.error());
  MemberReader of_queue(types, "rq");
  layouts.run_queue_current = of_queue("curr");
  layouts.run_queue_idle = of_queue("idle");
  if (!of_queue.has_all()) return lacks(of_queue.missing());
  layouts.graph = read_graph(types, symbols);
  layouts.kretprobes = read_kretprobes(types);
  layouts.rethooks = read_rethooks(types);
  layouts.module = read_module(types);
  read_traced(types, layouts.exception, layouts);
  return layouts;
}

}  // namespace surefoot::tools
