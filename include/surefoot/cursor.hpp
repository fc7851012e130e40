// SPDX-License-Identifier: MIT
//
// The walk, one frame at a time, for callers that cannot afford a buffer. walk() (walk.hpp) is a loop over it.
//
//   for (surefoot::Cursor cursor(start, context); cursor.has_frame(); cursor.advance()) print(cursor.frame());
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/context.hpp"
#include "surefoot/detail/return_matcher.hpp"
#include "surefoot/detail/stack_tracker.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/reader.hpp"
#include "surefoot/records.hpp"
#include "surefoot/start.hpp"

namespace surefoot {

/// Walks one chain. Needs no memory but itself and about as much stack; no locks, no globals: usable from any context,
/// an NMI and code before the MMU is on included. Terminates: each step consumes bytes of a stack, and a stack that
/// was left is not entered again.
template <StackReader R = LocalReader>
class Cursor {
 public:
  /// Stands at the first frame, or has already ended. `context`, and what `start` was made from, must outlive it.
  Cursor(const Start& start, const Context& context, R reader = R()) noexcept;

  /// False once the walk has ended, for whatever reason.
  [[nodiscard]] bool has_frame() const noexcept { return has_frame_; }
  /// The present frame. Requires has_frame().
  [[nodiscard]] const Frame& frame() const noexcept { return frame_; }
  /// Goes to the caller, or ends the walk. Does nothing once it has ended.
  void advance() noexcept;
  /// The verdict on all frames so far. Before the end it is unreliable, stopped as truncated.
  [[nodiscard]] Verdict verdict() const noexcept;

 private:
  /// What a rule may read of the code that an exception interrupted.
  struct Interrupted {
    std::uint64_t pc;
    std::uint64_t fp;
    std::uint64_t sp;
    std::uint64_t lr;
    std::uint64_t x9;
  };

  void begin(const Start& start) noexcept;
  void follow_rule() noexcept;
  void follow_link_register() noexcept;
  void follow_stack() noexcept;
  void follow_saved_pair() noexcept;
  [[nodiscard]] std::uint64_t frame_base() const noexcept { return rule_.base == Base::fp ? fp_ : sp_; }
  [[nodiscard]] bool read_slot(std::int32_t offset, std::uint64_t& word) noexcept;
  [[nodiscard]] bool leave_frame() noexcept;
  void follow_record() noexcept;
  void follow_metadata(std::uint64_t record_at, Evidence noticed) noexcept;
  [[nodiscard]] Evidence check_saved_pc(std::uint64_t record_at, std::uint64_t lr) noexcept;
  void cross_exception(std::uint64_t record_at, Evidence noticed) noexcept;
  void enter_interrupted(const Interrupted& registers, Source source, Evidence noticed) noexcept;
  void enter_caller(std::uint64_t pc, std::uint64_t fp, Source source, Evidence noticed) noexcept;
  void enter_resumed(std::uint64_t pc, Source source) noexcept;
  void enter_frame(CodeAddress address, Source source, Evidence noticed) noexcept;
  [[nodiscard]] Rule choose_rule(CodeAddress address, const SpecialRange& special) const noexcept;
  void reach_end(std::uint64_t record_at, Evidence noticed) noexcept;
  void stop(StopReason reason, std::uint64_t at) noexcept;
  void doubt_from(std::size_t index) noexcept;
  [[nodiscard]] bool read(std::uint64_t address, std::uint64_t& word) noexcept;

  const Context* context_;
  [[no_unique_address]] R reader_;
  detail::StackTracker stacks_;
  detail::ReturnMatcher returns_;

  Frame frame_;
  Rule rule_;                   // of the present frame
  std::uint64_t fp_ = 0;        // where the present frame's record is
  std::uint64_t sp_ = 0;        // of interrupted code, and so is x9_
  std::uint64_t x9_ = 0;        //
  std::uint64_t lr_ = 0;        // of interrupted code, or as the last rule says
  std::uint64_t hook_ = 0;      // the start of the present frame's special range
  std::uint8_t in_flight_ = 0;  // 1 if the next caller's return-stack entry may be in flight, 2 if the one after
  bool is_lr_live_ = false;     // the present frame's return address is lr_
  std::size_t index_ = 0;
  std::size_t first_doubtful_ = no_doubt;
  std::size_t matched_through_ = 0;  // frames before this index agree with the return stack
  Evidence evidence_;
  StopReason stop_ = StopReason::truncated;
  std::uint64_t stop_at_ = 0;
  const TaskActivity* activity_ = nullptr;
  std::uint64_t switches_ = 0;
  bool has_frame_ = false;
  bool has_ended_ = false;

  static constexpr std::size_t no_doubt = ~std::size_t{0};
};

}  // namespace surefoot

#include "surefoot/detail/cursor_impl.hpp"

namespace surefoot {

// The running kernel's own walk is compiled once, in cursor.cpp.
extern template class Cursor<LocalReader>;

}  // namespace surefoot
