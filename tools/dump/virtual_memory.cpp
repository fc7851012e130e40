// SPDX-License-Identifier: MIT
#include "dump/virtual_memory.hpp"

#include <algorithm>
#include <cstring>

namespace surefoot::tools {

VirtualMemory::VirtualMemory(PhysicalMemory& memory, const PageTables& tables) : memory_(&memory), tables_(tables) {}

bool VirtualMemory::read(std::uint64_t address, std::span<std::byte> into) {
  const std::uint64_t page_size = std::uint64_t{1} << tables_.page_bits;
  if (into.size() > ~address) return false;
  while (!into.empty()) {
    const std::optional<std::uint64_t> physical = to_physical(address);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), page_size - address % page_size));
    if (!physical || !read_physical(*physical, into.first(count))) return false;
    address += count;
    into = into.subspan(count);
  }
  return true;
}

std::optional<std::string> VirtualMemory::text(std::uint64_t address, std::size_t most) {
  std::string text;
  std::array<char, 256> buffer{};
  while (text.size() < most) {
    // Not across the end of a page, where there may be nothing: the 0 may be before it.
    const std::size_t to_end = piece_size - static_cast<std::size_t>(address % piece_size);
    const std::size_t count = std::min({buffer.size(), most - text.size(), to_end});
    if (!read(address, std::as_writable_bytes(std::span(buffer).first(count)))) return std::nullopt;
    const auto end = std::find(buffer.begin(), buffer.begin() + count, '\0');
    text.append(buffer.begin(), end);
    if (end != buffer.begin() + count) break;
    address += count;
  }
  return text;
}

std::optional<std::uint64_t> VirtualMemory::to_physical(std::uint64_t address) {
  const std::uint64_t page = address >> tables_.page_bits;
  const std::uint64_t offset = address & ((std::uint64_t{1} << tables_.page_bits) - 1);
  Translation& kept = translations_[page % translation_count];
  if (kept.page != page) {
    const auto read = [this](std::uint64_t at) { return descriptor_at(at); };
    kept = {page, translate(tables_, address - offset, read).value_or(nothing)};
  }
  return kept.physical == nothing ? std::nullopt : std::optional(kept.physical + offset);
}

std::optional<std::uint64_t> VirtualMemory::descriptor_at(std::uint64_t address) {
  std::array<std::byte, sizeof(std::uint64_t)> bytes{};
  if (!read_physical(address, bytes)) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  return value;
}

bool VirtualMemory::read_physical(std::uint64_t address, std::span<std::byte> into) {
  while (!into.empty()) {
    const auto count = std::min(into.size(), piece_size - static_cast<std::size_t>(address % piece_size));
    if (!read_in_piece(address, into.first(count))) return false;
    address += count;
    into = into.subspan(count);
  }
  return true;
}

bool VirtualMemory::read_in_piece(std::uint64_t address, std::span<std::byte> into) {
  const std::uint64_t number = address / piece_size;
  const auto offset = static_cast<std::size_t>(address % piece_size);
  Piece& kept = pieces_[number % piece_count];
  if (kept.number != number) {
    kept.bytes.resize(piece_size);
    kept.number = nothing;
    if (memory_->read(number * piece_size, kept.bytes) == PageState::present) kept.number = number;
  }
  if (kept.number == number) {
    std::memcpy(into.data(), kept.bytes.data() + offset, into.size());
    return true;
  }
  // The piece may be there in part: at the end of a file that was cut.
  const PageState state = memory_->read(address, into);
  if (state == PageState::present) return true;
  constexpr std::size_t max_counted = 1'000'000;
  std::unordered_set<std::uint64_t>& counted = state == PageState::absent ? missing_ : damaged_;
  if (counted.size() < max_counted) counted.insert(address >> tables_.page_bits);
  return false;
}

}  // namespace surefoot::tools
