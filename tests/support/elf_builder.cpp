// SPDX-License-Identifier: MIT
#include "support/elf_builder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace surefoot::testing {
namespace {

// Strings one after the other, the empty one first; gives where the new one begins.
std::uint32_t add_name(Bytes& table, std::string_view name) {
  if (table.empty()) table.push_back(std::byte{0});
  const auto at = static_cast<std::uint32_t>(table.size());
  append(table, name);
  table.push_back(std::byte{0});
  return at;
}

template <typename T>
void append_structure(Bytes& bytes, const T& structure) {
  const auto raw = std::as_bytes(std::span(&structure, 1));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

}  // namespace

void append(Bytes& bytes, std::uint64_t number, unsigned size) {
  for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(number >> (8 * i) & 0xff));
}

void append(Bytes& bytes, std::string_view text) {
  for (const char character : text) bytes.push_back(static_cast<std::byte>(character));
}

Bytes words(std::initializer_list<std::uint32_t> instructions) {
  Bytes bytes;
  for (const std::uint32_t instruction : instructions) append(bytes, instruction, 4);
  return bytes;
}

void patch(Bytes& file, std::size_t offset, std::uint64_t number, unsigned size) {
  Bytes bytes;
  append(bytes, number, size);
  std::ranges::copy(bytes, file.begin() + static_cast<std::ptrdiff_t>(offset));
}

ElfBuilder& ElfBuilder::section(SectionSpec spec) {
  sections_.push_back(std::move(spec));
  return *this;
}

ElfBuilder& ElfBuilder::code(std::string name, std::uint64_t address, std::size_t count) {
  Bytes bytes;
  for (std::size_t i = 0; i < count; ++i) append(bytes, nop_instruction, 4);
  return section({.name = std::move(name), .flags = SHF_ALLOC | SHF_EXECINSTR, .address = address, .bytes = bytes});
}

ElfBuilder& ElfBuilder::symbol(SymbolSpec spec) {
  symbols_.push_back(std::move(spec));
  return *this;
}

ElfBuilder& ElfBuilder::mapping(std::string name, std::uint64_t address) {
  return symbol({.name = std::move(name), .address = address, .type = STT_NOTYPE, .binding = STB_LOCAL});
}

ElfBuilder& ElfBuilder::stripped() {
  is_stripped_ = true;
  return *this;
}

Bytes ElfBuilder::build() const {
  Bytes names;
  Bytes symbol_names;
  Bytes symbols(sizeof(Elf64_Sym));
  for (const SymbolSpec& spec : symbols_) {
    Elf64_Sym symbol = {};
    symbol.st_name = add_name(symbol_names, spec.name);
    symbol.st_info = static_cast<unsigned char>(ELF64_ST_INFO(spec.binding, spec.type));
    symbol.st_shndx = spec.section;
    symbol.st_value = spec.address;
    symbol.st_size = spec.size;
    append_structure(symbols, symbol);
  }

  std::vector<SectionSpec> all = sections_;
  const std::size_t strings_index = all.size() + 2;
  all.push_back({.name = is_stripped_ ? ".dynsym" : ".symtab",
                 .type = is_stripped_ ? std::uint32_t{SHT_DYNSYM} : std::uint32_t{SHT_SYMTAB},
                 .bytes = symbols});
  all.push_back({.name = ".strtab", .type = SHT_STRTAB, .bytes = symbol_names});
  all.push_back({.name = ".shstrtab", .type = SHT_STRTAB});
  std::vector<std::uint32_t> name_offsets;
  for (const SectionSpec& spec : all) name_offsets.push_back(add_name(names, spec.name));
  all.back().bytes = names;

  Bytes file(sizeof(Elf64_Ehdr));
  Bytes headers(sizeof(Elf64_Shdr));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SectionSpec& spec = all[i];
    Elf64_Shdr header = {};
    header.sh_name = name_offsets[i];
    header.sh_type = spec.type;
    header.sh_flags = spec.flags;
    header.sh_addr = spec.address;
    header.sh_offset = file.size();
    header.sh_link = spec.link;
    header.sh_size = spec.type == SHT_NOBITS ? spec.size_without_bytes : spec.bytes.size();
    if (spec.type == SHT_SYMTAB || spec.type == SHT_DYNSYM) {
      header.sh_link = static_cast<std::uint32_t>(strings_index);
      header.sh_entsize = sizeof(Elf64_Sym);
    }
    append_structure(headers, header);
    file.insert(file.end(), spec.bytes.begin(), spec.bytes.end());
    file.resize((file.size() + 7) / 8 * 8);
  }

  Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_EXEC;
  header.e_machine = EM_AARCH64;
  header.e_version = EV_CURRENT;
  header.e_shoff = file.size();
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = static_cast<std::uint16_t>(all.size() + 1);
  header.e_shstrndx = static_cast<std::uint16_t>(all.size());
  file.insert(file.end(), headers.begin(), headers.end());
  std::ranges::copy(std::as_bytes(std::span(&header, 1)), file.begin());
  return file;
}

std::size_t ElfBuilder::section_header_at(std::span<const std::byte> file, std::size_t index) {
  std::uint64_t table = 0;
  std::memcpy(&table, file.data() + offsetof(Elf64_Ehdr, e_shoff), sizeof(table));
  return static_cast<std::size_t>(table) + index * sizeof(Elf64_Shdr);
}

}  // namespace surefoot::testing
