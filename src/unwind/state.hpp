// SPDX-License-Identifier: MIT
//
// The state of a walk, and the words in which its steps speak: the next frame, the present stack, the return stacks,
// the code nearby, the totals. The steps are in the order of the files that walk.cpp includes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/config.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/kernel.hpp"
#include "surefoot/records.hpp"
#include "surefoot/task.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::detail {

/// How the next frame was found, which is what may be used to find its caller.
enum class Found : std::uint8_t {
  nothing,      ///< there is just its record, as of an exception from EL0
  by_call,      ///< by a return address: its frame record tells
  by_row,       ///< by a return address that a register or a slot held: its own row of the frame table tells
  interrupted,  ///< by the registers that an exception saved
  resumed,      ///< by a trampoline that resumes it: it has no record yet, and returns by the register `live_lr`
};

/// The next frame: found, and not entered yet.
struct Next {
  std::uint64_t pc = 0;
  std::uint64_t fp = 0;            ///< where its record is
  std::uint64_t sp = 0;            ///< if is_sp_known
  std::uint64_t registers_at = 0;  ///< the exception frame that was crossed last
  Evidence noticed;                ///< on the way to it
  Found found = Found::nothing;
  Source source = Source::start;
  From live_lr = From::nowhere;
  bool is_sp_known = false;
};

/// What is not consumed of the stack that the walk is on: [low, end). Nothing before one was entered.
struct PresentStack {
  std::uint64_t low = 0;
  std::uint64_t end = 0;
  std::uint32_t entered = 0;  ///< a bit for each stack that is or was present
  // Here because there is room: for witnesses, where the function of the frame before starts, by the frame table, in
  // instructions modulo 2^32; 0 if that is not known.
  std::uint32_t callee = 0;
};

/// What was not used yet of the return stacks: the entries below these indices.
struct UnusedEntries {
  std::uint16_t below[max_return_stacks] = {};
};

/// Code that was found before, by its index in the code map. Depends on nothing but the map.
struct NearCode {
  PlainCode plain;          ///< the plain interval that the last return address was in
  PlainCode other;          ///< the one before it
  std::uint32_t found = 0;  ///< the interval that was looked for last
  std::uint32_t hook = 0;   ///< the interval that begins with the last return hook, at first with any; 0 is none
};

/// All frames so far. Of 16 bytes each on their stack at least: there cannot be 2^32 of them below 64 GiB.
struct Totals {
  std::uint32_t count = 0;
  std::uint32_t first_doubtful = ~std::uint32_t{0};
  std::uint32_t matched_through = 0;  ///< frames before this index agree with the return stacks
  Evidence evidence;
};

/// What the frame before the present one is, for witnesses.
enum class Callee : std::uint8_t {
  other,
  called,      ///< ordinary code that was called, and made a call
  trampoline,  ///< one that has made the record of what it resumes
};

struct State {
  State(const Kernel& of_kernel, const Task& of_task, Policy by_policy) noexcept
      : kernel(&of_kernel), task(&of_task), code(&of_kernel.code()), policy(by_policy) {}

  const Kernel* kernel;
  const Task* task;
  const CodeMap* code;  ///< the map in force when the walk began
  PresentStack stack;
  UnusedEntries unused;
  NearCode near;
  Next next;
  Totals totals;
  std::uint64_t switches = 0;  ///< the activity word when the walk began
  std::uint64_t stop_at = 0;
  StopReason stop = StopReason::truncated;
  Policy policy;
  std::uint8_t in_flight = 0;   ///< 1 if the next caller's return-stack entry may be in flight, 2 if the one after
  std::uint8_t exceptions = 0;  ///< crossed exceptions, each of which explains one empty slot; less those explained
  bool is_frame_local = false;  ///< next.registers_at is in this program's memory
  // For witnesses:
  Callee callee_kind = Callee::other;
  std::uint16_t shadow_used = 0;  ///< words of the shadow call stack
};

SUREFOOT_INLINE inline void stop(State& state, StopReason reason, std::uint64_t at) noexcept {
  state.stop = reason;
  state.stop_at = at;
}

SUREFOOT_INLINE inline void doubt_from(State& state, std::uint32_t index) noexcept {
  if (index < state.totals.first_doubtful) state.totals.first_doubtful = index;
}

// A stack is read word by word, across the red zones of its own objects: not for an address sanitizer to judge.
[[gnu::no_sanitize_address]] inline std::uint64_t load_word(std::uint64_t address) noexcept {
  // SAFETY: the callers have placed [address, address + 8) in a stack of the task, in the frame that the walk was
  // started with, or in code; all are mapped, and the address is a multiple of 8.
  return *reinterpret_cast<const volatile std::uint64_t*>(address);
}

/// A word of the task's memory, if it could be read. In two registers.
struct Word {
  std::uint64_t value;
  bool is_read;
};

/// Out of line: few tasks are in foreign memory, and reading that takes longer anyway.
[[nodiscard]] SUREFOOT_STEP inline Word read_foreign(const ForeignMemory& memory, std::uint64_t address) noexcept {
  std::uint64_t value = 0;
  const bool is_read = memory.read(memory.object, address, &value);
  return {value, is_read};
}

/// Reads a word of the task's memory.
[[nodiscard]] SUREFOOT_INLINE inline Word read_word(const State& state, std::uint64_t address) noexcept {
  const ForeignMemory* const memory = state.task->memory;
  if (memory != nullptr) [[unlikely]]
    return read_foreign(*memory, address);
  return {load_word(address), true};
}

/// The same; the walk has ended if it could not be read.
[[nodiscard]] SUREFOOT_INLINE inline Word read_or_stop(State& state, std::uint64_t address) noexcept {
  const Word word = read_word(state, address);
  if (!word.is_read) stop(state, StopReason::unreadable, address);
  return word;
}

}  // namespace surefoot::detail
