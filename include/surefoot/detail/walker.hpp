// SPDX-License-Identifier: MIT
//
// The state of a walk, and its steps. walk() and Cursor are made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/context.hpp"
#include "surefoot/detail/plain_code.hpp"
#include "surefoot/detail/return_matcher.hpp"
#include "surefoot/detail/stack_tracker.hpp"
#include "surefoot/detail/text.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/reader.hpp"
#include "surefoot/records.hpp"
#include "surefoot/start.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::detail {

/// One turn of a walk is: enter() the frame that was found, which tells the rule that holds there; find_caller() by
/// that rule. See Cursor for what the public functions do.
template <StackReader R>
class Walker {
 public:
  Walker(const Context& context, R reader) noexcept : context_(&context), reader_(reader), returns_(nullptr) {
    // The state stays in memory: split up into variables, more of it would be spilled than it takes.
    __asm__ volatile("" : : "r"(this));
  }

  void begin(const Start& start) noexcept;
  void take(std::span<Frame> frames) noexcept;
  /// How many frames were taken.
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  /// `activity` is that of the start.
  [[nodiscard]] Verdict verdict(const TaskActivity* activity) const noexcept;

 private:
  void enter(Frame& frame) noexcept;
  [[nodiscard]] bool is_plain() noexcept;
  [[nodiscard]] SpecialKind look_closer() noexcept;
  void restore() noexcept;
  void weigh() noexcept;
  void choose_interrupted_rule() noexcept;

  [[nodiscard]] Frame* find_caller(Frame* out, const Frame* end) noexcept;
  [[nodiscard]] bool follow_other_rule() noexcept;
  [[nodiscard]] FrameRecord follow_plain_records(Frame* out, const Frame* end) noexcept;
  [[nodiscard]] bool place_record() noexcept;
  void follow_record(FrameRecord record) noexcept;
  [[nodiscard]] bool has_same_saved_pc(std::uint64_t lr) noexcept;
  [[nodiscard]] bool has_same_saved_registers(std::uint64_t callers_record_at) noexcept;
  [[nodiscard]] bool read_record(std::uint64_t at, FrameRecord& record) noexcept;
  void follow_zero(std::uint64_t other_word) noexcept;
  [[nodiscard]] bool is_at_final_record() const noexcept;
  void reach_end() noexcept;
  void cross_exception() noexcept;
  [[nodiscard]] bool follow_slots() noexcept;
  [[nodiscard]] std::uint64_t from_base(std::int32_t offset) const noexcept;
  [[nodiscard]] bool read(std::uint64_t address, std::uint64_t& word) noexcept;

  void set_next(std::uint64_t pc, CodeAddress::Kind kind, Source source) noexcept;
  void stop(StopReason reason, std::uint64_t at) noexcept;
  void doubt_from(std::uint32_t index) noexcept;

  const Context* context_;
  [[no_unique_address]] R reader_;
  StackTracker stacks_;
  ReturnMatcher returns_;

  // The next frame, as far as it is known; at the end, where that was.
  std::uint64_t pc_ = 0;
  std::uint64_t fp_ = 0;  // where its record is
  std::uint64_t sp_ = 0;  // of interrupted code, and so is x9_
  std::uint64_t x9_ = 0;  //
  std::uint64_t lr_ = 0;  // of interrupted code, or as the last rule says
  Evidence noticed_;

  // All frames. Of 16 bytes each on their stack at least: there cannot be 2^32 of them below 64 GiB.
  std::uint32_t count_ = 0;
  std::uint32_t first_doubtful_ = no_doubt;
  std::uint32_t matched_through_ = 0;  // frames before this index agree with the return stack
  std::uint64_t switches_ = 0;

  // The frame before it.
  [[no_unique_address]] PlainCode plain_;  // around it
  Evidence evidence_;                      // of all frames, where there is room
  Rule rule_;
  SpecialKind special_ = SpecialKind::none;
  std::uint8_t in_flight_ = 0;  // 1 if the next caller's return-stack entry may be in flight, 2 if the one after

  // The next frame again.
  CodeAddress::Kind kind_ = CodeAddress::Kind::exact;
  Source source_ = Source::start;
  bool has_found_ = false;                   // there is one
  bool is_sp_new_ = false;                   // sp_ is its own
  bool is_lr_live_ = false;                  // it returns by lr_
  StopReason stop_ = StopReason::truncated;  // or why there is none

  static constexpr std::uint32_t no_doubt = ~std::uint32_t{0};
};

}  // namespace surefoot::detail

#include "surefoot/detail/walker_impl.hpp"
#include "surefoot/detail/walker_rules_impl.hpp"
