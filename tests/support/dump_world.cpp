// SPDX-License-Identifier: MIT
#include "support/dump_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <utility>

#include "code/flow.hpp"
#include "elf/build_id.hpp"
#include "linux/types.hpp"
#include "support/task_stack.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t page_size = SparseMemory::page_size;
constexpr std::uint64_t kernel_base = 0xffff'8000'8000'0000;
constexpr std::uint64_t physical_base = 0x4020'0000;
constexpr std::uint64_t image_offset = kernel_base + DumpWorld::slide - physical_base;  // kimage_voffset
constexpr std::uint64_t pac_mask = 0xffff'0000'0000'0000;
constexpr tools::PageTables page_tables{.root = 0x4800'0000, .page_bits = 12, .address_bits = 48};

// What is the same in all worlds of a form, read once.
struct KernelFiles {
  explicit KernelFiles(KernelForm form);
  std::string image_path;
  std::string module_path;
  tools::Image image;
  tools::Image module;
  tools::Layouts layouts;
};

template <typename Value>
Value value_of(std::expected<Value, std::string> value, const std::string& what) {
  if (value) return std::move(*value);
  std::cerr << what << ": " << value.error() << '\n';
  std::abort();
}

KernelFiles::KernelFiles(KernelForm form)
    : image_path(std::string(SUREFOOT_TEST_IMAGES) + "/linux/" + name_of(form) + ".elf"),
      module_path(std::string(SUREFOOT_TEST_IMAGES) + "/linux/" + name_of(form) + "_module.ko"),
      image(value_of(tools::Image::open(image_path), image_path)),
      module(value_of(tools::Image::open(module_path), module_path)),
      layouts(value_of(tools::read_layouts(*value_of(tools::types_of_file(image_path), image_path),
                                           tools::symbols_of_image(image, 0)),
                       image_path)) {}

const KernelFiles& files_of(KernelForm form) {
  static const KernelFiles plain(KernelForm::plain);
  static const KernelFiles typed(KernelForm::typed);
  return form == KernelForm::plain ? plain : typed;
}

std::string vmcoreinfo_of(const KernelFiles& files, KernelForm form) {
  char text[512];
  const std::string build_id = tools::build_id_of(files.image).value_or("");
  std::snprintf(text, sizeof text,
                "OSRELEASE=6.0.0-miniature\nBUILD-ID=%s\nPAGESIZE=4096\nSYMBOL(swapper_pg_dir)=%llx\n"
                "KERNELOFFSET=%llx\nNUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=0x%llx\nNUMBER(TCR_EL1_T1SZ)=0x10\n"
                "NUMBER(KERNELPACMASK)=0x%llx\n",
                build_id.c_str(), static_cast<unsigned long long>(page_tables.root + image_offset),
                static_cast<unsigned long long>(DumpWorld::slide), static_cast<unsigned long long>(image_offset),
                static_cast<unsigned long long>(form == KernelForm::typed ? pac_mask : 0));
  return text;
}

}  // namespace

const char* name_of(KernelForm form) { return form == KernelForm::plain ? "plain" : "typed"; }

DumpWorld::DumpWorld(KernelForm form)
    : vmcoreinfo(vmcoreinfo_of(files_of(form), form)), form_(form), table_builder_(memory_, page_tables, 4) {
  load_image();
  idle_.assign(cpu_count, 0);
  write_number(at("nr_cpu_ids"), std::uint32_t{cpu_count});
  const std::uint64_t first = at("init_task");
  const std::uint64_t list = first + layouts().task.tasks;
  write_word(list, list);
  write_word(list + 8, list);
  write_word(at("modules"), at("modules"));
  write_word(at("modules") + 8, at("modules"));
  for (unsigned cpu = 0; cpu < cpu_count; ++cpu) add_cpu(cpu);
}

std::string DumpWorld::vmlinux() const { return files_of(form_).image_path; }
std::string DumpWorld::module_file() const { return files_of(form_).module_path; }
const tools::Layouts& DumpWorld::layouts() const { return files_of(form_).layouts; }
const tools::Image& DumpWorld::image() const { return files_of(form_).image; }
tools::PageTables DumpWorld::tables() const { return page_tables; }

void DumpWorld::load_image() {
  for (const tools::Section& section : image().sections()) {
    for (std::uint64_t at = section.address / page_size * page_size; at < section.address + section.size;
         at += page_size) {
      if (pages_.contains(at + slide)) continue;
      pages_[at + slide] = at + slide - image_offset;
      table_builder_.map(at + slide, at + slide - image_offset);
      memory_.write(at + slide - image_offset, Bytes(page_size));
    }
    write(section.address + slide, section.bytes);
  }
}

void DumpWorld::add_cpu(unsigned cpu) {
  const tools::TaskLayout& layout = layouts().task;
  const std::uint64_t start = at("__per_cpu_start");
  const std::uint64_t size = at("__per_cpu_end") - start;
  const std::uint64_t area = allocate(size);
  write_word(at("__per_cpu_offset") + cpu * 8, area - start);
  write_word(on_cpu(cpu, "irq_stack_ptr"), allocate_stack());
  std::uint64_t idle = at("init_task");
  if (cpu == 0) {
    write_word(idle + layout.stack, at("__start_init_task"));
  } else {
    // It is in no list.
    idle = allocate(page_size);
    write_word(idle + layout.stack, allocate_stack());
  }
  idle_[cpu] = idle;
  write_text(idle + layout.name, "swapper/" + std::to_string(cpu));
  write_member(idle, layout.cpu, cpu);
  write_word(on_cpu(cpu, "runqueues") + layouts().run_queue_idle, idle);
  TaskStack stack(*this, idle);
  if (cpu == 0) {
    stack.outermost("__primary_switched", "start_kernel").call("start_kernel", "cpu_startup_entry");
  } else {
    stack.outermost("__secondary_switched", "secondary_start_kernel")
        .call("secondary_start_kernel", "cpu_startup_entry");
  }
  stack.call("cpu_startup_entry", "do_idle").call("do_idle", "wait_for_interrupt");
  run(cpu, idle, stack.registers_in_leaf(at("wait_for_interrupt") + 8));
}

std::uint64_t DumpWorld::at(std::string_view name) const {
  if (const tools::Symbol* const symbol = image().find_symbol(name)) return symbol->address + slide;
  std::cerr << "the miniature kernel has no " << name << '\n';
  std::abort();
}

std::uint64_t DumpWorld::on_cpu(unsigned cpu, std::string_view name) const {
  auto& self = const_cast<DumpWorld&>(*this);
  return at(name) + self.word(at("__per_cpu_offset") + cpu * 8);
}

std::uint64_t DumpWorld::call_in(std::string_view function, std::string_view callee) const {
  const std::uint64_t start = at(function) - slide;
  const tools::Function* const found = image().find_function(start);
  const std::uint64_t target = callee.empty() ? 0 : at(callee) - slide;
  for (std::uint64_t address = start; found != nullptr && address < found->end; address += 4) {
    const auto instruction = image().instruction_at(address);
    if (!instruction) continue;
    const tools::Flow flow = tools::flow_of(*instruction, address);
    const bool is_it = callee.empty() ? flow.is_call() && flow.kind != tools::Flow::Kind::call
                                      : flow.kind == tools::Flow::Kind::call && flow.target == target;
    if (is_it) return address + 4 + slide;
  }
  std::cerr << function << " does not call " << callee << '\n';
  std::abort();
}

std::uint64_t DumpWorld::signed_address(std::uint64_t address) const {
  // Bit 55 says which half of the address space it is.
  return is_typed() ? address ^ (pac_mask & 0x2a55'0000'0000'0000) : address;
}

void DumpWorld::map(std::uint64_t address, std::uint64_t size) {
  for (std::uint64_t page = address / page_size * page_size; page < address + size; page += page_size) {
    if (pages_.contains(page)) continue;
    pages_[page] = next_physical_;
    table_builder_.map(page, next_physical_);
    memory_.write(next_physical_, Bytes(page_size));
    next_physical_ += page_size;
  }
}

std::uint64_t DumpWorld::allocate(std::uint64_t size) {
  const std::uint64_t start = next_heap_;
  next_heap_ += (size + 63) / 64 * 64;
  map(start, size);
  return start;
}

std::uint64_t DumpWorld::allocate_stack() {
  const std::uint64_t start = next_stack_;
  next_stack_ += 2 * thread_size;
  map(start, thread_size);
  return start;
}

std::uint64_t DumpWorld::physical(std::uint64_t address) const {
  const auto page = pages_.find(address / page_size * page_size);
  if (page != pages_.end()) return page->second + address % page_size;
  std::cerr << "nothing is mapped at " << std::hex << address << '\n';
  std::abort();
}

void DumpWorld::write(std::uint64_t address, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), page_size - address % page_size);
    memory_.write(physical(address), bytes.first(count));
    address += count;
    bytes = bytes.subspan(count);
  }
}

void DumpWorld::write_text(std::uint64_t address, std::string_view text) {
  write(address, std::as_bytes(std::span(text)));
  write_number(address + text.size(), std::uint8_t{0});
}

void DumpWorld::write_member(std::uint64_t address, const tools::Member& member, std::uint64_t number) {
  Bytes bytes;
  append(bytes, number, static_cast<unsigned>(member.size));
  write(address + member.offset, bytes);
}

std::uint64_t DumpWorld::word(std::uint64_t address) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < sizeof word; ++i) {
    std::byte byte{};
    if (memory_.read(physical(address + i), {&byte, 1}) != tools::PageState::present) std::abort();
    word |= std::to_integer<std::uint64_t>(byte) << (8 * i);
  }
  return word;
}

void DumpWorld::append_node(std::uint64_t head, std::uint64_t node) {
  const std::uint64_t last = word(head + 8);
  write_word(last, node);
  write_word(node, head);
  write_word(node + 8, last);
  write_word(head + 8, node);
}

std::uint64_t DumpWorld::add_task(const NewTask& task) {
  const tools::TaskLayout& layout = layouts().task;
  const std::uint64_t address = allocate(page_size);
  const std::uint64_t leader = task.leader == 0 ? address : task.leader;
  if (task.leader == 0) {
    const std::uint64_t signal = allocate(64);
    const std::uint64_t head = signal + layout.thread_head;
    write_word(head, head);
    write_word(head + 8, head);
    write_word(address + layout.signal, signal);
    append_node(at("init_task") + layout.tasks, address + layout.tasks);
  } else {
    write_word(address + layout.signal, word(leader + layout.signal));
  }
  append_node(word(address + layout.signal) + layout.thread_head, address + layout.thread_node);
  write_text(address + layout.name, task.name);
  write_member(address, layout.pid, static_cast<std::uint32_t>(task.pid));
  write_member(address, layout.tgid,
               task.leader == 0 ? static_cast<std::uint32_t>(task.pid) : word(leader + layout.tgid.offset));
  write_member(address, layout.state, task.state);
  write_member(address, layout.exit_state, task.exit_state);
  write_member(address, layout.voluntary_switches, 3);
  write_member(address, layout.involuntary_switches, 4);
  write_word(address + layout.memory_map, task.is_user ? allocate(64) : 0);
  write_word(address + layout.stack, task.has_stack ? allocate_stack() : 0);
  if (layouts().graph && !is_typed()) {
    write_number(address + layouts().graph->used, std::int32_t{-1});
  }
  return address;
}

std::uint64_t DumpWorld::stack_of(std::uint64_t task) { return word(task + layouts().task.stack); }

std::uint64_t DumpWorld::write_new_text(std::string_view text) {
  const std::uint64_t address = allocate(text.size() + 1);
  write_text(address, text);
  return address;
}

std::uint64_t DumpWorld::add_module(const std::string& name) {
  const tools::ModuleLayout& layout = *layouts().module;
  const tools::Image& file = files_of(form_).module;
  const std::uint64_t start = kernel_base + slide + 0x0100'0000 + next_module_;
  next_module_ += 0x10000;
  map(start, page_size);
  const std::uint64_t module = allocate(512);
  write_text(module + layout.name, name);
  write_word(module + layout.text, start);
  write_number(module + layout.text_size, std::uint32_t{page_size});

  struct Placed {
    std::string name;
    std::uint64_t address;
    const tools::Section* section;
  };
  std::vector<Placed> placed;
  std::uint64_t next = start;
  for (const char* section_name : {".text", ".plt"}) {
    const tools::Section* const section = file.find_section(section_name);
    write(next, section->bytes);
    placed.push_back({section_name, next, section});
    next += 0x800;
  }
  // What the list of sections still says of memory that was given back.
  placed.push_back({".init.text", start + 0x100'0000, file.find_section(".init.text")});

  const std::uint64_t attributes = allocate(layout.section_array + (placed.size() + 1) * layout.section_size);
  if (layout.section_count) {
    write_number(attributes + *layout.section_count, static_cast<std::uint32_t>(placed.size()));
  }
  std::uint64_t element = attributes + layout.section_array;
  for (const Placed& section : placed) {
    write_word(element + layout.section_name, write_new_text(section.name));
    write_word(element + layout.section_address, section.address);
    element += layout.section_size;
  }
  write_word(module + *layout.sections, attributes);

  // Its symbols, as Elf64_Sym: the first is none.
  Bytes table(24);
  std::string strings(1, '\0');
  for (const tools::Function& function : file.functions()) {
    for (const Placed& section : placed) {
      if (function.start < section.section->address ||
          function.start >= section.section->address + section.section->size) {
        continue;
      }
      append(table, strings.size(), 4);
      append(table, 0x12, 2);
      append(table, 1, 2);
      append(table, function.start - section.section->address + section.address, 8);
      append(table, function.end - function.start, 8);
      strings += function.name;
      strings += '\0';
    }
  }
  const std::uint64_t names = allocate(64);
  const std::uint64_t table_at = allocate(table.size());
  const std::uint64_t strings_at = allocate(strings.size());
  write(table_at, table);
  write(strings_at, std::as_bytes(std::span(strings)));
  write_word(names + layout.symbols, table_at);
  write_number(names + layout.symbol_count, static_cast<std::uint32_t>(table.size() / 24));
  write_word(names + layout.strings, strings_at);
  write_word(module + *layout.names, names);
  append_node(at("modules"), module + layout.list);
  return start;
}

void DumpWorld::run(unsigned cpu, std::uint64_t task, const tools::CpuState& state) {
  if (cpus.size() <= cpu) cpus.resize(cpu + 1);
  cpus[cpu] = state;
  const std::uint64_t queue = on_cpu(cpu, "runqueues") + layouts().run_queue_current;
  const std::uint64_t before = word(queue);
  if (before != 0) write_member(before, layouts().task.on_cpu, 0);
  write_word(queue, task);
  write_member(task, layouts().task.on_cpu, 1);
  write_member(task, layouts().task.cpu, cpu);
}

Bytes DumpWorld::core() {
  Bytes notes;
  for (const tools::CpuState& state : cpus) {
    Bytes contents(112);
    for (const std::uint64_t x : state.x) append(contents, x, 8);
    append(contents, state.sp, 8);
    append(contents, state.pc, 8);
    append(contents, state.pstate, 8);
    append(contents, 0, 8);
    const Bytes one = note("CORE", NT_PRSTATUS, contents);
    notes.insert(notes.end(), one.begin(), one.end());
  }
  if (!vmcoreinfo.empty()) {
    Bytes text;
    append(text, vmcoreinfo);
    const Bytes one = note("VMCOREINFO", 0, text);
    notes.insert(notes.end(), one.begin(), one.end());
  }
  CoreBuilder core;
  core.notes(std::move(notes));
  // Pages that follow one another are one segment.
  std::optional<CoreBuilder::Segment> segment;
  for (const AddressRange& range : memory_.ranges()) {
    Bytes bytes(static_cast<std::size_t>(range.end() - range.start()));
    if (memory_.read(range.start(), bytes) != tools::PageState::present) std::abort();
    if (segment && segment->address + segment->bytes.size() == range.start()) {
      segment->bytes.insert(segment->bytes.end(), bytes.begin(), bytes.end());
      continue;
    }
    if (segment) core.segment(std::move(*segment));
    segment = CoreBuilder::Segment{.address = range.start(), .bytes = std::move(bytes)};
  }
  if (segment) core.segment(std::move(*segment));
  return core.build();
}

}  // namespace surefoot::testing
