// SPDX-License-Identifier: MIT
//
// Offsets of members: those of the miniature kernel against its own header as this compiler lays it out, and types in
// which one member is missing.
#include "linux/layouts.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "support/dump_world.hpp"

namespace plain {
#include "images/linux/structures.h"
}  // namespace plain
namespace typed {
#define SUREFOOT_TYPED
#include "images/linux/structures.h"
#undef SUREFOOT_TYPED
}  // namespace typed

namespace surefoot::tools {
namespace {

using surefoot::testing::DumpWorld;
using surefoot::testing::KernelForm;

// Those of a kernel's image, but for some members.
class TypesWithout final : public Types {
 public:
  TypesWithout(const Types& types, std::set<std::string> missing) : types_(types), missing_(std::move(missing)) {}
  [[nodiscard]] std::optional<std::uint64_t> size_of(std::string_view type) const override {
    return missing_.contains(std::string(type)) ? std::nullopt : types_.size_of(type);
  }
  [[nodiscard]] std::optional<std::uint64_t> offset_of(std::string_view type, std::string_view path) const override {
    return lacks(type, path) ? std::nullopt : types_.offset_of(type, path);
  }
  [[nodiscard]] std::optional<std::uint64_t> size_of_member(std::string_view type,
                                                            std::string_view path) const override {
    return lacks(type, path) ? std::nullopt : types_.size_of_member(type, path);
  }
  [[nodiscard]] std::optional<std::uint64_t> count_of(std::string_view type, std::string_view path) const override {
    return lacks(type, path) ? std::nullopt : types_.count_of(type, path);
  }
  [[nodiscard]] std::optional<std::int64_t> enumerator(std::string_view name) const override {
    return types_.enumerator(name);
  }
  [[nodiscard]] std::string_view source() const override { return types_.source(); }

 private:
  [[nodiscard]] bool lacks(std::string_view type, std::string_view path) const {
    return missing_.contains(std::string(type)) || missing_.contains(std::string(type) + "." + std::string(path));
  }
  const Types& types_;
  std::set<std::string> missing_;
};

struct KernelTypes {
  explicit KernelTypes(KernelForm form) : world(form), types(std::move(*types_of_file(world.vmlinux()))) {}
  [[nodiscard]] auto without(std::set<std::string> missing) const {
    return read_layouts(TypesWithout(*types, std::move(missing)), world.symbols());
  }
  DumpWorld world;
  std::unique_ptr<Types> types;
};

struct PlainTypes {
  using Task = ::plain::task_struct;
  using Signal = ::plain::signal_struct;
  using Queue = ::plain::rq;
  using Registers = ::plain::pt_regs;
  using ReturnEntry = ::plain::ftrace_ret_stack;
  using Module = ::plain::module;
  using Sections = ::plain::module_sect_attrs;
  using Names = ::plain::mod_kallsyms;
};
struct TypedTypes {
  using Task = ::typed::task_struct;
  using Signal = ::typed::signal_struct;
  using Queue = ::typed::rq;
  using Registers = ::typed::pt_regs;
  using ReturnEntry = ::typed::ftrace_ret_stack;
  using Module = ::typed::module;
  using Sections = ::typed::module_sect_attrs;
  using Names = ::typed::mod_kallsyms;
};

// What both forms have.
template <typename T>
void expect_members(const Layouts& layouts) {
  EXPECT_EQ(layouts.task.stack, offsetof(typename T::Task, stack));
  EXPECT_EQ(layouts.task.tasks, offsetof(typename T::Task, tasks));
  EXPECT_EQ(layouts.task.pid.offset, offsetof(typename T::Task, pid));
  EXPECT_EQ(layouts.task.pid.size, 4U);
  EXPECT_EQ(layouts.task.tgid.offset, offsetof(typename T::Task, tgid));
  EXPECT_EQ(layouts.task.name, offsetof(typename T::Task, comm));
  EXPECT_EQ(layouts.task.name_size, 16U);
  EXPECT_EQ(layouts.task.exit_state.offset, offsetof(typename T::Task, exit_state));
  EXPECT_EQ(layouts.task.saved_fp, offsetof(typename T::Task, thread.cpu_context.fp));
  EXPECT_EQ(layouts.task.saved_sp, offsetof(typename T::Task, thread.cpu_context.sp));
  EXPECT_EQ(layouts.task.saved_pc, offsetof(typename T::Task, thread.cpu_context.pc));
  EXPECT_EQ(layouts.task.memory_map, offsetof(typename T::Task, mm));
  EXPECT_EQ(layouts.task.signal, offsetof(typename T::Task, signal));
  EXPECT_EQ(layouts.task.thread_node, offsetof(typename T::Task, thread_node));
  EXPECT_EQ(layouts.task.thread_head, offsetof(typename T::Signal, thread_head));
  EXPECT_EQ(layouts.task.voluntary_switches.offset, offsetof(typename T::Task, nvcsw));
  EXPECT_EQ(layouts.task.involuntary_switches.offset, offsetof(typename T::Task, nivcsw));
  EXPECT_EQ(layouts.task.cpu.offset, offsetof(typename T::Task, thread_info.cpu));
  EXPECT_EQ(layouts.task.on_cpu.offset, offsetof(typename T::Task, on_cpu));
  EXPECT_EQ(layouts.run_queue_current, offsetof(typename T::Queue, curr));
  EXPECT_EQ(layouts.run_queue_idle, offsetof(typename T::Queue, idle));
  EXPECT_EQ(layouts.exception.size, sizeof(typename T::Registers));
  EXPECT_EQ(layouts.exception.pc, offsetof(typename T::Registers, pc));
  EXPECT_EQ(layouts.exception.sp, ExceptionLayout::absent);  // it is where the frame ends
  EXPECT_EQ(layouts.exception.pstate, offsetof(typename T::Registers, pstate));
  EXPECT_EQ(layouts.exception.fp, 29 * 8);
  EXPECT_EQ(layouts.exception.lr, 30 * 8);
  EXPECT_EQ(layouts.exception.x9, 9 * 8);
  EXPECT_EQ(layouts.exception.record, offsetof(typename T::Registers, stackframe));
  ASSERT_TRUE(layouts.graph);
  EXPECT_EQ(layouts.graph->used, offsetof(typename T::Task, curr_ret_stack));
  EXPECT_EQ(layouts.graph->entries, offsetof(typename T::Task, ret_stack));
  EXPECT_EQ(layouts.graph->entry_size, sizeof(typename T::ReturnEntry));
  EXPECT_EQ(layouts.graph->key, offsetof(typename T::ReturnEntry, fp));
  ASSERT_TRUE(layouts.module);
  EXPECT_EQ(layouts.module->list, offsetof(typename T::Module, list));
  EXPECT_EQ(layouts.module->name, offsetof(typename T::Module, name));
  EXPECT_EQ(layouts.module->name_size, 56U);
  EXPECT_EQ(layouts.module->sections, offsetof(typename T::Module, sect_attrs));
  EXPECT_EQ(layouts.module->section_array, offsetof(typename T::Sections, attrs));
  EXPECT_EQ(layouts.module->names, offsetof(typename T::Module, kallsyms));
  EXPECT_EQ(layouts.module->symbols, offsetof(typename T::Names, symtab));
  EXPECT_EQ(layouts.module->symbol_count, offsetof(typename T::Names, num_symtab));
  EXPECT_EQ(layouts.module->strings, offsetof(typename T::Names, strtab));
}

TEST(Layouts, AreThoseOfAKernelWithPlainRecords) {
  const Layouts layouts = DumpWorld(KernelForm::plain).layouts();
  expect_members<PlainTypes>(layouts);
  EXPECT_EQ(layouts.task.state.offset, offsetof(plain::task_struct, state));
  EXPECT_EQ(layouts.task.state.size, 8U);
  EXPECT_EQ(layouts.task.on_cpu.size, 4U);
  EXPECT_EQ(layouts.exception.typing, RecordTyping::untyped);
  EXPECT_EQ(layouts.graph->form, GraphLayout::Form::array);
  ASSERT_TRUE(layouts.kretprobes);
  EXPECT_FALSE(layouts.rethooks);
  EXPECT_EQ(layouts.kretprobes->first, offsetof(plain::task_struct, kretprobe_instances));
  EXPECT_EQ(layouts.kretprobes->node, offsetof(plain::kretprobe_instance, llist));
  EXPECT_EQ(layouts.kretprobes->return_address, offsetof(plain::kretprobe_instance, ret_addr));
  EXPECT_EQ(layouts.kretprobes->key, offsetof(plain::kretprobe_instance, fp));
  EXPECT_EQ(layouts.module->text, offsetof(plain::module, core_layout.base));
  EXPECT_EQ(layouts.module->text_size, offsetof(plain::module, core_layout.text_size));
  EXPECT_EQ(layouts.module->section_count, offsetof(plain::module_sect_attrs, nsections));
  EXPECT_EQ(layouts.module->section_size, sizeof(plain::module_sect_attr));
  EXPECT_EQ(layouts.module->section_name, offsetof(plain::module_sect_attr, battr.attr.name));
  EXPECT_EQ(layouts.module->section_address, offsetof(plain::module_sect_attr, address));
  EXPECT_EQ(layouts.traced_pc, layouts.exception.pc);
  EXPECT_EQ(layouts.traced_fp, layouts.exception.fp);
}

TEST(Layouts, AreThoseOfAKernelWithTypedRecords) {
  const Layouts layouts = DumpWorld(KernelForm::typed).layouts();
  expect_members<TypedTypes>(layouts);
  EXPECT_EQ(layouts.task.state.offset, offsetof(typed::task_struct, __state));
  EXPECT_EQ(layouts.task.state.size, 4U);
  EXPECT_EQ(layouts.task.on_cpu.size, 1U);
  EXPECT_EQ(layouts.exception.typing, RecordTyping::typed);
  EXPECT_EQ(layouts.exception.final_type, 1U);
  EXPECT_EQ(layouts.exception.exception_type, 2U);
  EXPECT_EQ(layouts.graph->form, GraphLayout::Form::shadow_stack);
  ASSERT_TRUE(layouts.rethooks);
  EXPECT_FALSE(layouts.kretprobes);
  EXPECT_EQ(layouts.rethooks->first, offsetof(typed::task_struct, rethooks));
  EXPECT_EQ(layouts.rethooks->node, offsetof(typed::rethook_node, llist));
  EXPECT_EQ(layouts.rethooks->return_address, offsetof(typed::rethook_node, ret_addr));
  EXPECT_EQ(layouts.rethooks->key, offsetof(typed::rethook_node, frame));
  EXPECT_EQ(layouts.module->text, offsetof(typed::module, mem));
  EXPECT_EQ(layouts.module->text_size, offsetof(typed::module, mem) + offsetof(typed::module_memory, size));
  EXPECT_FALSE(layouts.module->section_count);
  EXPECT_EQ(layouts.module->section_size, sizeof(typed::bin_attribute));
  EXPECT_EQ(layouts.module->section_name, offsetof(typed::bin_attribute, attr.name));
  EXPECT_EQ(layouts.module->section_address, offsetof(typed::bin_attribute, private_of_file));
  EXPECT_EQ(layouts.traced_pc, offsetof(typed::ftrace_regs, pc));
  EXPECT_EQ(layouts.traced_fp, offsetof(typed::ftrace_regs, fp));
}

TEST(Layouts, NameTheMemberWithoutWhichAKernelCannotBeRead) {
  const KernelTypes kernel(KernelForm::plain);
  for (const char* missing : {"pt_regs.regs",
                              "pt_regs.stackframe",
                              "pt_regs.pc",
                              "pt_regs.pstate",
                              "task_struct.stack",
                              "task_struct.tasks",
                              "task_struct.pid",
                              "task_struct.tgid",
                              "task_struct.comm",
                              "task_struct.state",
                              "task_struct.exit_state",
                              "task_struct.thread.cpu_context.fp",
                              "task_struct.thread.cpu_context.sp",
                              "task_struct.thread.cpu_context.pc",
                              "task_struct.mm",
                              "task_struct.signal",
                              "task_struct.thread_node",
                              "task_struct.nvcsw",
                              "task_struct.nivcsw",
                              "signal_struct.thread_head",
                              "rq.curr",
                              "rq.idle"}) {
    const auto layouts = kernel.without({missing});
    ASSERT_FALSE(layouts) << missing;
    EXPECT_TRUE(layouts.error().contains(std::string("lacks ") + missing + ":")) << layouts.error();
  }
  EXPECT_FALSE(kernel.without({"pt_regs"}));
}

TEST(Layouts, DoWithoutWhatAKernelMayLack) {
  const KernelTypes kernel(KernelForm::plain);
  const auto layouts = kernel.without(
      {"task_struct.on_cpu", "task_struct.thread_info.cpu", "ftrace_ret_stack", "kretprobe_instance", "module"});
  ASSERT_TRUE(layouts) << layouts.error();
  EXPECT_EQ(layouts->task.on_cpu.size, 0U);
  EXPECT_EQ(layouts->task.cpu.size, 0U);
  EXPECT_FALSE(layouts->graph);
  EXPECT_FALSE(layouts->kretprobes);
  EXPECT_FALSE(layouts->module);
}

TEST(Layouts, DoWithoutSectionsAndNamesOfModules) {
  const KernelTypes kernel(KernelForm::typed);
  const auto layouts = kernel.without({"module_sect_attrs", "mod_kallsyms.strtab"});
  ASSERT_TRUE(layouts) << layouts.error();
  ASSERT_TRUE(layouts->module);
  EXPECT_FALSE(layouts->module->sections);
  EXPECT_FALSE(layouts->module->names);
  EXPECT_FALSE(kernel.without({"module_memory.size"})->module);
}

}  // namespace
}  // namespace surefoot::tools
