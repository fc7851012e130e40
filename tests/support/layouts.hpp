// SPDX-License-Identifier: MIT
//
// Exception frames of several kernels: their layouts, and pictures of them on fake stacks.
#pragma once

#include <string>
#include <vector>

#include "support/memory.hpp"
#include "surefoot/exception_layout.hpp"

namespace surefoot::testing {

/// x0 to x30, pc, pstate and SP_EL0, in 272 bytes. The slots of x29 and x30 are the record: a plain one.
inline constexpr ExceptionLayout compact_layout{.size = 272,
                                                .pc = 248,
                                                .pstate = 256,
                                                .sp = ExceptionLayout::absent,
                                                .fp = 232,
                                                .lr = 240,
                                                .x9 = 72,
                                                .record = 232,
                                                .typing = RecordTyping::untyped};

/// Linux 6.1: struct pt_regs with a plain record at its end.
inline constexpr ExceptionLayout linux_6_1_layout{.size = 336,
                                                  .pc = 256,
                                                  .pstate = 264,
                                                  .sp = 248,
                                                  .fp = 232,
                                                  .lr = 240,
                                                  .x9 = 72,
                                                  .record = 304,
                                                  .typing = RecordTyping::untyped};

/// Linux 6.13 and later: the record has a type, 1 for the final one and 2 for an exception's.
inline constexpr ExceptionLayout linux_6_13_layout{.size = 336,
                                                   .pc = 256,
                                                   .pstate = 264,
                                                   .sp = 248,
                                                   .fp = 232,
                                                   .lr = 240,
                                                   .x9 = 72,
                                                   .record = 296,
                                                   .typing = RecordTyping::typed,
                                                   .final_type = 1,
                                                   .exception_type = 2};

inline constexpr std::uint64_t pstate_el1h = 0x3c5;
inline constexpr std::uint64_t pstate_el0t = 0;

/// What entry code saved. Every register that is not named is branded.
struct SavedRegisters {
  Ref pc = 0;
  Ref fp = 0;
  Ref sp = 0;
  Ref lr = 0xdead'1111'0000'0000;
  Ref x9 = 0xdead'2222'0000'0000;
  std::uint64_t pstate = pstate_el1h;
  bool is_final = false;  ///< the record is the task's final one
};

/// Adds a whole frame to the stack; `label` is its record, `label`.frame its lowest word, `label`.end the address
/// above.
inline void draw_frame(StackImage& stack, const std::string& label, const ExceptionLayout& layout,
                       const SavedRegisters& saved) {
  std::vector<Ref> words;
  for (std::uint64_t number = 0; number < layout.size / 8U; ++number) words.emplace_back(brand(number));
  const auto put = [&words](std::uint16_t offset, const Ref& value) {
    if (offset != ExceptionLayout::absent) words.at(offset / 8U) = value;
  };
  put(layout.pc, saved.pc);
  put(layout.pstate, saved.pstate);
  put(layout.sp, saved.sp);
  put(layout.fp, saved.fp);
  put(layout.lr, saved.lr);
  put(layout.x9, saved.x9);
  if (layout.typing == RecordTyping::typed) {
    put(layout.record, 0);
    put(static_cast<std::uint16_t>(layout.record + 8), 0);
    put(static_cast<std::uint16_t>(layout.record + 16), saved.is_final ? layout.final_type : layout.exception_type);
  } else if (saved.is_final) {
    put(layout.record, 0);
    put(static_cast<std::uint16_t>(layout.record + 8), 0);
  } else if (layout.record != layout.fp) {
    put(layout.record, saved.fp);
    put(static_cast<std::uint16_t>(layout.record + 8), saved.pc);
  }
  stack.mark(label + ".frame");
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == layout.record / 8U) stack.mark(label);
    stack.word(words[i]);
  }
  stack.mark(label + ".end");
}

}  // namespace surefoot::testing
