// SPDX-License-Identifier: MIT
//
// Builds small linked ELF files in memory, right or wrong.
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace surefoot::testing {

using Bytes = std::vector<std::byte>;

/// Appends little-endian numbers.
void append(Bytes& bytes, std::uint64_t number, unsigned size);
void append(Bytes& bytes, std::string_view text);
[[nodiscard]] Bytes words(std::initializer_list<std::uint32_t> instructions);

inline constexpr std::uint32_t nop_instruction = 0xd503'201f;
inline constexpr std::uint32_t ret_instruction = 0xd65f'03c0;

/// An AArch64 executable: the header, the contents of the sections, a symbol table, the section headers at its end.
class ElfBuilder {
 public:
  struct SectionSpec {
    std::string name = {};
    std::uint32_t type = SHT_PROGBITS;
    std::uint64_t flags = 0;
    std::uint64_t address = 0;
    Bytes bytes = {};
    std::uint64_t size_without_bytes = 0;  ///< of SHT_NOBITS
    std::uint32_t link = 0;
  };
  struct SymbolSpec {
    std::string name = {};
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    unsigned type = STT_FUNC;
    unsigned binding = STB_GLOBAL;
    std::uint16_t section = 1;
  };

  ElfBuilder& section(SectionSpec spec);
  /// An executable section of `count` NOPs.
  ElfBuilder& code(std::string name, std::uint64_t address, std::size_t count);
  ElfBuilder& symbol(SymbolSpec spec);
  /// A local symbol $x or $d.
  ElfBuilder& mapping(std::string name, std::uint64_t address);
  /// Puts the symbols into .dynsym, as in a stripped library.
  ElfBuilder& stripped();

  [[nodiscard]] Bytes build() const;

  /// Where in what build() gives the header of a section is: of the nth section() from 1, then of the symbols, their
  /// names, and the sections' names.
  [[nodiscard]] static std::size_t section_header_at(std::span<const std::byte> file, std::size_t index);

 private:
  std::vector<SectionSpec> sections_;
  std::vector<SymbolSpec> symbols_;
  bool is_stripped_ = false;
};

/// Overwrites a part of a file, of a structure's field for example.
void patch(Bytes& file, std::size_t offset, std::uint64_t number, unsigned size);

}  // namespace surefoot::testing
