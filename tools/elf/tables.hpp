// SPDX-License-Identifier: MIT
//
// The tables of an ELF file, each checked against the file before anything is believed: the header, the sections, the
// symbols.
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "elf/image.hpp"

namespace surefoot::tools {

/// Names out of one table of strings, printable. Names share their ends, and many symbols have one short name ($x); but
/// a file in which all names together are much longer than their table is made to fill the memory.
class Names {
 public:
  /// `count` is of those that have a name in the table.
  Names(std::span<const std::byte> table, std::uint64_t count);
  /// The name that begins there, maybe empty; none if it has no end or is one too many.
  [[nodiscard]] std::optional<std::string> at(std::uint64_t offset);

 private:
  std::string_view text_;
  std::uint64_t left_;
};

/// The structure that begins at an offset; empty if it is not wholly in the bytes.
template <typename T>
[[nodiscard]] std::optional<T> read_at(std::span<const std::byte> bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

/// A section as the file has it, allocated or not.
struct RawSection {
  Elf64_Shdr header = {};
  std::string name;
  std::span<const std::byte> bytes;
  std::vector<std::byte> copy;  ///< `bytes` refers to it, if it has any

  [[nodiscard]] bool is_code() const { return (header.sh_flags & SHF_EXECINSTR) != 0; }
  /// True if it is loaded to addresses of its own: .tbss is not, being the template of each thread's.
  [[nodiscard]] bool is_loaded() const {
    const bool is_tbss = (header.sh_flags & SHF_TLS) != 0 && header.sh_type == SHT_NOBITS;
    return (header.sh_flags & SHF_ALLOC) != 0 && !is_tbss;
  }
};

/// A file, its sections by their index.
struct RawFile {
  bool is_relocatable = false;
  std::vector<RawSection> sections;
  std::size_t left_to_copy = 0;  ///< a file whose sections overlap could ask for many copies of the same

  /// The bytes of one of the sections, in a copy of its own from then on. Empty if it has none, or if there have been
  /// copies of more than the file holds.
  [[nodiscard]] std::span<std::byte> writable(RawSection& section);
};

/// The file, or what is wrong with it.
[[nodiscard]] std::expected<RawFile, Image::Error> read_file(std::span<const std::byte> file);

/// The table of the sections of those symbols whose own field is too small (SHN_XINDEX) [gabi, Symbol Table]; null if
/// the file has none.
[[nodiscard]] const RawSection* find_section_indices(const std::vector<RawSection>& sections);
/// What the table says of a symbol; SHN_UNDEF if it says nothing. `indices` may be null.
[[nodiscard]] std::uint32_t section_beyond_field(const RawSection* indices, std::uint64_t symbol);

/// A symbol, and what only functions.cpp and mapping symbols need to know of it.
struct RawSymbol {
  Symbol symbol;
  unsigned type = STT_NOTYPE;
  unsigned section = SHN_UNDEF;  ///< its index, SHN_ABS, ...
};

struct Layout;

/// The symbols that a section of symbols defines, in its order, without the nameless, those of sections and files, and
/// those in sections that are not loaded. `layout` is that of a relocatable object, else null.
[[nodiscard]] std::expected<std::vector<RawSymbol>, Image::Error> read_symbols(const std::vector<RawSection>& sections,
                                                                               const RawSection& table,
                                                                               const Layout* layout);

}  // namespace surefoot::tools
