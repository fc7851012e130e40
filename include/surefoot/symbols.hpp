// SPDX-License-Identifier: MIT
//
// The names of the functions in the running program: a view of the sorted table that its own link made
// (surefoot_add_symbol_table in cmake/SurefootSymbols.cmake). Knows nothing of walking. Part of surefoot::print.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/config.hpp"
#include "surefoot/error.hpp"
#include "surefoot/symbol_name.hpp"

namespace surefoot {

/// The first words of the table (docs/names.md has all of its bytes). Behind them lie, in this order: the index, two
/// words for every 16 functions; the characters of names that stand for themselves; the pairs, three bytes each; the
/// functions in ascending order of their addresses, a stream of bytes. Dictated by cmake/symbol-table.awk.
struct SymbolTableHeader {
  static constexpr std::uint32_t expected_magic = 0x32594653;  ///< "SFY2"
  /// How many functions an entry of the index is for.
  static constexpr std::uint32_t block_size = 16;

  std::uint32_t magic;
  std::uint32_t function_count;
  std::uint32_t stream_bytes;
  std::uint16_t pair_count;
  std::uint8_t literal_count;
  std::uint8_t unit_shift : 4;  ///< sizes and gaps are counted in 1 << unit_shift bytes, 1 or 4
  std::uint8_t gap_bits : 4;    ///< low bits of a size's number that say how far its function is from the one before it
};

/// The first function of a block. Offsets count from the table's first byte, so that the table needs no relocation.
struct SymbolIndexEntry {
  std::int32_t start_offset;
  std::uint32_t stream_offset;  ///< from the stream's first byte
};
static_assert(sizeof(SymbolTableHeader) == 16 && sizeof(SymbolIndexEntry) == 8);

/// A function, as seen from an address inside it.
struct Symbol {
  /// Not known if the address is in no function of the table.
  SymbolName name = {};
  /// From the function's first instruction to the address.
  std::uint64_t offset = 0;
  /// Rounded up to whole instructions.
  std::uint64_t size = 0;

  [[nodiscard]] constexpr bool is_known() const noexcept { return name.is_known(); }
};

/// What can be wrong with a table.
enum class SymbolsFault : std::uint8_t {
  truncated,       ///< shorter than its header says
  unknown_format,  ///< another magic number, or units and bits that no table has
  too_many_pairs,  ///< more than pairs can count
  wrong_index,     ///< the index says that a block begins elsewhere than where the one before it ends
  unsorted,        ///< a block starts below the function before it
  overlapping,     ///< a block starts inside the function before it
  out_of_reach,    ///< ends more than 4 GiB above the table
  broken_entry,    ///< a number is too large or ends outside the table
  empty_symbol,    ///< a size of 0
  name_outside,    ///< the name ends outside the table
  unknown_code,    ///< a code of the name stands for nothing
  name_too_deep,   ///< pairs of the name are inside each other too often
  name_too_long    ///< more characters than SymbolName::max_size
};

/// Why a table was refused, and the first function that is wrong (0 if it is none).
using SymbolsError = Error<SymbolsFault>;

/// View of a symbol table. A default-constructed one knows no function.
class Symbols {
 public:
  constexpr Symbols() = default;

  /// Checks the whole table, once, and makes the view. Reads every name to its end. No words at all are the valid table
  /// of a program that was linked without one. `table_at` is the address at which the table lies in the program that it
  /// describes. Reads the table only; any context; O(characters of all names).
  [[nodiscard]] static std::expected<Symbols, SymbolsError> make(std::span<const std::uint32_t> words,
                                                                 std::uint64_t table_at) noexcept;

  /// The same for the table of the running program.
  [[nodiscard]] static std::expected<Symbols, SymbolsError> make(std::span<const std::uint32_t> words) noexcept {
    return make(words, reinterpret_cast<std::uintptr_t>(words.data()));
  }
#if SUREFOOT_HAS_ASM
  /// The table that surefoot_add_symbol_table() put into this program, checked (surefoot-symbols.ld.inc). Any context.
  [[nodiscard]] static inline std::expected<Symbols, SymbolsError> linked() noexcept;
#endif

  [[nodiscard]] constexpr std::size_t size() const noexcept { return function_count_; }

  /// The function that contains `address.lookup()`: for a return address the one that made the call, even if the call
  /// is its last instruction. `offset` is that of the address itself, and so may equal the size. O(log functions):
  /// reads a word of the index for each halving, and then the numbers of at most 16 functions, but no name. Any
  /// context.
  [[nodiscard]] Symbol find(CodeAddress address) const noexcept;

 private:
  [[nodiscard]] std::expected<void, SymbolsError> check_functions() const noexcept;
  [[nodiscard]] const SymbolIndexEntry& index_entry(std::size_t block) const noexcept;
  [[nodiscard]] const std::uint8_t* literals() const noexcept;
  [[nodiscard]] const std::uint8_t* stream() const noexcept;
  [[nodiscard]] SymbolName name_of(const std::uint8_t* codes, std::uint16_t code_bytes) const noexcept;

  const std::uint32_t* words_ = nullptr;
  std::uint64_t table_at_ = 0;
  // Of the header, as they were checked.
  std::uint32_t function_count_ = 0;
  std::uint32_t stream_bytes_ = 0;
  std::uint16_t pair_count_ = 0;
  std::uint8_t literal_count_ = 0;
  std::uint8_t unit_shift_ = 0;
  std::uint8_t gap_bits_ = 0;
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(SymbolsFault fault) noexcept;

}  // namespace surefoot

#if SUREFOOT_HAS_ASM
extern "C" {
// Set by the linker. Hidden, so that the addresses are formed relative to the pc, with or without a relocated image.
[[gnu::visibility("hidden")]] extern const std::uint32_t __surefoot_symbols_start[];
[[gnu::visibility("hidden")]] extern const std::uint32_t __surefoot_symbols_end[];
}

// Inline, so that only a program that asks for it refers to the linker's symbols, and only such a program has to place
// the section. Through integers: the two symbols are not known to the compiler to bound one array.
inline std::expected<surefoot::Symbols, surefoot::SymbolsError> surefoot::Symbols::linked() noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_symbols_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__surefoot_symbols_end);
  return make({__surefoot_symbols_start, (end - start) / sizeof(std::uint32_t)});
}
#endif
