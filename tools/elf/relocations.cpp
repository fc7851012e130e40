// SPDX-License-Identifier: MIT
#include "elf/relocations.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "elf/relocation.hpp"

namespace surefoot::tools {
namespace {

using Error = Image::Error;

bool is_wanted(const RawSection& target) {
  return (target.header.sh_flags & SHF_ALLOC) != 0 || target.name == ".debug_frame";
}

// What a linker makes of the instruction has nothing to do with what is in the object's sections.
void make_unknown(const RawSection& target, const Layout& layout, std::uint64_t place, std::span<std::byte> bytes) {
  std::uint32_t word = 0;
  if (!target.is_code() || bytes.size() < sizeof word) return;
  std::memcpy(&word, bytes.data(), sizeof word);
  if (is_adr(word)) static_cast<void>(point_adr(bytes, place, layout.unknown_at));
}

std::optional<Error> relocate_section(RawFile& file, const RawSection& relocations, const Layout& layout) {
  const RawSection& symbols = file.sections[relocations.header.sh_link];
  RawSection& target = file.sections[relocations.header.sh_info];
  const std::span<std::byte> contents = file.writable(target);
  if (contents.empty()) return "damaged: the sections overlap in the file";
  for (std::size_t at = 0; const auto entry = read_at<Elf64_Rela>(relocations.bytes, at); at += sizeof(Elf64_Rela)) {
    const auto type = static_cast<std::uint32_t>(ELF64_R_TYPE(entry->r_info));
    if (type == R_AARCH64_NONE) continue;
    const std::uint64_t index = ELF64_R_SYM(entry->r_info);
    const auto symbol = read_at<Elf64_Sym>(symbols.bytes, index * sizeof(Elf64_Sym));
    const auto address = symbol ? address_of(file.sections, &layout, *symbol, index) : std::nullopt;
    if (!address || entry->r_offset >= contents.size()) {
      return fmt::format("damaged: relocation {} of {:.64} is of nothing", at / sizeof(Elf64_Rela), target.name);
    }
    const std::span<std::byte> bytes = contents.subspan(static_cast<std::size_t>(entry->r_offset));
    const std::uint64_t place = target.header.sh_addr + entry->r_offset;
    std::uint32_t word = 0;
    switch (
        apply({.type = type, .place = place, .value = *address + static_cast<std::uint64_t>(entry->r_addend)}, bytes)) {
      case Relocated::done: break;
      case Relocated::unknown: make_unknown(target, layout, place, bytes); break;
      case Relocated::no_room:
        return fmt::format("damaged: a relocation at {:.64}+{:#x} goes beyond it", target.name, entry->r_offset);
      case Relocated::does_not_reach:
        std::memcpy(&word, bytes.data(), sizeof word);
        if (!is_adr(word)) {
          return fmt::format("the branch at {:.64}+{:#x} does not reach where it is to go", target.name,
                             entry->r_offset);
        }
        make_unknown(target, layout, place, bytes);
        break;
    }
  }
  return std::nullopt;
}

// The allocated sections with contents, by rising address.
std::vector<RawSection*> by_address(std::vector<RawSection>& sections) {
  std::vector<RawSection*> sorted;
  for (RawSection& section : sections) {
    if ((section.header.sh_flags & SHF_ALLOC) != 0 && !section.bytes.empty()) sorted.push_back(&section);
  }
  std::ranges::sort(sorted, {}, [](const RawSection* section) { return section->header.sh_addr; });
  return sorted;
}

// Writes the word, if it lies in one of the sections. Those that hold it already need no copy.
void write_word(RawFile& file, const std::vector<RawSection*>& sections, std::uint64_t address, std::uint64_t word) {
  const auto above = std::ranges::upper_bound(sections, address, {},
                                              [](const RawSection* section) { return section->header.sh_addr; });
  if (above == sections.begin()) return;
  RawSection& section = **(above - 1);
  const std::uint64_t offset = address - section.header.sh_addr;
  const auto present = read_at<std::uint64_t>(section.bytes, offset);
  if (!present || *present == word) return;
  const std::span<std::byte> contents = file.writable(section);
  if (!contents.empty()) std::memcpy(contents.data() + offset, &word, sizeof word);
}

}  // namespace

std::optional<Error> relocate_object(RawFile& file, const Layout& layout) {
  const std::vector<RawSection>& sections = file.sections;
  for (const RawSection& relocations : sections) {
    const bool is_of_section = relocations.header.sh_type == SHT_RELA || relocations.header.sh_type == SHT_REL;
    if (!is_of_section || relocations.header.sh_info >= sections.size()) continue;
    const RawSection& target = sections[relocations.header.sh_info];
    if (!is_wanted(target) || target.bytes.empty()) continue;
    const bool is_usable = relocations.header.sh_type == SHT_RELA && relocations.header.sh_link < sections.size() &&
                           sections[relocations.header.sh_link].header.sh_type == SHT_SYMTAB && &target != &relocations;
    if (!is_usable) return fmt::format("damaged: {:.64} holds no relocations of AArch64", relocations.name);
    if (std::optional<Error> error = relocate_section(file, relocations, layout)) return error;
  }
  return std::nullopt;
}

void relocate_linked(RawFile& file) {
  const std::vector<RawSection*> sorted = by_address(file.sections);
  for (const RawSection& relocations : file.sections) {
    if (relocations.header.sh_type != SHT_RELA || (relocations.header.sh_flags & SHF_ALLOC) == 0) continue;
    const std::span<const std::byte> entries = relocations.bytes;
    const bool has_symbols = relocations.header.sh_link != 0 && relocations.header.sh_link < file.sections.size();
    const std::span<const std::byte> symbols =
        has_symbols ? file.sections[relocations.header.sh_link].bytes : std::span<const std::byte>();
    for (std::size_t at = 0; const auto entry = read_at<Elf64_Rela>(entries, at); at += sizeof(Elf64_Rela)) {
      const auto addend = static_cast<std::uint64_t>(entry->r_addend);
      switch (ELF64_R_TYPE(entry->r_info)) {
        case R_AARCH64_RELATIVE: write_word(file, sorted, entry->r_offset, addend); break;
        case R_AARCH64_ABS64: {
          const auto symbol = read_at<Elf64_Sym>(symbols, ELF64_R_SYM(entry->r_info) * sizeof(Elf64_Sym));
          if (symbol && symbol->st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol->st_info) != STT_GNU_IFUNC) {
            write_word(file, sorted, entry->r_offset, symbol->st_value + addend);
          }
          break;
        }
        default: break;
      }
    }
  }
}

}  // namespace surefoot::tools
