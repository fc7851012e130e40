// SPDX-License-Identifier: MIT
#include "linux/modules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "linux/memory_list.hpp"

namespace surefoot::tools {
namespace {

constexpr std::size_t most_modules = 1 << 14;
constexpr std::size_t most_sections = 1 << 12;
constexpr std::size_t most_names = 1 << 18;
constexpr std::size_t longest_name = 512;

std::map<std::string, std::uint64_t> read_sections(VirtualMemory& memory, const ModuleLayout& layout,
                                                   std::uint64_t module) {
  std::map<std::string, std::uint64_t> sections;
  if (!layout.sections) return sections;
  const std::uint64_t attributes = memory.word(module + *layout.sections).value_or(0);
  if (attributes == 0) return sections;
  std::size_t count = most_sections;
  if (layout.section_count) {
    count = std::min<std::size_t>(memory.load<std::uint32_t>(attributes + *layout.section_count).value_or(0), count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = attributes + layout.section_array + i * layout.section_size;
    const auto name_at = memory.word(at + layout.section_name);
    const auto address = memory.word(at + layout.section_address);
    if (!name_at || !address || *name_at == 0) break;
    if (const auto name = memory.text(*name_at, longest_name)) sections.emplace(*name, *address);
  }
  return sections;
}

}  // namespace

ModuleList read_modules(VirtualMemory& memory, const KernelSymbols& kernel, const ModuleLayout& layout) {
  ModuleList list;
  const auto head = kernel.address_of("modules");
  if (!head) {
    list.warnings.emplace_back("the symbol modules is missing: code of modules is not known");
    return list;
  }
  std::set<std::uint64_t> known;
  const auto add = [&](std::uint64_t node) {
    LoadedModule module;
    module.address = node - layout.list;
    module.name = memory.text(module.address + layout.name, layout.name_size).value_or("");
    const std::uint64_t start = memory.word(module.address + layout.text).value_or(0);
    const std::uint64_t size = memory.load<std::uint32_t>(module.address + layout.text_size).value_or(0);
    // Of a module that is being loaded the list has nothing but the name.
    module.text = AddressRange(start, start + size / 4 * 4);
    if (module.name.empty() || module.text.is_empty() || start % 4 != 0) return;
    if (!known.insert(module.address).second) return;
    module.sections = read_sections(memory, layout, module.address);
    list.modules.push_back(std::move(module));
  };
  const ListEnd end = for_each_in_list(memory, *head, most_modules, add);
  if (end != ListEnd::whole) list.warnings.emplace_back("the list of modules is damaged");
  return list;
}

void add_names(VirtualMemory& memory, const ModuleLayout& layout, const LoadedModule& module, KernelSymbols& names) {
  if (!layout.names) return;
  const std::uint64_t symbols = memory.word(module.address + *layout.names).value_or(0);
  if (symbols == 0) return;
  const auto table = memory.word(symbols + layout.symbols);
  const auto count = memory.load<std::uint32_t>(symbols + layout.symbol_count);
  const auto strings = memory.word(symbols + layout.strings);
  if (!table || !count || !strings) return;
  // An Elf64_Sym [gabi]: the name's place, a byte of type, one of visibility, the section, value and size.
  constexpr std::uint64_t symbol_size = 24;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(*count, most_names); ++i) {
    const std::uint64_t at = *table + i * symbol_size;
    const auto name = memory.load<std::uint32_t>(at);
    const auto section = memory.load<std::uint16_t>(at + 6);
    const auto value = memory.word(at + 8);
    const auto size = memory.word(at + 16);
    if (!name || !section || !value || !size) return;
    if (*section == 0 || !module.text.contains(*value)) continue;
    const auto text = memory.text(*strings + *name, longest_name);
    // Mapping symbols are no names [aaelf64 §5.9].
    if (text && !text->empty() && !text->starts_with('$')) names.add(*text, *value, *size, true);
  }
}

}  // namespace surefoot::tools
