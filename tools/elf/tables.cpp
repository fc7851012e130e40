// SPDX-License-Identifier: MIT
//
// The structures are elfutils'; the checks are made here, because libelf believes a file where this tool may not.
#include "elf/tables.hpp"

#include <fmt/core.h>

#include <bit>
#include <cstring>

#include "elf/layout.hpp"
#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

static_assert(std::endian::native == std::endian::little, "the file's structures are used as they are");

using Error = Image::Error;
using Bytes = std::span<const std::byte>;

bool holds(Bytes file, std::uint64_t offset, std::uint64_t size) {
  return offset <= file.size() && size <= file.size() - offset;
}

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_386: return "Intel 80386";
    case EM_MIPS: return "MIPS";
    case EM_PPC64: return "PowerPC 64";
    case EM_S390: return "IBM S/390";
    case EM_ARM: return "32-bit Arm";
    case EM_X86_64: return "x86-64";
    case EM_RISCV: return "RISC-V";
    case EM_LOONGARCH: return "LoongArch";
    default: return fmt::format("number {}", machine);
  }
}

std::expected<Elf64_Ehdr, Error> read_header(Bytes file) {
  if (file.size() < SELFMAG || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0)
    return std::unexpected("not an ELF file");
  if (file.size() < EI_NIDENT) return std::unexpected("truncated: the file ends in its ELF header");
  const auto identification = [file](std::size_t index) { return std::to_integer<unsigned>(file[index]); };
  if (identification(EI_CLASS) != ELFCLASS64) return std::unexpected("not a 64-bit ELF file");
  if (identification(EI_DATA) != ELFDATA2LSB) return std::unexpected("not a little-endian ELF file");
  const std::optional<Elf64_Ehdr> header = read_at<Elf64_Ehdr>(file, 0);
  if (!header) return std::unexpected("truncated: the file ends in its ELF header");
  if (identification(EI_VERSION) != EV_CURRENT) return std::unexpected("an unknown version of ELF");
  if (header->e_machine != EM_AARCH64) {
    return std::unexpected(fmt::format("for another machine: {}, not AArch64", machine_name(header->e_machine)));
  }
  if (header->e_type != ET_EXEC && header->e_type != ET_DYN && header->e_type != ET_REL) {
    return std::unexpected("neither an executable, a shared object nor a relocatable one");
  }
  return *header;
}

std::expected<std::vector<Elf64_Shdr>, Error> read_section_headers(Bytes file, const Elf64_Ehdr& header) {
  if (header.e_shoff == 0) return std::unexpected("no sections: the file has no section headers");
  if (header.e_shentsize != sizeof(Elf64_Shdr)) return std::unexpected("damaged: section headers of an unknown size");
  // More sections than the field can tell are told by the first section header [gabi, ELF Header].
  const std::optional<Elf64_Shdr> first = read_at<Elf64_Shdr>(file, header.e_shoff);
  if (!first) return std::unexpected("truncated: the file ends before its section headers");
  const std::uint64_t count = header.e_shnum != 0 ? header.e_shnum : first->sh_size;
  if (count == 0) return std::unexpected("no sections: the file has no section headers");
  if (count > (file.size() - header.e_shoff) / sizeof(Elf64_Shdr)) {
    return std::unexpected("truncated: the file ends in its section headers");
  }
  std::vector<Elf64_Shdr> headers(static_cast<std::size_t>(count));
  std::memcpy(headers.data(), file.data() + header.e_shoff, headers.size() * sizeof(Elf64_Shdr));
  return headers;
}

}  // namespace

// SAFETY: bytes are characters.
Names::Names(std::span<const std::byte> table, std::uint64_t count)
    : text_(reinterpret_cast<const char*>(table.data()), table.size()), left_(4 * table.size() + 256 * count) {}

std::optional<std::string> Names::at(std::uint64_t offset) {
  if (offset >= text_.size()) return std::nullopt;
  const std::string_view rest = text_.substr(static_cast<std::size_t>(offset));
  const std::size_t length = rest.find('\0');
  if (length == std::string_view::npos || length > left_) return std::nullopt;
  left_ -= length;
  return printable_name(rest.substr(0, length));
}

std::span<std::byte> RawFile::writable(RawSection& section) {
  if (section.copy.empty()) {
    if (section.bytes.size() > left_to_copy) return {};
    left_to_copy -= section.bytes.size();
    section.copy.assign(section.bytes.begin(), section.bytes.end());
    section.bytes = section.copy;
  }
  return section.copy;
}

const RawSection* find_section_indices(const std::vector<RawSection>& sections) {
  for (const RawSection& section : sections) {
    if (section.header.sh_type == SHT_SYMTAB_SHNDX) return &section;
  }
  return nullptr;
}

std::uint32_t section_beyond_field(const RawSection* indices, std::uint64_t symbol) {
  if (indices == nullptr) return SHN_UNDEF;
  return read_at<std::uint32_t>(indices->bytes, symbol * sizeof(std::uint32_t)).value_or(SHN_UNDEF);
}

std::expected<RawFile, Error> read_file(Bytes file) {
  const std::expected<Elf64_Ehdr, Error> header = read_header(file);
  if (!header) return std::unexpected(header.error());
  const std::expected<std::vector<Elf64_Shdr>, Error> headers = read_section_headers(file, *header);
  if (!headers) return std::unexpected(headers.error());

  RawFile result{.is_relocatable = header->e_type == ET_REL, .sections = {}, .left_to_copy = file.size()};
  std::vector<RawSection>& sections = result.sections;
  sections.reserve(headers->size());
  for (std::size_t i = 0; i < headers->size(); ++i) {
    const Elf64_Shdr& section = (*headers)[i];
    Bytes bytes;
    // The first header is no section; its fields may hold the table's own counts.
    if (i != 0 && section.sh_type != SHT_NULL && section.sh_type != SHT_NOBITS) {
      if (!holds(file, section.sh_offset, section.sh_size)) {
        return std::unexpected(fmt::format("truncated: section {} goes beyond the end of the file", i));
      }
      bytes = file.subspan(static_cast<std::size_t>(section.sh_offset), static_cast<std::size_t>(section.sh_size));
    }
    if ((section.sh_flags & SHF_ALLOC) != 0 && section.sh_size > ~section.sh_addr) {
      return std::unexpected(fmt::format("damaged: section {} goes beyond the last address", i));
    }
    sections.push_back({.header = section, .name = {}, .bytes = bytes, .copy = {}});
  }

  const std::uint32_t names_index = header->e_shstrndx != SHN_XINDEX ? header->e_shstrndx : headers->front().sh_link;
  if (names_index >= sections.size()) return std::unexpected("damaged: the sections have no table of names");
  Names names(sections[names_index].bytes, sections.size());
  for (std::size_t i = 1; i < sections.size(); ++i) {
    const std::optional<std::string> name = names.at(sections[i].header.sh_name);
    if (!name) return std::unexpected(fmt::format("damaged: section {} has no usable name", i));
    sections[i].name = *name;
  }
  return result;
}

std::expected<std::vector<RawSymbol>, Error> read_symbols(const std::vector<RawSection>& sections,
                                                          const RawSection& table, const Layout* layout) {
  if (table.header.sh_entsize != sizeof(Elf64_Sym) || table.header.sh_link >= sections.size()) {
    return std::unexpected(fmt::format("damaged: {:.64} is no table of symbols", table.name));
  }
  Names names(sections[table.header.sh_link].bytes, table.bytes.size() / sizeof(Elf64_Sym));
  std::vector<RawSymbol> symbols;
  for (std::size_t offset = 0; const std::optional<Elf64_Sym> entry = read_at<Elf64_Sym>(table.bytes, offset);
       offset += sizeof(Elf64_Sym)) {
    const unsigned type = ELF64_ST_TYPE(entry->st_info);
    if (entry->st_name == 0 || entry->st_shndx == SHN_UNDEF || type == STT_SECTION || type == STT_FILE) continue;
    // Of what is not loaded, such as debug information, it is an offset into the section and no address.
    const bool is_loaded =
        entry->st_shndx >= sections.size() || (sections[entry->st_shndx].header.sh_flags & SHF_ALLOC) != 0;
    if (!is_loaded) continue;
    const std::optional<std::string> name = names.at(entry->st_name);
    if (!name) {
      return std::unexpected(
          fmt::format("damaged: symbol {} of {:.64} has no usable name", offset / sizeof(Elf64_Sym), table.name));
    }
    const std::uint64_t index = offset / sizeof(Elf64_Sym);
    const std::optional<std::uint64_t> address = address_of(sections, layout, *entry, index);
    if (!address || (layout != nullptr && is_placed_by_linker(*entry))) continue;
    symbols.push_back({.symbol = {.name = *name,
                                  .address = *address,
                                  .size = entry->st_size,
                                  .is_function = type == STT_FUNC || type == STT_GNU_IFUNC,
                                  .is_global = ELF64_ST_BIND(entry->st_info) != STB_LOCAL},
                       .type = type,
                       .section = entry->st_shndx});
  }
  return symbols;
}

}  // namespace surefoot::tools
