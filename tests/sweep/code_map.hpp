// SPDX-License-Identifier: MIT
//
// What is noted about each instruction of the kernel's text, so that a step costs one look at an array.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/special_ranges.hpp"

namespace sweep {

class CodeMap {
 public:
  /// Marks the trampolines of the table, and the patch sites: from a landing pad or the first NOP to the BL. False if
  /// a patch site is none, or the text is too large.
  [[nodiscard]] bool initialize(const surefoot::AddressRange& text, const surefoot::SpecialRanges& ranges,
                                std::span<const std::uint64_t> patch_entries) noexcept;

  [[nodiscard]] bool is_trampoline(std::uint64_t pc) const noexcept { return has(pc, trampoline); }
  [[nodiscard]] bool is_patch_site(std::uint64_t pc) const noexcept { return has(pc, patch_site); }
  /// True where a special range or the patch-site table has the rule (hazards E1 to E11, R1 to R5). Everywhere else it
  /// is the frame table.
  [[nodiscard]] bool is_in_trampoline(std::uint64_t pc) const noexcept { return has(pc, trampoline | patch_site); }

  /// All of the text.
  [[nodiscard]] const surefoot::AddressRange& text() const noexcept { return text_; }

  /// A step in front of this instruction. Bounded, and cheap: it happens at every one.
  void visit(std::uint64_t pc) noexcept;
  [[nodiscard]] bool was_reached(std::uint64_t pc) const noexcept { return has(pc, reached); }

  /// Starts a list of the places that are visited from now on, each once, in the order of their first visits. Costs a
  /// few instructions, as it may be stepped itself.
  void begin_list() noexcept;
  void end_list() noexcept { is_listing_ = false; }
  /// The last list. What found no room in it is missing.
  [[nodiscard]] std::span<const std::uint64_t> listed() const noexcept { return std::span(list_).first(list_size_); }

  /// A step at which a walk was not exact.
  void note_inexact(std::uint64_t pc) noexcept;
  [[nodiscard]] std::uint32_t inexact(std::uint64_t pc) const noexcept;

 private:
  static constexpr std::uint8_t trampoline = 1;
  static constexpr std::uint8_t patch_site = 2;
  static constexpr std::uint8_t reached = 4;
  static constexpr std::size_t capacity = 0x1'0000;
  static constexpr std::size_t max_listed = 4096;

  [[nodiscard]] std::size_t index_of(std::uint64_t pc) const noexcept {
    return text_.contains(pc, surefoot::instruction_size) ? (pc - text_.start()) / surefoot::instruction_size
                                                          : capacity - 1;
  }
  [[nodiscard]] bool has(std::uint64_t pc, std::uint8_t any_of) const noexcept {
    return (marks_[index_of(pc)] & any_of) != 0;
  }
  void set(std::uint64_t pc, std::uint8_t mark) noexcept {
    marks_[index_of(pc)] = static_cast<std::uint8_t>(marks_[index_of(pc)] | mark);
  }

  surefoot::AddressRange text_;
  std::array<std::uint8_t, capacity> marks_{};
  std::array<std::uint32_t, capacity> inexact_{};
  std::array<std::uint32_t, capacity> in_list_{};  // the number of the last list that the place is in
  std::uint32_t list_number_ = 0;
  bool is_listing_ = false;
  std::array<std::uint64_t, max_listed> list_{};
  std::size_t list_size_ = 0;
};

}  // namespace sweep
