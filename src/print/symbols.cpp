// SPDX-License-Identifier: MIT
//
// Checking and searching the symbol table.
#include "surefoot/symbols.hpp"

namespace surefoot {
namespace {

using Code = SymbolsFault;

constexpr std::size_t header_words = sizeof(SymbolTableHeader) / sizeof(std::uint32_t);
constexpr std::size_t entry_words = sizeof(SymbolEntry) / sizeof(std::uint32_t);

std::unexpected<SymbolsError> refuse(Code code, std::size_t index) noexcept {
  return std::unexpected(SymbolsError{code, index});
}

}  // namespace

std::expected<Symbols, SymbolsError> Symbols::make(std::span<const std::uint32_t> words,
                                                   std::uint64_t table_at) noexcept {
  Symbols symbols;
  if (words.empty()) return symbols;
  if (words.size() < header_words) return refuse(Code::truncated, 0);
  const SymbolTableHeader header{.magic = words[0], .entry_count = words[1], .name_bytes = words[2]};
  if (header.magic != SymbolTableHeader::expected_magic) return refuse(Code::unknown_format, 0);

  const std::span<const std::uint32_t> body = words.subspan(header_words);
  // Divided, not multiplied: a damaged count cannot wrap.
  if (header.entry_count > body.size() / entry_words) return refuse(Code::truncated, 0);
  const std::span<const std::uint32_t> names = body.subspan(header.entry_count * entry_words);
  if (header.name_bytes > names.size_bytes()) return refuse(Code::truncated, 0);

  // SAFETY: entry_count entries were found to be inside the table, and an entry is three words without padding.
  symbols.entries_ = {reinterpret_cast<const SymbolEntry*>(body.data()), header.entry_count};
  symbols.names_ = reinterpret_cast<const char*>(names.data());
  symbols.table_at_ = table_at;
  // One end for all names: whichever byte a name begins at, it ends inside the table.
  if (header.name_bytes != 0 && symbols.names_[header.name_bytes - 1] != '\0') {
    return refuse(Code::unterminated_names, 0);
  }

  // Offsets, not addresses, are compared: they are sorted alike, and their sums do not wrap in 64 bits.
  std::int64_t previous_start = INT64_MIN;
  std::int64_t previous_end = INT64_MIN;
  for (std::size_t i = 0; i < symbols.entries_.size(); ++i) {
    const SymbolEntry& entry = symbols.entries_[i];
    if (entry.size == 0) return refuse(Code::empty_symbol, i);
    if (entry.start_offset < previous_start) return refuse(Code::unsorted, i);
    if (entry.start_offset < previous_end) return refuse(Code::overlapping, i);
    if (entry.name_offset >= header.name_bytes) return refuse(Code::name_outside, i);
    previous_start = entry.start_offset;
    previous_end = previous_start + entry.size;
  }
  return symbols;
}

Symbol Symbols::find(CodeAddress address) const noexcept {
  const std::uint64_t pc = address.lookup();
  // The invariant: entries before `low` start at or below pc, those from `high` on start above it.
  std::size_t low = 0;
  std::size_t high = entries_.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (start_of(entries_[middle]) <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return {};
  const SymbolEntry& entry = entries_[low - 1];
  const std::uint64_t start = start_of(entry);
  if (pc - start >= entry.size) return {};
  return {.name = names_ + entry.name_offset, .offset = address.value() - start, .size = entry.size};
}

const char* to_string(SymbolsFault code) noexcept {
  switch (code) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Code::truncated: return "truncated";
    case Code::unknown_format: return "unknown_format";
    case Code::empty_symbol: return "empty_symbol";
    case Code::unsorted: return "unsorted";
    case Code::overlapping: return "overlapping";
    case Code::name_outside: return "name_outside";
    case Code::unterminated_names: return "unterminated_names";
  }
  return "unknown";
}

}  // namespace surefoot
