// SPDX-License-Identifier: MIT
#include "linux/dumped_linux.hpp"

#include <fmt/format.h>

#include <utility>

#include "dump/page_tables.hpp"
#include "elf/build_id.hpp"
#include "linux/task_walk.hpp"
#include "linux/tasks.hpp"

namespace surefoot::tools {

std::expected<std::unique_ptr<DumpedLinux>, std::string> DumpedLinux::open(const DumpRequest& request,
                                                                           const Work& work) {
  auto dump = open_dump(request.dump, request.raw_base);
  if (!dump) return std::unexpected(dump.error());
  return open(std::move(*dump), nullptr, request, work);
}

std::expected<std::unique_ptr<DumpedLinux>, std::string> DumpedLinux::open(Dump dump,
                                                                           std::shared_ptr<KernelFile> kernel,
                                                                           const DumpRequest& request,
                                                                           const Work& work) {
  std::unique_ptr<DumpedLinux> opened(new DumpedLinux(request));
  opened->dump_ = std::move(dump);
  opened->kernel_file_ = std::move(kernel);
  for (const auto step : {&DumpedLinux::open_memory, &DumpedLinux::open_kernel, &DumpedLinux::read_structures,
                          &DumpedLinux::describe_code, &DumpedLinux::find_tasks}) {
    if (const Done done = (*opened.*step)(work); !done) return std::unexpected(done.error());
  }
  return opened;
}

// The kernel's address space in the memory.
DumpedLinux::Done DumpedLinux::open_memory(const Work& /*work*/) {
  facts_.format = dump_.format;
  facts_.warnings = dump_.warnings;
  std::string text = dump_.vmcoreinfo;
  if (text.empty()) text = find_vmcoreinfo(*dump_.memory).value_or("");
  if (text.empty()) {
    return std::unexpected("no VMCOREINFO in its notes or its memory: not Linux, or not the whole of its memory");
  }
  info_ = Vmcoreinfo::parse(text);
  const auto tables = find_page_tables(info_);
  if (!tables) return std::unexpected(tables.error());
  memory_ = std::make_unique<VirtualMemory>(*dump_.memory, *tables);
  facts_.release = info_.text("OSRELEASE").value_or("");
  facts_.build_id = info_.text("BUILD-ID").value_or("");
  facts_.slide = info_.hexadecimal("KERNELOFFSET").value_or(0);
  facts_.pac_mask = info_.number("KERNELPACMASK").value_or(0);
  facts_.address_bits = tables->address_bits;
  facts_.page_size = 1U << tables->page_bits;
  return {};
}

// The kernel's file, if there is one, and its symbols at the addresses where they were.
DumpedLinux::Done DumpedLinux::open_kernel(const Work& /*work*/) {
  if (!kernel_file_ && request_.vmlinux.empty()) {
    auto symbols = symbols_of_kallsyms(*memory_, info_);
    if (!symbols) return std::unexpected(symbols.error() + ": --vmlinux names a file that has them");
    symbols_ = std::move(*symbols);
    warn("without --vmlinux there are no tables of the kernel's code: no trace is reliable");
    return {};
  }
  if (!kernel_file_) {
    auto image = Image::open(request_.vmlinux);
    if (!image) return std::unexpected(fmt::format("{}: {}", request_.vmlinux, image.error()));
    kernel_file_ = std::make_shared<KernelFile>(KernelFile{.image = std::move(*image), .types = {}, .tables = {}});
  }
  const std::string build_id = build_id_of(kernel_file_->image).value_or("");
  std::string& dumped = facts_.build_id;
  if (dumped.empty() || build_id.empty()) {
    warn("no build id: whether vmlinux is of the same kernel cannot be told");
    dumped = build_id;
  } else if (dumped != build_id) {
    return std::unexpected(fmt::format("{}: of another kernel: its build id is {}, and the dump's {}", request_.vmlinux,
                                       build_id, dumped));
  }
  symbols_ = symbols_of_image(kernel_file_->image, facts_.slide);
  return {};
}

DumpedLinux::Done DumpedLinux::read_structures(const Work& /*work*/) {
  const std::string subject = kernel_file_ ? request_.vmlinux + ": " : "";
  std::unique_ptr<const Types> own_types;
  std::unique_ptr<const Types>& types = kernel_file_ ? kernel_file_->types : own_types;
  if (!types) {
    auto found = kernel_file_ ? types_of_file(request_.vmlinux) : types_of_memory();
    if (!found) return std::unexpected(subject + found.error());
    types = std::move(*found);
  }
  const auto layouts = read_layouts(*types, symbols_);
  if (!layouts) return std::unexpected(subject + layouts.error());
  layouts_ = *layouts;
  thread_size_ = find_thread_size(symbols_, *memory_, facts_.page_size);
  if (const auto banner = symbols_.address_of("linux_banner")) {
    constexpr std::size_t most = 512;
    facts_.machine = memory_->text(*banner, most).value_or("");
    while (facts_.machine.ends_with('\n')) facts_.machine.pop_back();
  }
  cpus_ = read_cpus(*memory_, symbols_, layouts_, thread_size_, dump_.cpus);
  facts_.cpus = static_cast<unsigned>(cpus_.size());
  return {};
}

std::expected<std::unique_ptr<Types>, std::string> DumpedLinux::types_of_memory() {
  const auto start = symbols_.address_of("__start_BTF");
  const auto end = symbols_.address_of("__stop_BTF");
  constexpr std::uint64_t most = 256 << 20;
  if (!start || !end || *end <= *start || *end - *start > most) {
    return std::unexpected("no types of its structures in memory: --vmlinux names a file that has them");
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(*end - *start));
  if (!memory_->read(*start, bytes)) return std::unexpected("the types of its structures are not in the dump");
  return types_of_btf(bytes);
}

// The image's code, as far as it is still there, and that of the modules.
DumpedLinux::Done DumpedLinux::describe_code(const Work& work) {
  const std::uint64_t slide = facts_.slide;
  const ReadInstruction instruction = [&](std::uint64_t at) {
    return kernel_file_ ? kernel_file_->image.instruction_at(at - slide) : memory_->load<std::uint32_t>(at);
  };
  special_ = find_special_code(symbols_, instruction, layouts_);
  std::vector<CodePart> parts;
  if (kernel_file_) {
    if (!kernel_file_->tables) {
      auto tables = code_tables_of(kernel_file_->image, cache_folder(request_), work);
      if (!tables) return std::unexpected(fmt::format("{}: {}", request_.vmlinux, tables.error()));
      kernel_file_->tables = std::move(*tables);
    }
    for (const std::string& warning : kernel_file_->tables->warnings) warn(warning);
    add_image_parts(parts);
  } else if (const auto text = symbols_.address_of("_stext"), end = symbols_.address_of("_etext"); text && end) {
    parts.push_back({.text = AddressRange(*text, *end)});
  }
  modules_ = std::make_unique<ModuleCode>(*memory_, symbols_, layouts_, parts, request_, work);
  for (const std::string& warning : modules_->warnings()) warn(warning);
  modules_->add_to(parts, special_);
  auto code = KernelCode::make(std::move(parts), special_, layouts_.exception, facts_.pac_mask);
  if (!code) return std::unexpected(code.error());
  code_ = std::move(*code);
  return {};
}

void DumpedLinux::add_image_parts(std::vector<CodePart>& parts) const {
  const std::uint64_t slide = facts_.slide;
  for (const Section& section : kernel_file_->image.sections()) {
    if (!section.is_executable || section.size < 4) continue;
    // Once the system runs, its memory is used for something else.
    const bool is_initial = section.name == ".init.text" || section.name == ".exit.text";
    if (is_initial && !is_booting()) continue;
    const std::uint64_t start = section.address + slide;
    parts.push_back({.text = AddressRange(start, start + section.size / 4 * 4),
                     .tables = &kernel_file_->tables->parts.front(),
                     .slide = slide});
  }
}

// system_state, whose first values are those up to the moment when the memory of .init.text is freed.
bool DumpedLinux::is_booting() const {
  constexpr std::uint32_t freeing = 2;
  const auto state = symbols_.address_of("system_state");
  return state && memory_->load<std::uint32_t>(*state).value_or(freeing) < freeing;
}

DumpedLinux::Done DumpedLinux::find_tasks(const Work& /*work*/) {
  TaskList list = read_tasks(*memory_, symbols_, layouts_.task, cpus_);
  for (std::string& warning : list.warnings) warn(std::move(warning));
  if (list.tasks.empty()) return std::unexpected("no task can be read");
  tasks_ = std::move(list.tasks);
  settle_who_runs(cpus_, tasks_, *memory_, layouts_.task, thread_size_);
  return {};
}

TaskTrace DumpedLinux::walk_unnamed(const TaskInfo& task, Policy policy, std::span<const ChangedWord> changed) {
  const DumpedKernel dumped{.memory = *memory_,
                            .layouts = layouts_,
                            .special = special_,
                            .kernel = code_->kernel(),
                            .cpus = cpus_,
                            .thread_size = thread_size_};
  return walk_task(dumped, task, policy, changed);
}

TaskTrace DumpedLinux::walk(const TaskInfo& task, Policy policy, std::span<const ChangedWord> changed) {
  TaskTrace trace = walk_unnamed(task, policy, changed);
  for (NamedFrame& frame : trace.frames) name(frame);
  return trace;
}

// By the call of a return address, which may be the last instruction of its function.
void DumpedLinux::name(NamedFrame& frame) const {
  const std::uint64_t pc = frame.frame.pc;
  const std::uint64_t look_up = frame.frame.address().lookup();
  frame.module = modules_->name_at(look_up);
  const auto place = frame.module.empty() ? symbols_.find(look_up) : modules_->names().find(look_up);
  if (!place) return;
  frame.function = place->name;
  frame.offset = place->offset + (pc - look_up);
  frame.size = place->size;
}

DumpFacts DumpedLinux::facts() const {
  DumpFacts facts = facts_;
  if (const std::size_t missing = memory_->missing_pages(); missing != 0) {
    facts.warnings.push_back(fmt::format("{} pages that were asked for are not in the dump", missing));
  }
  if (const std::size_t damaged = memory_->damaged_pages(); damaged != 0) {
    facts.warnings.push_back(fmt::format("{} pages that were asked for cannot be read", damaged));
  }
  return facts;
}

}  // namespace surefoot::tools
