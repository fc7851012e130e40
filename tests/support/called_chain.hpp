// SPDX-License-Identifier: MIT
//
// A chain of calls of a program whose frames, calls and frame table are all known, for the tests of witnesses: each
// function has a frame of its own size, its record somewhere in it, and calls that lead to others, directly or not.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "support/code_map.hpp"
#include "support/context.hpp"
#include "support/flat_memory.hpp"
#include "support/program_table.hpp"
#include "support/random_source.hpp"
#include "support/trace_text.hpp"

namespace surefoot::testing {

/// What a function of the program does with its stack.
struct CalledFrame {
  std::uint64_t size = 16;
  std::uint64_t record = 0;  ///< from the lowest address
  bool is_varying = false;   ///< it allocates below that: its row is in terms of x29
  friend bool operator==(const CalledFrame&, const CalledFrame&) = default;
};

/// Not copied: its context refers to it.
class CalledChain {
 public:
  static constexpr unsigned function_count = 60;
  static constexpr unsigned calls_each = 4;

  /// With or without functions of varying frames.
  CalledChain(RandomSource& random, bool has_varying);
  CalledChain(const CalledChain&) = delete;
  CalledChain& operator=(const CalledChain&) = delete;

  [[nodiscard]] static CalledFrame frame_of(unsigned function, bool has_varying);
  /// The return address of a call that a function makes.
  [[nodiscard]] static constexpr std::uint64_t return_of(unsigned function, unsigned call) {
    return code::function(function) + 0x40 + 8 * call;
  }
  /// Where the call leads; nothing if that is in a register.
  [[nodiscard]] static std::optional<unsigned> target_of(unsigned function, unsigned call);

  /// Walks as things are now.
  [[nodiscard]] Walked walk() const;
  [[nodiscard]] static std::vector<std::uint64_t> pcs(const Walked& walked);

  FlatMemory memory;
  Context context;
  Registers start{};
  /// The pcs to which the task will return, the innermost first.
  std::vector<std::uint64_t> truth;
  /// The words of the stack that are return addresses, by their index; the innermost first.
  std::vector<std::size_t> return_slots;
  /// Where the records are, the innermost first.
  std::vector<std::uint64_t> records;

 private:
  class Reader;

  void push(std::size_t words, RandomSource& random);

  std::array<AddressRange, 1> text_{AddressRange(code::text_start, code::text_end)};
  std::vector<Stack> stacks_;
  std::size_t used_ = 0;
};

}  // namespace surefoot::testing
