// SPDX-License-Identifier: MIT
//
// A stub says which slot of the global offset table it jumps through, a relocation says whose address that slot gets.
#include "elf/imports.hpp"

#include <elf.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "elf/adr.hpp"

namespace surefoot::tools {
namespace {

using Bytes = std::span<const std::byte>;

using Slots = std::unordered_map<std::uint64_t, std::string>;

void read_slots(const std::vector<RawSection>& sections, const RawSection& relocations, Slots& slots) {
  if (relocations.header.sh_type != SHT_RELA || relocations.header.sh_link >= sections.size()) return;
  const RawSection& symbols = sections[relocations.header.sh_link];
  if (symbols.header.sh_link >= sections.size()) return;
  Names names(sections[symbols.header.sh_link].bytes, relocations.bytes.size() / sizeof(Elf64_Rela));
  for (std::size_t at = 0; const auto relocation = read_at<Elf64_Rela>(relocations.bytes, at);
       at += sizeof(Elf64_Rela)) {
    const auto type = ELF64_R_TYPE(relocation->r_info);
    if (type != R_AARCH64_JUMP_SLOT && type != R_AARCH64_GLOB_DAT) continue;
    // The symbol may be undefined, and mostly is. Of its name the version does not matter.
    const auto symbol =
        read_at<Elf64_Sym>(symbols.bytes, std::size_t{ELF64_R_SYM(relocation->r_info)} * sizeof(Elf64_Sym));
    std::optional<std::string> name = symbol ? names.at(symbol->st_name) : std::nullopt;
    if (!name) continue;
    name->resize(std::min(name->size(), name->find('@')));
    if (!name->empty()) slots.try_emplace(relocation->r_offset, std::move(*name));
  }
}

// The slot that a stub loads x17 from: ADRP x16, page; LDR x17, [x16, #offset] [aaelf64 §5.9.2]. Empty if the two are
// not there.
std::optional<std::uint64_t> slot_of(Bytes code, std::size_t at, std::uint64_t pc) {
  const auto page = read_at<std::uint32_t>(code, at);
  const auto load = read_at<std::uint32_t>(code, at + 4);
  if (!page || !load || (*page & 0x9f00001f) != 0x90000010 || (*load & 0xffc003ff) != 0xf9400211) return {};
  return adr_target(*page, pc) + std::uint64_t{*load >> 10 & 0xfff} * 8;
}

}  // namespace

std::vector<Import> find_imports(const std::vector<RawSection>& sections) {
  Slots slots;
  for (const RawSection& section : sections) read_slots(sections, section, slots);
  std::vector<Import> imports;
  if (slots.empty()) return imports;
  for (const RawSection& section : sections) {
    if (!section.is_code() || !section.name.starts_with(".plt")) continue;
    for (std::size_t at = 0; at + 8 <= section.bytes.size(); at += 4) {
      const std::uint64_t pc = section.header.sh_addr + at;
      const std::optional<std::uint64_t> slot = slot_of(section.bytes, at, pc);
      const auto name = slot ? slots.find(*slot) : slots.end();
      if (name == slots.end()) continue;
      // A stub that is a landing pad begins one instruction earlier.
      const auto before = at >= 4 ? read_at<std::uint32_t>(section.bytes, at - 4) : std::nullopt;
      constexpr std::uint32_t bti_c = 0xd503245f;
      imports.push_back({.name = name->second, .stub = before == bti_c ? pc - 4 : pc});
    }
  }
  std::ranges::sort(imports, {}, &Import::stub);
  return imports;
}

std::vector<Import> find_undefined(const std::vector<RawSection>& sections, const Layout& layout) {
  std::vector<Import> imports;
  for (const RawSection& table : sections) {
    if (table.header.sh_type != SHT_SYMTAB || table.header.sh_link >= sections.size()) continue;
    Names names(sections[table.header.sh_link].bytes, table.bytes.size() / sizeof(Elf64_Sym));
    for (std::uint64_t i = 1; const auto symbol = read_at<Elf64_Sym>(table.bytes, i * sizeof(Elf64_Sym)); ++i) {
      if (symbol->st_shndx != SHN_UNDEF) continue;
      const std::optional<std::uint64_t> place = address_of(sections, &layout, *symbol, i);
      std::optional<std::string> name = names.at(symbol->st_name);
      if (place && name && !name->empty()) imports.push_back({.name = std::move(*name), .stub = *place});
    }
    break;
  }
  return imports;
}

}  // namespace surefoot::tools
