// SPDX-License-Identifier: MIT
//
// A dump that is open: its memory, its kernel's code and structures, and its tasks. Tasks can be walked many times,
// also as they would be with other words on their stacks.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dump/dump.hpp"
#include "dump/virtual_memory.hpp"
#include "dump/vmcoreinfo.hpp"
#include "linux/cpus.hpp"
#include "linux/kernel_code.hpp"
#include "linux/kernel_file.hpp"
#include "linux/layouts.hpp"
#include "linux/module_code.hpp"
#include "linux/read_dump.hpp"
#include "linux/special_code.hpp"
#include "linux/symbols.hpp"
#include "linux/task_memory.hpp"
#include "linux/trace.hpp"
#include "linux/types.hpp"
#include "work/in_order.hpp"

namespace surefoot::tools {

class DumpedLinux {
 public:
  /// Reads all that walks need. An error, in one line, if nothing can be walked.
  [[nodiscard]] static std::expected<std::unique_ptr<DumpedLinux>, std::string> open(const DumpRequest& request,
                                                                                     const Work& work);
  /// The same of a dump that is open. `kernel` is the request's vmlinux, as an earlier dump of that kernel has it.
  [[nodiscard]] static std::expected<std::unique_ptr<DumpedLinux>, std::string> open(Dump dump,
                                                                                     std::shared_ptr<KernelFile> kernel,
                                                                                     const DumpRequest& request,
                                                                                     const Work& work);
  // Walks have its address.
  DumpedLinux(const DumpedLinux&) = delete;
  DumpedLinux& operator=(const DumpedLinux&) = delete;

  /// As far as known: each walk may ask for more pages that are missing.
  [[nodiscard]] DumpFacts facts() const;
  [[nodiscard]] VirtualMemory& memory() { return *memory_; }
  [[nodiscard]] const KernelSymbols& symbols() const { return symbols_; }
  [[nodiscard]] const Layouts& layouts() const { return layouts_; }
  [[nodiscard]] const std::vector<LinuxCpu>& cpus() const { return cpus_; }
  [[nodiscard]] const SpecialCode& special() const { return special_; }
  [[nodiscard]] const KernelCode& code() const { return *code_; }
  /// Null without a vmlinux.
  [[nodiscard]] const std::shared_ptr<KernelFile>& kernel_file() const { return kernel_file_; }
  [[nodiscard]] std::uint64_t thread_size() const { return thread_size_; }

  /// At least one: by pid; the idle tasks first, by CPU.
  [[nodiscard]] const std::vector<TaskInfo>& tasks() const { return tasks_; }
  /// Walks a task, and names its frames. `changed` are words that the walk finds in the place of the dump's.
  [[nodiscard]] TaskTrace walk(const TaskInfo& task, Policy policy, std::span<const ChangedWord> changed = {});
  /// The same without names.
  [[nodiscard]] TaskTrace walk_unnamed(const TaskInfo& task, Policy policy, std::span<const ChangedWord> changed = {});
  void name(NamedFrame& frame) const;

 private:
  // What went wrong, in one line, or nothing.
  using Done = std::expected<void, std::string>;

  explicit DumpedLinux(const DumpRequest& request) : request_(request) { facts_.file = request.dump; }
  // The steps from the memory to the tasks. Each leaves what the next ones need.
  Done open_memory(const Work& work);
  Done open_kernel(const Work& work);
  Done read_structures(const Work& work);
  Done describe_code(const Work& work);
  Done find_tasks(const Work& work);

  std::expected<std::unique_ptr<Types>, std::string> types_of_memory();
  void add_image_parts(std::vector<CodePart>& parts) const;
  [[nodiscard]] bool is_booting() const;
  void warn(std::string warning) { facts_.warnings.push_back(std::move(warning)); }

  DumpRequest request_;
  DumpFacts facts_;
  Dump dump_;
  Vmcoreinfo info_;
  std::unique_ptr<VirtualMemory> memory_;
  std::shared_ptr<KernelFile> kernel_file_;
  KernelSymbols symbols_;
  Layouts layouts_;
  std::uint64_t thread_size_ = 0;
  std::vector<LinuxCpu> cpus_;
  SpecialCode special_;
  std::unique_ptr<ModuleCode> modules_;
  std::unique_ptr<KernelCode> code_;
  std::vector<TaskInfo> tasks_;
};

}  // namespace surefoot::tools
