// SPDX-License-Identifier: MIT
//
// Reading the codes of a name. A code is one byte, or two: the highest first bytes say that a second one follows, just
// as many of them as there are symbols to tell apart. A symbol is a literal, or a pair of symbols.
#include "surefoot/symbol_name.hpp"

#include "symbol_table_layout.hpp"

namespace surefoot {
namespace {

// Of no table: symbols are counted with 12 bits.
constexpr std::uint32_t no_symbol = UINT32_MAX;

}  // namespace

NameReader::NameReader(const SymbolName& name) noexcept
    : literals_(name.literals_),
      at_(name.codes_),
      end_(name.codes_ + name.code_bytes_),
      symbol_count_(std::uint32_t{name.literal_count_} + name.pair_count_),
      one_byte_codes_(static_cast<std::uint16_t>(detail::one_byte_codes(symbol_count_))),
      literal_count_(name.literal_count_) {}

std::uint32_t NameReader::next_symbol() noexcept {
  if (depth_ != 0) return pending_[--depth_];
  // SAFETY: has_next() found that codes are left, which lie in the table.
  const std::uint32_t first = *at_++;
  if (first < one_byte_codes_) return first;
  if (at_ == end_) return no_symbol;
  // SAFETY: as above.
  return one_byte_codes_ + (first - one_byte_codes_) * 256 + *at_++;
}

// The literal that a symbol begins with. What follows it waits in pending_.
std::uint32_t NameReader::expand(std::uint32_t symbol) noexcept {
  while (symbol >= literal_count_) {  // at most max_depth turns
    if (symbol >= symbol_count_) {
      fault_ = NameFault::unknown_symbol;
      return no_symbol;
    }
    if (depth_ == max_depth) {
      fault_ = NameFault::too_deep;
      return no_symbol;
    }
    // SAFETY: the pairs lie behind the literals, and this is one of them.
    const std::uint8_t* const pair = literals_ + literal_count_ + std::size_t{3} * (symbol - literal_count_);
    pending_[depth_++] = static_cast<std::uint16_t>(pair[1] >> 4 | pair[2] << 4);
    symbol = pair[0] | (pair[1] & 0xfU) << 8;
  }
  return symbol;
}

std::size_t NameReader::read(std::span<char> room) noexcept {
  std::size_t count = 0;
  while (count < room.size() && fault_ == NameFault::none && has_next()) {
    if (size_ == SymbolName::max_size) {
      fault_ = NameFault::too_long;
      break;
    }
    const std::uint32_t literal = expand(next_symbol());
    if (literal == no_symbol) break;
    // SAFETY: expand() gives one of the literals.
    room[count++] = static_cast<char>(literals_[literal]);
    ++size_;
  }
  return count;
}

std::size_t SymbolName::copy_to(std::span<char> room) const noexcept {
  NameReader reader(*this);
  std::size_t size = 0;
  if (!room.empty()) {
    size = reader.read(room.first(room.size() - 1));
    room[size] = '\0';
  }
  std::array<char, 16> rest;
  for (std::size_t more = reader.read(rest); more != 0; more = reader.read(rest)) size += more;
  return size;
}

bool SymbolName::starts_with(const char* text) const noexcept {
  NameReader reader(*this);
  for (char character; *text != '\0'; ++text) {  // at most max_size turns: then the name ends
    if (reader.read({&character, 1}) == 0 || character != *text) return false;
  }
  return true;
}

}  // namespace surefoot
