// SPDX-License-Identifier: MIT
#include "dump/elf_dump.hpp"

#include <elf.h>
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "dump/file_memory.hpp"
#include "dump/notes.hpp"

namespace surefoot::tools {
namespace {

using Error = std::string;

template <typename T>
std::optional<T> read_structure(const DumpFile& file, std::uint64_t offset) {
  T structure;
  if (!file.read(offset, std::as_writable_bytes(std::span(&structure, 1)))) return std::nullopt;
  return structure;
}

std::expected<Elf64_Ehdr, Error> read_header(const DumpFile& file) {
  const std::optional<Elf64_Ehdr> header = read_structure<Elf64_Ehdr>(file, 0);
  if (!header) return std::unexpected("an ELF file that ends within its header");
  if (header->e_ident[EI_CLASS] != ELFCLASS64) return std::unexpected("a 32-bit ELF file: AArch64 dumps have 64 bits");
  if (header->e_ident[EI_DATA] != ELFDATA2LSB) return std::unexpected("a big-endian ELF file: only little-endian ones");
  if (header->e_machine != EM_AARCH64) {
    return std::unexpected(fmt::format("an ELF file of another architecture (machine {})", header->e_machine));
  }
  if (header->e_type != ET_CORE) return std::unexpected("an ELF file, but not a core: it holds a program, not memory");
  if (header->e_phentsize != sizeof(Elf64_Phdr)) {
    return std::unexpected(fmt::format("an ELF core with program headers of {} bytes", header->e_phentsize));
  }
  return *header;
}

// The number of program headers. Where 16 bits are too few, section 0 has it [gabi 4].
std::expected<std::uint32_t, Error> count_segments(const DumpFile& file, const Elf64_Ehdr& header) {
  if (header.e_phnum != PN_XNUM) return header.e_phnum;
  const std::optional<Elf64_Shdr> section = read_structure<Elf64_Shdr>(file, header.e_shoff);
  if (header.e_shoff == 0 || !section) {
    return std::unexpected("an ELF core whose number of program headers stands in a section header that is not there");
  }
  return section->sh_info;
}

std::expected<std::vector<Elf64_Phdr>, Error> read_segments(const DumpFile& file, const Elf64_Ehdr& header) {
  const std::expected<std::uint32_t, Error> count = count_segments(file, header);
  if (!count) return std::unexpected(count.error());
  // QEMU writes a segment for each stretch of virtual addresses when it follows page tables: tens of thousands.
  constexpr std::uint32_t max_count = std::uint32_t{1} << 20;
  if (*count > max_count) return std::unexpected(fmt::format("an ELF core with {} program headers: too many", *count));
  if (header.e_phoff > file.size() || *count > (file.size() - header.e_phoff) / sizeof(Elf64_Phdr)) {
    return std::unexpected("an ELF core that ends within its program headers");
  }
  std::vector<Elf64_Phdr> segments(*count);
  if (!file.read(header.e_phoff, std::as_writable_bytes(std::span(segments)))) {
    return std::unexpected("the program headers cannot be read");
  }
  return segments;
}

// The bytes of a segment that are in the file.
std::uint64_t size_in_file(const DumpFile& file, const Elf64_Phdr& segment) {
  return segment.p_offset >= file.size() ? 0 : std::min(segment.p_filesz, file.size() - segment.p_offset);
}

// How much longer the file would be if it had all that its headers tell of. What wraps is told of elsewhere.
std::uint64_t count_missing_bytes(const DumpFile& file, const std::vector<Elf64_Phdr>& segments) {
  std::uint64_t end = file.size();
  for (const Elf64_Phdr& segment : segments) {
    const bool wraps = segment.p_filesz > ~segment.p_offset;
    if ((segment.p_type == PT_LOAD || segment.p_type == PT_NOTE) && !wraps) {
      end = std::max(end, segment.p_offset + segment.p_filesz);
    }
  }
  return end - file.size();
}

void read_note_segments(const DumpFile& file, const std::vector<Elf64_Phdr>& segments, Dump& dump) {
  // 4,096 CPUs with all their vector registers. Of all segments: hostile ones overlap.
  std::uint64_t left = std::uint64_t{64} << 20;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_NOTE) continue;
    std::vector<std::byte> notes(static_cast<std::size_t>(std::min(size_in_file(file, segment), left)));
    left -= notes.size();
    if (file.read(segment.p_offset, notes)) read_notes(notes, dump);
  }
}

bool has_no_physical_addresses(const std::vector<Elf64_Phdr>& segments) {
  bool has_virtual = false;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_LOAD) continue;
    if (segment.p_paddr != 0) return false;
    has_virtual = has_virtual || segment.p_vaddr != 0;
  }
  return has_virtual;
}

std::vector<FilePart> find_memory(const DumpFile& file, const std::vector<Elf64_Phdr>& segments, Dump& dump) {
  std::vector<FilePart> parts;
  std::size_t wild = 0;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_LOAD) continue;
    const bool wraps = segment.p_filesz > ~segment.p_offset;
    if (wraps || segment.p_paddr >= physical_end || segment.p_filesz > physical_end - segment.p_paddr) {
      ++wild;
    } else if (const std::uint64_t size = size_in_file(file, segment); size != 0) {
      parts.push_back({segment.p_paddr, size, segment.p_offset});
    }
  }
  if (wild != 0) {
    dump.warnings.push_back(fmt::format("{} segments wrap round or lie beyond all physical addresses: not used", wild));
  }
  return parts;
}

}  // namespace

std::expected<Dump, std::string> read_elf_dump(DumpFile file) {
  const std::expected<Elf64_Ehdr, Error> header = read_header(file);
  if (!header) return std::unexpected(header.error());
  const std::expected<std::vector<Elf64_Phdr>, Error> segments = read_segments(file, *header);
  if (!segments) return std::unexpected(segments.error());
  if (has_no_physical_addresses(*segments)) {
    return std::unexpected("an ELF core without physical addresses: of a process, not of a machine");
  }
  Dump dump;
  dump.format = "ELF core";
  if (const std::uint64_t missing = count_missing_bytes(file, *segments); missing != 0) {
    dump.warnings.push_back(fmt::format("the file is cut: {} bytes are missing at its end", missing));
  }
  read_note_segments(file, *segments, dump);
  const std::uint64_t file_size = file.size();
  std::vector<FilePart> parts = find_memory(file, *segments, dump);
  auto memory = std::make_unique<FileMemory>(std::move(file), std::move(parts));
  if (memory->ranges().empty()) return std::unexpected("an ELF core without memory");
  // Else a small file could make others search terabytes.
  if (memory->size() > file_size) return std::unexpected("an ELF core whose segments hold more than the file");
  dump.memory = std::move(memory);
  return dump;
}

}  // namespace surefoot::tools
