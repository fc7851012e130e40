// SPDX-License-Identifier: MIT
#include "symbols.hpp"

#include <elf.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string_view>

namespace surefoot::testing::live {
namespace {

struct Symbol {
  std::uint64_t size;
  std::string name;
};
using Symbols = std::map<std::uint64_t, Symbol>;

// The test reads the file that the linker has just made, on the machine that it made it for: no field is doubted.
Symbols read_own_symbols() {
  std::ifstream file("/proc/self/exe", std::ios::binary | std::ios::ate);
  std::string image(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0).read(image.data(), static_cast<std::streamsize>(image.size()));
  const auto at = [&image](std::uint64_t offset) { return image.data() + offset; };
  const auto* header = reinterpret_cast<const Elf64_Ehdr*>(image.data());
  const auto* sections = reinterpret_cast<const Elf64_Shdr*>(at(header->e_shoff));

  Symbols symbols;
  for (const Elf64_Shdr& section : std::span(sections, header->e_shnum)) {
    if (section.sh_type != SHT_SYMTAB) continue;
    const auto* table = reinterpret_cast<const Elf64_Sym*>(at(section.sh_offset));
    for (const Elf64_Sym& symbol : std::span(table, section.sh_size / sizeof(Elf64_Sym))) {
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_size == 0) continue;
      symbols[symbol.st_value] = {symbol.st_size, at(sections[section.sh_link].sh_offset) + symbol.st_name};
    }
  }
  if (symbols.empty()) {
    std::cerr << "the test's executable has no symbol table\n";
    std::abort();
  }
  return symbols;
}

std::string shorten(const std::string& name) {
  if (name.find("8surefoot6ftrace") != std::string::npos || name.starts_with("surefoot_ftrace_")) return "(runtime)";
  return name.starts_with("_Z") ? "(test)" : name;
}

}  // namespace

std::string symbol_at(std::uint64_t address) {
  static const Symbols symbols = read_own_symbols();
  auto found = symbols.upper_bound(address);
  if (found != symbols.begin() && address - (--found)->first < found->second.size) return found->second.name;
  std::ostringstream digits;
  digits << "0x" << std::hex << address;
  return digits.str();
}

std::string names(std::span<const Frame> frames) {
  std::string text;
  std::string previous;
  for (const Frame& frame : frames) {
    const std::string name = shorten(symbol_at(frame.address().lookup()));
    if (name == "live_body") break;
    const bool is_repeated = name == previous && name.front() == '(';
    if (!is_repeated) text += (text.empty() ? "" : " ") + name;
    previous = name;
  }
  return text;
}

}  // namespace surefoot::testing::live
