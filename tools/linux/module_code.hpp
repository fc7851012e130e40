// SPDX-License-Identifier: MIT
//
// The code of the modules of a dump: its tables, where the file of a module is known, and its names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dump/virtual_memory.hpp"
#include "linux/kernel_code.hpp"
#include "linux/layouts.hpp"
#include "linux/module_files.hpp"
#include "linux/modules.hpp"
#include "linux/read_dump.hpp"
#include "linux/special_code.hpp"
#include "linux/symbols.hpp"

namespace surefoot::tools {

class ModuleCode {
 public:
  /// `image` is the code of the kernel itself: a module that claims some of it is left out.
  ModuleCode(VirtualMemory& memory, const KernelSymbols& kernel, const Layouts& layouts,
             const std::vector<CodePart>& image, const DumpRequest& request, const Work& work);

  /// What is not known of modules, a line each.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  /// Adds the modules' code, and its special code: the stubs by which it calls what is far away.
  void add_to(std::vector<CodePart>& parts, SpecialCode& special) const;
  /// The module that an address is in; empty if it is in none.
  [[nodiscard]] std::string name_at(std::uint64_t address) const;
  [[nodiscard]] const KernelSymbols& names() const { return names_; }

 private:
  void leave_out_overlapping(const std::vector<CodePart>& image);
  void add(VirtualMemory& memory, const LoadedModule& module, const std::string& file, const DumpRequest& request,
           const Work& work);

  std::vector<LoadedModule> modules_;
  std::vector<std::unique_ptr<CodeTables>> tables_;
  std::vector<CodePart> parts_;
  std::vector<SpecialRange> stubs_;
  KernelSymbols names_;
  std::vector<std::string> warnings_;
};

}  // namespace surefoot::tools
