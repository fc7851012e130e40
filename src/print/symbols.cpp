// SPDX-License-Identifier: MIT
//
// Checking and searching the symbol table.
#include "surefoot/symbols.hpp"

#include <array>

#include "symbol_table_layout.hpp"

namespace surefoot {
namespace {

using Code = SymbolsFault;
using detail::next_entry;
using detail::StreamReader;

constexpr std::size_t header_words = sizeof(SymbolTableHeader) / sizeof(std::uint32_t);
constexpr std::size_t index_words = sizeof(SymbolIndexEntry) / sizeof(std::uint32_t);
constexpr std::uint32_t block_size = SymbolTableHeader::block_size;
constexpr std::size_t pair_bytes = 3;

constexpr std::size_t blocks_of(std::uint32_t function_count) noexcept {
  return function_count / block_size + (function_count % block_size != 0 ? 1 : 0);
}

std::unexpected<SymbolsError> refuse(Code code) noexcept { return std::unexpected(SymbolsError{code, 0}); }

// Reads a name to its end.
std::expected<void, Code> check_name(const SymbolName& name) noexcept {
  NameReader reader(name);
  std::array<char, 64> room;
  while (reader.read(room) == room.size()) {  // at most SymbolName::max_size / 64 turns
  }
  switch (reader.fault()) {  // No default: -Wswitch names the enumerator that was forgotten.
    case NameFault::none: return {};
    case NameFault::unknown_symbol: return std::unexpected(Code::unknown_code);
    case NameFault::too_deep: return std::unexpected(Code::name_too_deep);
    case NameFault::too_long: return std::unexpected(Code::name_too_long);
  }
  return {};
}

}  // namespace

std::expected<Symbols, SymbolsError> Symbols::make(std::span<const std::uint32_t> words,
                                                   std::uint64_t table_at) noexcept {
  Symbols symbols;
  if (words.empty()) return symbols;
  if (words.size() < header_words) return refuse(Code::truncated);
  const std::uint32_t last = words[3];
  if (words[0] != SymbolTableHeader::expected_magic) return refuse(Code::unknown_format);
  symbols.words_ = words.data();
  symbols.table_at_ = table_at;
  symbols.function_count_ = words[1];
  symbols.stream_bytes_ = words[2];
  symbols.pair_count_ = static_cast<std::uint16_t>(last & 0xffff);
  symbols.literal_count_ = static_cast<std::uint8_t>(last >> 16 & 0xff);
  symbols.unit_shift_ = static_cast<std::uint8_t>(last >> 24 & 0xf);
  symbols.gap_bits_ = static_cast<std::uint8_t>(last >> 28);
  if ((symbols.unit_shift_ != 0 && symbols.unit_shift_ != 2) || symbols.gap_bits_ == 0) {
    return refuse(Code::unknown_format);
  }
  if (std::uint32_t{symbols.literal_count_} + symbols.pair_count_ > detail::most_symbols) {
    return refuse(Code::too_many_pairs);
  }
  // In 64 bits: a damaged count cannot wrap.
  const std::uint64_t needed = index_words * sizeof(std::uint32_t) * std::uint64_t{blocks_of(words[1])} +
                               symbols.literal_count_ + pair_bytes * symbols.pair_count_ + symbols.stream_bytes_;
  if (needed > words.subspan(header_words).size_bytes()) return refuse(Code::truncated);
  if (const auto checked = symbols.check_functions(); !checked) return std::unexpected(checked.error());
  return symbols;
}

std::expected<void, SymbolsError> Symbols::check_functions() const noexcept {
  StreamReader reader(stream(), stream_bytes_, 0);
  // Offsets, not addresses, are compared: they are sorted alike, and their sums do not wrap in 64 bits.
  std::int64_t previous_start = INT64_MIN;
  std::int64_t previous_end = INT64_MIN;
  for (std::size_t i = 0; i < function_count_; ++i) {
    const auto wrong = [i](Code code) noexcept { return std::unexpected(SymbolsError{code, i}); };
    const bool begins_block = i % block_size == 0;
    if (begins_block) {
      const SymbolIndexEntry& entry = index_entry(i / block_size);
      if (entry.stream_offset != reader.position()) return wrong(Code::wrong_index);
      if (entry.start_offset < previous_start) return wrong(Code::unsorted);
      if (entry.start_offset < previous_end) return wrong(Code::overlapping);
      previous_end = entry.start_offset;
    }
    const auto entry = next_entry(reader, gap_bits_, unit_shift_);
    if (!entry) return wrong(entry.error());
    // The index says where a block starts.
    if (begins_block && entry->gap != 0) return wrong(Code::wrong_index);
    if (entry->size == 0) return wrong(Code::empty_symbol);
    previous_start = previous_end + static_cast<std::int64_t>(entry->gap);
    previous_end = previous_start + static_cast<std::int64_t>(entry->size);
    if (previous_end > INT64_C(0x1'0000'0000)) return wrong(Code::out_of_reach);
    if (entry->code_bytes > UINT16_MAX) return wrong(Code::name_outside);
    const auto name = check_name(name_of(entry->codes, static_cast<std::uint16_t>(entry->code_bytes)));
    if (!name) return wrong(name.error());
  }
  return {};
}

const SymbolIndexEntry& Symbols::index_entry(std::size_t block) const noexcept {
  // SAFETY: make() found the index inside the table. An entry is two words without padding.
  return reinterpret_cast<const SymbolIndexEntry*>(words_ + header_words)[block];
}

const std::uint8_t* Symbols::literals() const noexcept {
  return reinterpret_cast<const std::uint8_t*>(words_ + header_words + index_words * blocks_of(function_count_));
}

const std::uint8_t* Symbols::stream() const noexcept { return literals() + literal_count_ + pair_bytes * pair_count_; }

SymbolName Symbols::name_of(const std::uint8_t* codes, std::uint16_t code_bytes) const noexcept {
  SymbolName name;
  name.literals_ = literals();
  name.codes_ = codes;
  name.code_bytes_ = code_bytes;
  name.pair_count_ = pair_count_;
  name.literal_count_ = literal_count_;
  return name;
}

Symbol Symbols::find(CodeAddress address) const noexcept {
  const std::uint64_t pc = address.lookup();
  // The invariant: blocks before `low` start at or below pc, those from `high` on start above it.
  std::size_t low = 0;
  std::size_t high = blocks_of(function_count_);
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (offset_by(table_at_, index_entry(middle).start_offset) <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return {};
  const SymbolIndexEntry& block = index_entry(low - 1);
  StreamReader reader(stream(), stream_bytes_, block.stream_offset);
  std::uint64_t start = offset_by(table_at_, block.start_offset);
  const std::size_t left = function_count_ - (low - 1) * block_size;
  for (std::size_t i = 0; i < left && i < block_size; ++i) {
    // Checked once, and yet again: a table that was damaged since then gives no name, and no read outside.
    const auto entry = next_entry(reader, gap_bits_, unit_shift_);
    if (!entry) return {};
    if (pc - start < entry->gap) return {};
    start += entry->gap;
    if (pc - start < entry->size) {
      return {.name = name_of(entry->codes, static_cast<std::uint16_t>(entry->code_bytes)),
              .offset = address.value() - start,
              .size = entry->size};
    }
    start += entry->size;
  }
  return {};
}

const char* to_string(SymbolsFault code) noexcept {
  switch (code) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Code::truncated: return "truncated";
    case Code::unknown_format: return "unknown_format";
    case Code::too_many_pairs: return "too_many_pairs";
    case Code::wrong_index: return "wrong_index";
    case Code::unsorted: return "unsorted";
    case Code::overlapping: return "overlapping";
    case Code::out_of_reach: return "out_of_reach";
    case Code::broken_entry: return "broken_entry";
    case Code::empty_symbol: return "empty_symbol";
    case Code::name_outside: return "name_outside";
    case Code::unknown_code: return "unknown_code";
    case Code::name_too_deep: return "name_too_deep";
    case Code::name_too_long: return "name_too_long";
  }
  return "unknown";
}

}  // namespace surefoot
