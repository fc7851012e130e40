// SPDX-License-Identifier: MIT
//
// The slow reader. Written from the format and from what the header promises.
#include "support/slow_frame_table.hpp"

namespace surefoot::testing {
namespace {

// Takes numbers from the front, and remembers if there was not enough.
class Input {
 public:
  Input(std::span<const std::byte> bytes, std::uint64_t at) : bytes_(bytes), at_(at) {}

  std::uint64_t take(unsigned width) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i) {
      if (at_ >= bytes_.size()) {
        is_exhausted = true;
        return 0;
      }
      value += static_cast<std::uint64_t>(bytes_[at_++]) << (8 * i);
    }
    return value;
  }
  std::int64_t take_signed(unsigned width) {
    const auto value = static_cast<std::int64_t>(take(width));
    const std::int64_t limit = std::int64_t{1} << (8 * width - 1);
    return value >= limit ? value - 2 * limit : value;
  }

  bool is_exhausted = false;

 private:
  std::span<const std::byte> bytes_;
  std::uint64_t at_;
};

Rule rule_for(bool is_sp, const std::vector<std::int64_t>& words) {
  if (words.empty()) return {.pc = From::final_record};
  if (words.size() > 3 || (!is_sp && words.size() != 3)) return {};
  std::int64_t slots[2] = {0, 0};
  for (std::size_t i = 1; i < words.size(); ++i) slots[i - 1] = words[0] + words[i];
  for (const std::int64_t slot : slots) {
    if (slot != static_cast<std::int32_t>(slot)) return {};
  }
  constexpr From sources[] = {From::link_register, From::saved_pc, From::saved_pair};
  return {.pc = sources[words.size() - 1],
          .base = is_sp ? Base::sp : Base::fp,
          .offset = static_cast<std::int32_t>(slots[0]),
          .fp_offset = static_cast<std::int32_t>(slots[1]),
          .cfa_offset = static_cast<std::int32_t>(words[0])};
}

// The rows, or nothing. Without any the function has no caller, which one row is made to say.
void read_rows(std::span<const std::byte> bytes, std::uint64_t at, SlowFrameTable::Function& function) {
  Input input(bytes, at);
  const std::uint64_t count = input.take(2);
  const std::uint64_t info = input.take(1);
  const std::uint64_t info2 = input.take(1);
  const std::uint64_t block_size = input.take(1);
  const bool has_blocks = (info / 16) % 2 == 1;
  if (input.is_exhausted || info2 != 0 || info % 16 > 2 || (info / 64) % 2 == 1 || info >= 128) return;
  std::vector<SlowFrameTable::Row> rows;
  if (count == 0) rows.push_back({.start = 0, .rule = {.pc = From::final_record}});
  if (count != 0 && has_blocks && block_size == 0) return;
  if (count != 0 && has_blocks) function.block_size = block_size;
  const std::uint64_t limit = function.block_size != 0 ? function.block_size : function.size;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t start = input.take(1U << (info % 16));
    const std::uint64_t row_info = input.take(1);
    const std::uint64_t width_code = (row_info / 32) % 4;
    if (width_code == 3) return;
    std::vector<std::int64_t> words;
    for (std::uint64_t n = (row_info / 2) % 16; n > 0; --n) words.push_back(input.take_signed(1U << width_code));
    if (input.is_exhausted || start >= limit || (!rows.empty() && start <= rows.back().start)) return;
    rows.push_back({.start = start, .rule = rule_for(row_info % 2 == 1, words)});
  }
  function.rows = std::move(rows);
}

}  // namespace

std::expected<SlowFrameTable, FrameTableFault> SlowFrameTable::from_section(std::span<const std::byte> section,
                                                                            std::uint64_t address) {
  using enum FrameTableFault;
  Input header(section, 0);
  const std::uint64_t magic = header.take(2);
  const std::uint64_t version = header.take(1);
  const std::uint64_t flags = header.take(1);
  if (header.is_exhausted) return std::unexpected(truncated);
  if (magic != 0xdee2) return std::unexpected(magic == 0xe2de ? other_byte_order : not_sframe);
  if (version == 1 || version == 2) return std::unexpected(version == 1 ? version_1 : version_2);
  if (version != 3) return std::unexpected(unknown_version);
  const std::uint64_t abi = header.take(1);
  (void)header.take(2);
  const std::uint64_t start_of_parts = 28 + header.take(1);
  const std::uint64_t count = header.take(4);
  (void)header.take(4);
  const std::uint64_t rows_size = header.take(4);
  const std::uint64_t index_at = start_of_parts + header.take(4);
  const std::uint64_t rows_at = start_of_parts + header.take(4);
  if (header.is_exhausted) return std::unexpected(truncated);
  if ((flags & 0xfa) != 0) return std::unexpected(unknown_flags);
  if (abi != 2) return std::unexpected(other_architecture);
  if (index_at + 16 * count > section.size() || rows_at + rows_size > section.size()) return std::unexpected(truncated);

  SlowFrameTable table;
  const std::span<const std::byte> rows = section.subspan(rows_at, rows_size);
  Input index(section, index_at);
  for (std::uint64_t i = 0; i < count; ++i) {
    Function function;
    function.start = index.take(8) + address + ((flags & 4) != 0 ? index_at + 16 * i : 0);
    function.size = index.take(4);
    // A function that wraps round ends below its start.
    if (function.start + function.size < function.start) return std::unexpected(unsorted);
    if (i > 0 && function.start < table.functions_.back().start + table.functions_.back().size) {
      return std::unexpected(unsorted);
    }
    read_rows(rows, index.take(4), function);
    table.functions_.push_back(std::move(function));
  }
  return table;
}

Rule SlowFrameTable::find(std::uint64_t pc) const {
  Rule rule;
  for (const Function& function : functions_) {
    if (pc < function.start || pc - function.start >= function.size || !function.rows) continue;
    std::uint64_t offset = pc - function.start;
    if (function.block_size != 0) offset %= function.block_size;
    for (const Row& row : *function.rows) {
      if (row.start <= offset) rule = row.rule;
    }
  }
  return rule;
}

}  // namespace surefoot::testing
