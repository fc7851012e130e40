// SPDX-License-Identifier: MIT
//
// Witnesses: sources that are independent of the chain of frame records, which a walk compares the chain with. What one
// contradicts is evidence, and so is what it cannot vouch for although it should. None changes a frame of a trace.
#pragma once

namespace surefoot {

struct Interval;

namespace detail {

struct Code;
struct State;

// With the frame that is entered, whose code is in `interval`.
void compare_with_witnesses(State& state, const Interval& interval, Code& code) noexcept;

}  // namespace detail

/// The witnesses of a kernel; by default none. docs/reliability.md says what each can tell, docs/performance.md what it
/// costs.
class Witnesses {
 public:
  /// Which witnesses a kernel has.
  struct Chosen {
    /// The instruction before each return address is a call. Reads the code.
    bool call_site = false;
    /// If that is a direct call, it leads to the function that was found inside; of functions in a frame table. Only
    /// for code without tail calls (-fno-optimize-sibling-calls): a function that was entered by one is taken for a
    /// wrong one, and so is one in the place of another that was called, as in live patching.
    bool call_target = false;
    /// Each record is where the frame table says, by sp, which is followed from frame to frame. A return address in
    /// ordinary code of which no table knows the row is not vouched for.
    bool frame_table_chain = false;
    /// Each function that ordinary code called has its return address on Task::shadow_call_stack, in order, and there
    /// is no other. Only for code that all has been compiled so (-fsanitize=shadow-call-stack).
    bool shadow_call_stack = false;
  };

  constexpr Witnesses() = default;
  constexpr explicit Witnesses(const Chosen& chosen) noexcept
      : compare_(&detail::compare_with_witnesses), chosen_(chosen) {}

  [[nodiscard]] constexpr const Chosen& chosen() const noexcept { return chosen_; }
  [[nodiscard]] constexpr bool exist() const noexcept { return compare_ != nullptr; }
  // For the walk. By pointer, so that one without witnesses does not link them.
  void compare(detail::State& state, const Interval& interval, detail::Code& code) const noexcept {
    compare_(state, interval, code);
  }

 private:
  void (*compare_)(detail::State& state, const Interval& interval, detail::Code& code) noexcept = nullptr;
  Chosen chosen_;
};

}  // namespace surefoot
