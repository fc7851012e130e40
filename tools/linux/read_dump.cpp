// SPDX-License-Identifier: MIT
#include "linux/read_dump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "dump/dump.hpp"
#include "dump/page_tables.hpp"
#include "dump/virtual_memory.hpp"
#include "dump/vmcoreinfo.hpp"
#include "elf/image.hpp"
#include "linux/code_tables.hpp"
#include "linux/cpus.hpp"
#include "linux/kernel_code.hpp"
#include "linux/layouts.hpp"
#include "linux/module_code.hpp"
#include "linux/special_code.hpp"
#include "linux/symbols.hpp"
#include "linux/task_walk.hpp"
#include "linux/tasks.hpp"
#include "linux/types.hpp"

namespace surefoot::tools {
namespace {

// What went wrong, in one line, or nothing.
using Done = std::expected<void, std::string>;

// Goes from the file to the traces, a step at a time. Each step leaves what the next ones need.
class DumpReader {
 public:
  DumpReader(const DumpRequest& request, const Work& work) : request_(request), work_(work) {
    report_.policy = request.policy;
    report_.facts.file = request.dump;
  }

  std::expected<DumpReport, std::string> read() {
    for (const auto step : {&DumpReader::open_memory, &DumpReader::open_kernel, &DumpReader::read_structures,
                            &DumpReader::describe_code, &DumpReader::walk_tasks}) {
      if (const Done done = (this->*step)(); !done) return std::unexpected(done.error());
    }
    note_missing_pages();
    return std::move(report_);
  }

 private:
  void warn(std::string warning) { report_.facts.warnings.push_back(std::move(warning)); }

  // The file, and the kernel's address space in it.
  Done open_memory() {
    auto dump = open_dump(request_.dump, request_.raw_base);
    if (!dump) return std::unexpected(dump.error());
    dump_ = std::move(*dump);
    DumpFacts& facts = report_.facts;
    facts.format = dump_.format;
    facts.warnings = dump_.warnings;
    std::string text = dump_.vmcoreinfo;
    if (text.empty()) text = find_vmcoreinfo(*dump_.memory).value_or("");
    if (text.empty()) {
      return std::unexpected("no VMCOREINFO in its notes or its memory: not Linux, or not the whole of its memory");
    }
    info_ = Vmcoreinfo::parse(text);
    const auto tables = find_page_tables(info_);
    if (!tables) return std::unexpected(tables.error());
    memory_ = std::make_unique<VirtualMemory>(*dump_.memory, *tables);
    facts.release = info_.text("OSRELEASE").value_or("");
    facts.build_id = info_.text("BUILD-ID").value_or("");
    facts.slide = info_.hexadecimal("KERNELOFFSET").value_or(0);
    facts.pac_mask = info_.number("KERNELPACMASK").value_or(0);
    facts.address_bits = tables->address_bits;
    facts.page_size = 1U << tables->page_bits;
    return {};
  }

  // The kernel's file, if there is one, and its symbols at the addresses where they were.
  Done open_kernel() {
    if (request_.vmlinux.empty()) {
      auto symbols = symbols_of_kallsyms(*memory_, info_);
      if (!symbols) return std::unexpected(symbols.error() + ": --vmlinux names a file that has them");
      symbols_ = std::move(*symbols);
      warn("without --vmlinux there are no tables of the kernel's code: no trace is reliable");
      return {};
    }
    auto image = Image::open(request_.vmlinux);
    if (!image) return std::unexpected(fmt::format("{}: {}", request_.vmlinux, image.error()));
    const std::string build_id = build_id_of(*image).value_or("");
    std::string& dumped = report_.facts.build_id;
    if (dumped.empty() || build_id.empty()) {
      warn("no build id: whether vmlinux is of the same kernel cannot be told");
      dumped = build_id;
    } else if (dumped != build_id) {
      return std::unexpected(fmt::format("{}: of another kernel: its build id is {}, and the dump's {}",
                                         request_.vmlinux, build_id, dumped));
    }
    image_ = std::make_unique<Image>(std::move(*image));
    symbols_ = symbols_of_image(*image_, report_.facts.slide);
    return {};
  }

  Done read_structures() {
    auto types = request_.vmlinux.empty() ? types_of_memory() : types_of_file(request_.vmlinux);
    const std::string subject = request_.vmlinux.empty() ? "" : request_.vmlinux + ": ";
    if (!types) return std::unexpected(subject + types.error());
    const auto layouts = read_layouts(**types, symbols_);
    if (!layouts) return std::unexpected(subject + layouts.error());
    layouts_ = *layouts;
    thread_size_ = find_thread_size(symbols_, *memory_, report_.facts.page_size);
    if (const auto banner = symbols_.address_of("linux_banner")) {
      constexpr std::size_t most = 512;
      report_.facts.machine = memory_->text(*banner, most).value_or("");
      while (report_.facts.machine.ends_with('\n')) report_.facts.machine.pop_back();
    }
    cpus_ = read_cpus(*memory_, symbols_, layouts_, thread_size_, dump_.cpus);
    report_.facts.cpus = static_cast<unsigned>(cpus_.size());
    return {};
  }

  std::expected<std::unique_ptr<Types>, std::string> types_of_memory() {
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
  Done describe_code() {
    const std::uint64_t slide = report_.facts.slide;
    const ReadInstruction instruction = [&](std::uint64_t at) {
      return image_ ? image_->instruction_at(at - slide) : memory_->load<std::uint32_t>(at);
    };
    special_ = find_special_code(symbols_, instruction, layouts_);
    std::vector<CodePart> parts;
    if (image_) {
      auto tables = code_tables_of(*image_, cache_folder(request_), work_);
      if (!tables) return std::unexpected(fmt::format("{}: {}", request_.vmlinux, tables.error()));
      image_tables_ = std::move(*tables);
      for (std::string& warning : image_tables_.warnings) warn(std::move(warning));
      add_image_parts(parts);
    } else if (const auto text = symbols_.address_of("_stext"), end = symbols_.address_of("_etext"); text && end) {
      parts.push_back({.text = AddressRange(*text, *end)});
    }
    modules_ = std::make_unique<ModuleCode>(*memory_, symbols_, layouts_, request_, work_);
    for (const std::string& warning : modules_->warnings()) warn(warning);
    modules_->add_to(parts, special_);
    auto code = KernelCode::make(std::move(parts), special_, layouts_.exception, report_.facts.pac_mask);
    if (!code) return std::unexpected(code.error());
    code_ = std::move(*code);
    return {};
  }

  void add_image_parts(std::vector<CodePart>& parts) const {
    const std::uint64_t slide = report_.facts.slide;
    for (const Section& section : image_->sections()) {
      if (!section.is_executable || section.size < 4) continue;
      // Once the system runs, its memory is used for something else.
      const bool is_initial = section.name == ".init.text" || section.name == ".exit.text";
      if (is_initial && !is_booting()) continue;
      const std::uint64_t start = section.address + slide;
      parts.push_back({.text = AddressRange(start, start + section.size / 4 * 4),
                       .tables = &image_tables_.parts.front(),
                       .slide = slide});
    }
  }

  // system_state, whose first values are those up to the moment when the memory of .init.text is freed.
  [[nodiscard]] bool is_booting() const {
    constexpr std::uint32_t freeing = 2;
    const auto state = symbols_.address_of("system_state");
    return state && memory_->load<std::uint32_t>(*state).value_or(freeing) < freeing;
  }

  Done walk_tasks() {
    TaskList list = read_tasks(*memory_, symbols_, layouts_.task, cpus_);
    for (std::string& warning : list.warnings) warn(std::move(warning));
    if (list.tasks.empty()) return std::unexpected("no task can be read");
    if (request_.pid) {
      std::erase_if(list.tasks, [&](const TaskInfo& task) { return task.pid != *request_.pid; });
      if (list.tasks.empty()) return std::unexpected(fmt::format("no task has the pid {}", *request_.pid));
    }
    const DumpedKernel dumped{.memory = *memory_,
                              .layouts = layouts_,
                              .special = special_,
                              .kernel = code_->kernel(),
                              .cpus = cpus_,
                              .thread_size = thread_size_};
    for (const TaskInfo& task : list.tasks) {
      TaskTrace trace = walk_task(dumped, task, request_.policy);
      for (NamedFrame& frame : trace.frames) name(frame);
      report_.tasks.push_back(std::move(trace));
      work_.progress("tasks walked", report_.tasks.size(), list.tasks.size());
    }
    return {};
  }

  // By the call of a return address, which may be the last instruction of its function.
  void name(NamedFrame& frame) const {
    const std::uint64_t pc = frame.frame.pc;
    const std::uint64_t look_up = frame.frame.address().lookup();
    frame.module = modules_->name_at(look_up);
    const auto place = frame.module.empty() ? symbols_.find(look_up) : modules_->names().find(look_up);
    if (!place) return;
    frame.function = place->name;
    frame.offset = place->offset + (pc - look_up);
    frame.size = place->size;
  }

  void note_missing_pages() {
    if (const std::size_t missing = memory_->missing_pages(); missing != 0) {
      warn(fmt::format("{} pages that were asked for are not in the dump", missing));
    }
    if (const std::size_t damaged = memory_->damaged_pages(); damaged != 0) {
      warn(fmt::format("{} pages that were asked for cannot be read", damaged));
    }
  }

  const DumpRequest& request_;
  const Work& work_;
  DumpReport report_;
  Dump dump_;
  Vmcoreinfo info_;
  std::unique_ptr<VirtualMemory> memory_;
  std::unique_ptr<Image> image_;
  KernelSymbols symbols_;
  Layouts layouts_;
  std::uint64_t thread_size_ = 0;
  std::vector<LinuxCpu> cpus_;
  SpecialCode special_;
  CodeTables image_tables_;
  std::unique_ptr<ModuleCode> modules_;
  std::unique_ptr<KernelCode> code_;
};

}  // namespace

std::string cache_folder(const DumpRequest& request) {
  if (request.is_without_cache) return {};
  return request.cache_folder.empty() ? default_cache_folder() : request.cache_folder;
}

std::expected<DumpReport, std::string> read_linux_dump(const DumpRequest& request, const Work& work) {
  return DumpReader(request, work).read();
}

}  // namespace surefoot::tools
