// SPDX-License-Identifier: MIT
//
// Rewrites an SFrame version 3 section [sframe] row by row. The section is the linked one, which was checked when it
// was made a FrameTable, and comes from our own producer: what it says about itself is believed.
#include "sweep/table_breakage.hpp"

#include <array>
#include <cstdint>

#include "boot/command_line.hpp"

namespace sweep {
namespace {

// Header: version 3.
constexpr std::size_t header_size = 28;
constexpr std::size_t auxiliary_size_at = 7;
constexpr std::size_t function_count_at = 8;
constexpr std::size_t rows_size_at = 16;
constexpr std::size_t index_at = 20;
constexpr std::size_t rows_at = 24;
// An entry of the index.
constexpr std::size_t entry_size = 16;
constexpr std::size_t entry_size_at = 8;
constexpr std::size_t entry_data_at = 12;
// What precedes the rows of a function.
constexpr std::size_t attribute_size = 5;
constexpr std::size_t attribute_info_at = 2;

struct Row {
  std::uint64_t start;
  bool is_from_sp;
  std::uint8_t word_count;
  bool is_signed;
  std::int32_t words[3];  ///< the CFA from the base; the return address and the caller's fp from the CFA

  [[nodiscard]] bool is_pair() const noexcept { return word_count == 3; }
  [[nodiscard]] bool is_in_registers() const noexcept { return word_count == 1; }
};

struct NamedBreakage {
  const char* name;
  bool (*apply)(Row& row) noexcept;  ///< true if it has changed the row
};

constexpr NamedBreakage breakages[] = {
    // The link register, where it is stale.
    {"table_link_register",
     [](Row& row) noexcept {
       const bool was_pair = row.is_pair();
       if (was_pair) row.word_count = 1;
       return was_pair;
     }},
    // The frame record, where it is the caller's.
    {"table_frame_record",
     [](Row& row) noexcept {
       if (!row.is_in_registers()) return false;
       row = {.start = row.start, .is_from_sp = false, .word_count = 3, .is_signed = false, .words = {16, -8, -16}};
       return true;
     }},
    {"table_return_address",
     [](Row& row) noexcept {
       row.words[1] += 8;
       return row.is_pair();
     }},
    {"table_frame_pointer",
     [](Row& row) noexcept {
       row.words[2] += 8;
       return row.is_pair();
     }},
    {"table_base",
     [](Row& row) noexcept {
       if (row.is_pair()) row.is_from_sp = !row.is_from_sp;
       return row.is_pair();
     }},
    // The slots are right, and the caller's sp is above its own record.
    {"table_caller_sp",
     [](Row& row) noexcept {
       row.words[0] += 32;
       row.words[1] -= 32;
       row.words[2] -= 32;
       return row.word_count != 0;
     }},
    // A rule that holds an instruction too soon, or too late.
    {"table_early",
     [](Row& row) noexcept {
       const bool is_first = row.start == 0;
       if (!is_first) row.start -= 4;
       return !is_first;
     }},
    {"table_late",
     [](Row& row) noexcept {
       const bool is_first = row.start == 0;
       if (!is_first) row.start += 4;
       return !is_first;
     }},
    {"table_no_caller",
     [](Row& row) noexcept {
       row.word_count = 0;
       return true;
     }},
};

std::uint64_t load(std::span<const std::byte> bytes, std::size_t at, std::size_t size) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i - 1]);
  return value;
}

void store(std::span<std::byte> bytes, std::size_t at, std::size_t size, std::uint64_t value) noexcept {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<std::byte>(value >> 8 * i);
}

std::int32_t load_signed(std::span<const std::byte> bytes, std::size_t at, std::size_t size) noexcept {
  const std::size_t unused_bits = 32 - 8 * size;
  const auto at_the_top = static_cast<std::int32_t>(static_cast<std::uint32_t>(load(bytes, at, size)) << unused_bits);
  return at_the_top >> unused_bits;
}

// Reads the rows of one function after the other, and writes them with words of 32 bits, so that a changed one fits.
class Rewriter {
 public:
  Rewriter(std::span<const std::byte> from, std::span<std::byte> to, const NamedBreakage& breakage) noexcept
      : from_(from), to_(to), breakage_(breakage) {}

  // The part of the copy that is used; empty if nothing has changed, or if there is no room.
  std::span<const std::byte> run() noexcept {
    const std::size_t headers_end = header_size + load(from_, auxiliary_size_at, 1);
    const std::size_t index = headers_end + load(from_, index_at, 4);
    const std::size_t rows = headers_end + load(from_, rows_at, 4);
    const std::size_t count = load(from_, function_count_at, 4);
    if (rows > to_.size() || index + count * entry_size > rows) return {};
    for (std::size_t i = 0; i < rows; ++i) to_[i] = from_[i];
    write_at_ = rows;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t data_at = index + i * entry_size + entry_data_at;
      read_at_ = rows + load(from_, data_at, 4);
      store(to_, data_at, 4, write_at_ - rows);
      if (!rewrite_function(load(from_, index + i * entry_size + entry_size_at, 4))) return {};
    }
    store(to_, rows_size_at, 4, write_at_ - rows);
    return has_changed_ ? to_.first(write_at_) : std::span<std::byte>();
  }

 private:
  bool rewrite_function(std::uint64_t function_size) noexcept {
    const std::uint64_t row_count = load(from_, read_at_, 2);
    const std::size_t start_size = std::size_t{1} << (load(from_, read_at_ + attribute_info_at, 1) & 0xf);
    if (write_at_ + attribute_size + row_count * (start_size + 1 + sizeof(Row::words)) > to_.size()) return false;
    const std::size_t attribute_at = write_at_;
    for (std::size_t i = 0; i < attribute_size; ++i) to_[write_at_++] = from_[read_at_++];
    std::uint64_t written = 0;
    std::size_t last_at = write_at_;
    std::uint64_t last_start = 0;
    for (std::uint64_t i = 0; i < row_count; ++i) {
      Row row = read_row(start_size);
      has_changed_ |= breakage_.apply(row);
      if (row.start >= function_size) continue;  // it never comes to hold
      if (written != 0 && row.start == last_start) {
        write_at_ = last_at;  // the one before never does
        --written;
      }
      last_at = write_at_;
      last_start = row.start;
      write_row(row, start_size);
      ++written;
    }
    store(to_, attribute_at, 2, written);
    return true;
  }

  Row read_row(std::size_t start_size) noexcept {
    Row row{};
    row.start = load(from_, read_at_, start_size);
    const std::uint64_t info = load(from_, read_at_ + start_size, 1);
    read_at_ += start_size + 1;
    row.is_from_sp = (info & 1) != 0;
    row.word_count = static_cast<std::uint8_t>(info >> 1 & 0xf);
    row.is_signed = (info >> 7 & 1) != 0;
    const std::size_t word_size = std::size_t{1} << (info >> 5 & 3);
    for (std::size_t i = 0; i < row.word_count; ++i) {
      if (i < std::size(row.words)) row.words[i] = load_signed(from_, read_at_, word_size);
      read_at_ += word_size;
    }
    return row;
  }

  void write_row(const Row& row, std::size_t start_size) noexcept {
    constexpr std::uint64_t words_of_32_bits = 2;
    store(to_, write_at_, start_size, row.start);
    store(to_, write_at_ + start_size, 1,
          (row.is_from_sp ? 1U : 0U) | std::uint64_t{row.word_count} << 1 | words_of_32_bits << 5 |
              (row.is_signed ? 0x80U : 0U));
    write_at_ += start_size + 1;
    for (std::size_t i = 0; i < row.word_count; ++i) {
      store(to_, write_at_, 4, static_cast<std::uint32_t>(row.words[i]));
      write_at_ += 4;
    }
  }

  std::span<const std::byte> from_;
  std::span<std::byte> to_;
  const NamedBreakage& breakage_;
  std::size_t read_at_ = 0;
  std::size_t write_at_ = 0;
  bool has_changed_ = false;
};

constinit std::array<std::byte, 0x1'0000> copy{};

const NamedBreakage* find_breakage(std::span<const char> name) noexcept {
  for (const NamedBreakage& breakage : breakages) {
    if (kernel::is_word(name, breakage.name)) return &breakage;
  }
  return nullptr;
}

}  // namespace

bool is_table_rule(std::span<const char> name) noexcept { return find_breakage(name) != nullptr; }

surefoot::FrameTable broken_frame_table(std::span<const char> name) noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_frame_table_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__surefoot_frame_table_end);
  const std::span<const std::byte> section =
      Rewriter({__surefoot_frame_table_start, end - start}, copy, *find_breakage(name)).run();
  return surefoot::FrameTable::make(section, start).value_or(surefoot::FrameTable());
}

const char* table_rule_name(std::size_t index) noexcept {
  return index < std::size(breakages) ? breakages[index].name : nullptr;
}

}  // namespace sweep
