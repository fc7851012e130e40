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

namespace surefoot {

/// The first words of the table, which is made of 32-bit words: a header, the entries in ascending order of their
/// addresses, and the names, each ended by a zero byte. Dictated by cmake/make-symbol-table.
struct SymbolTableHeader {
  static constexpr std::uint32_t expected_magic = 0x31594653;  ///< "SFY1"

  std::uint32_t magic;
  std::uint32_t entry_count;
  std::uint32_t name_bytes;
};

/// One function. The offset counts from the table's first byte, so that the table needs no relocation.
struct SymbolEntry {
  std::int32_t start_offset;
  std::uint32_t size;
  std::uint32_t name_offset;  ///< from the first name
};
static_assert(sizeof(SymbolTableHeader) == 12 && sizeof(SymbolEntry) == 12);

/// A function, as seen from an address inside it.
struct Symbol {
  /// Ended by a zero byte; null if the address is in no function of the table.
  const char* name = nullptr;
  /// From the function's first instruction to the address.
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  [[nodiscard]] constexpr bool is_known() const noexcept { return name != nullptr; }
};

/// What can be wrong with a table.
enum class SymbolsFault : std::uint8_t {
  truncated,          ///< shorter than its header says
  unknown_format,     ///< another magic number
  empty_symbol,       ///< a size of 0
  unsorted,           ///< starts below the entry before it
  overlapping,        ///< starts inside the entry before it
  name_outside,       ///< the name begins outside the names
  unterminated_names  ///< the last name has no end
};

/// Why a table was refused, and the first entry that is wrong (0 if it is no entry).
using SymbolsError = Error<SymbolsFault>;

/// View of a symbol table. A default-constructed one knows no function.
class Symbols {
 public:
  constexpr Symbols() = default;

  /// Checks the whole table, once, and makes the view. No words at all are the valid table of a program that was linked
  /// without one. `table_at` is the address at which the table lies in the program that it describes. Reads the table
  /// only; any context; O(entries).
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

  [[nodiscard]] constexpr std::size_t size() const noexcept { return entries_.size(); }

  /// The function that contains `address.lookup()`: for a return address the one that made the call, even if the call
  /// is its last instruction. `offset` is that of the address itself, and so may equal the size. O(log entries).
  [[nodiscard]] Symbol find(CodeAddress address) const noexcept;

 private:
  [[nodiscard]] std::uint64_t start_of(const SymbolEntry& entry) const noexcept {
    return offset_by(table_at_, entry.start_offset);
  }

  std::span<const SymbolEntry> entries_;
  const char* names_ = nullptr;
  std::uint64_t table_at_ = 0;
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
