// SPDX-License-Identifier: MIT
//
// Writes SFrame version 3 sections byte by byte, right ones and wrong ones. It shares nothing with the library's reader
// or the tool's writer: every number of the format stands here once more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "surefoot/rule.hpp"

namespace surefoot::testing {

/// The words of a row are the CFA from the base, and the return address and the caller's fp from the CFA.
struct SectionRow {
  std::uint64_t start = 0;  ///< from the function's start
  Base base = Base::sp;
  std::vector<std::int32_t> words = {};
  unsigned word_width = 1;  ///< bytes: 1, 2, 4; 8 is written as the code that means nothing
  bool is_signed = false;
};

struct SectionFunction {
  std::uint64_t start = 0;
  std::uint32_t size = 0;
  std::vector<SectionRow> rows = {};
  unsigned address_width = 1;  ///< bytes: 1, 2, 4; 8 is written as the code that means nothing
  unsigned info = 0;           ///< more bits of the info byte
  unsigned type = 0;
  unsigned block_size = 0;
};

/// Bits for SectionFunction::info and SectionForm::flags.
inline constexpr unsigned info_masked = 0x10;
inline constexpr unsigned info_key_b = 0x20;
inline constexpr unsigned info_unknown = 0x40;
inline constexpr unsigned info_signal_frame = 0x80;
inline constexpr unsigned flag_sorted = 0x1;
inline constexpr unsigned flag_field_relative = 0x4;

/// How a section is laid out.
struct SectionForm {
  std::uint64_t address = 0x4003'0000;  ///< where it pretends to lie
  unsigned flags = flag_sorted | flag_field_relative;
  unsigned auxiliary_size = 0;
  std::size_t gap_before_index = 0;
  std::size_t gap_before_rows = 0;
  bool is_rows_first = false;
};

using SectionBytes = std::vector<std::byte>;

/// Writes the lowest `width` bytes of `value`.
void put(SectionBytes& bytes, std::size_t at, std::size_t width, std::uint64_t value);

[[nodiscard]] SectionBytes make_section(const std::vector<SectionFunction>& functions, const SectionForm& form = {});

/// Where things are in a section of the usual form.
inline constexpr std::size_t header_size = 28;
[[nodiscard]] constexpr std::size_t entry_at(std::size_t number) { return header_size + 16 * number; }

/// A copy that fills a heap block from end to end, so that a sanitizer sees any read outside of it.
class GuardedBytes {
 public:
  explicit GuardedBytes(std::span<const std::byte> bytes);
  [[nodiscard]] std::span<const std::byte> span() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_;
};

/// True if a frame table may give this rule: the source, and nothing that its kind does not use.
[[nodiscard]] constexpr bool is_well_formed(const Rule& rule) {
  Rule plain{.pc = rule.pc};
  switch (rule.pc) {
    case From::nowhere:
    case From::final_record: return rule == plain;
    case From::saved_pair:
      plain.fp_offset = rule.fp_offset;
      plain.base = Base::fp;
      break;
    case From::saved_pc:
    case From::link_register: plain.base = Base::sp; break;
    case From::frame_record:
    case From::x9:
    case From::stack:
    case From::return_stack:
    case From::exception_frame: return false;
  }
  if (rule.pc == From::saved_pair && rule.base == Base::sp) plain.base = Base::sp;
  if (rule.pc != From::link_register) plain.offset = rule.offset;
  plain.cfa_offset = rule.cfa_offset;
  return rule == plain;
}

}  // namespace surefoot::testing
