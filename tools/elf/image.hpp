// SPDX-License-Identifier: MIT
//
// An AArch64 ELF file, as far as frames and their audit need it: a linked one, or a relocatable object such as a
// module. Everything is checked when it is opened: what a file says about itself is never believed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct Elf;

namespace surefoot::tools {

struct FrameEntries;

struct Section {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  bool is_executable = false;
  bool is_writable = false;
  std::span<const std::byte> bytes;  ///< shorter than size, mostly empty, where the file holds none (.bss)
  std::size_t index = 0;             ///< of its header in the file
};

struct Symbol {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  bool is_function = false;  ///< STT_FUNC or STT_GNU_IFUNC
  bool is_global = false;
};

/// A stretch of code that is entered at its start: what a symbol, or an FDE where there is no symbol, says.
struct Function {
  std::string name;  ///< the best of the symbols at its start; empty if there is none
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  bool has_size = false;  ///< a symbol's st_size gives the end
  bool has_cfi = false;   ///< an FDE of .eh_frame or .debug_frame covers it wholly
  [[nodiscard]] bool contains(std::uint64_t address) const { return address >= start && address < end; }
  [[nodiscard]] std::size_t instruction_count() const { return static_cast<std::size_t>((end - start) / 4); }
  friend bool operator==(const Function&, const Function&) = default;
};

/// A function of another image that this one calls: by a stub of its procedure linkage table, or, from a relocatable
/// object, at a place outside of all sections.
struct Import {
  std::string name;  ///< without a version
  std::uint64_t stub = 0;
};

class Image {
 public:
  /// One clear line instead of an image: not ELF, truncated, wrong class, byte order or machine, no code, no functions.
  using Error = std::string;

  [[nodiscard]] static std::expected<Image, Error> open(const std::filesystem::path& path);
  /// The same from memory, which must stay in place.
  [[nodiscard]] static std::expected<Image, Error> from_memory(std::span<const std::byte> file);

  /// True of an object whose sections have no addresses yet. Those here are chosen by lay_out(), and the bytes are
  /// relocated as if the sections lay there.
  [[nodiscard]] bool is_relocatable() const;
  /// The allocated sections, by rising address.
  [[nodiscard]] const std::vector<Section>& sections() const;
  [[nodiscard]] const Section* find_section(std::string_view name) const;
  /// The section that the address is inside of, or null.
  [[nodiscard]] const Section* section_at(std::uint64_t address) const;
  /// Symbols of code and data (not sections, files, mapping symbols), by rising address.
  [[nodiscard]] const std::vector<Symbol>& symbols() const;
  [[nodiscard]] const Symbol* find_symbol(std::string_view name) const;
  /// By rising start, none overlapping. Bounds come from sized symbols first, then FDEs, then the next symbol.
  [[nodiscard]] const std::vector<Function>& functions() const;
  /// The function that the address is inside of, or null.
  [[nodiscard]] const Function* find_function(std::uint64_t address) const;

  /// By rising stub.
  [[nodiscard]] const std::vector<Import>& imports() const;

  /// `size` bytes at the address, if the file holds them in one allocated section; else empty.
  [[nodiscard]] std::span<const std::byte> read(std::uint64_t address, std::uint64_t size) const;
  /// The instruction at a multiple of 4 in an executable section; empty elsewhere and in literal pools, where mapping
  /// symbols ($d) tell [aaelf64 §5.9].
  [[nodiscard]] std::optional<std::uint32_t> instruction_at(std::uint64_t address) const;

  /// What .eh_frame and .debug_frame describe, as found; see cfi.hpp for what it means.
  [[nodiscard]] const FrameEntries& frame_entries() const;
  /// All bytes of the file, as they are in it.
  [[nodiscard]] std::span<const std::byte> file() const;
  /// elfutils' handle, for what it can read and this class does not.
  [[nodiscard]] ::Elf* elf() const;

 private:
  struct Contents;
  explicit Image(std::shared_ptr<const Contents> contents) : contents_(std::move(contents)) {}
  std::shared_ptr<const Contents> contents_;
};

}  // namespace surefoot::tools
