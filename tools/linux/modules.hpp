// SPDX-License-Identifier: MIT
//
// The modules that a dump's kernel had loaded: where their code is, their names.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dump/virtual_memory.hpp"
#include "linux/layouts.hpp"
#include "linux/symbols.hpp"
#include "surefoot/address.hpp"

namespace surefoot::tools {

struct LoadedModule {
  std::uint64_t address = 0;  ///< of its struct module
  std::string name;
  AddressRange text;
  std::map<std::string, std::uint64_t> sections;  ///< addresses, by name
};

struct ModuleList {
  std::vector<LoadedModule> modules;
  std::vector<std::string> warnings;
};

[[nodiscard]] ModuleList read_modules(VirtualMemory& memory, const KernelSymbols& kernel, const ModuleLayout& layout);

/// Adds the functions of a module to the names, out of its own symbols in memory.
void add_names(VirtualMemory& memory, const ModuleLayout& layout, const LoadedModule& module, KernelSymbols& names);

}  // namespace surefoot::tools
