// SPDX-License-Identifier: MIT
//
// What control will really return to: the kernel's own instructions, executed on the memory as it is, from the
// registers of a capture on. The judge's truth.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "memory.hpp"
#include "ways.hpp"

namespace corrupt {

struct Truth {
  enum class End : std::uint8_t {
    complete,   ///< the last function does not return, or returns to EL0
    broken,     ///< control faults or traps, or leaves the code
    refused,    ///< the same, by an authentication code that is not that of its address and its stack
    not_known,  ///< instructions that are not understood
  };
  End end = End::complete;
  std::vector<std::uint64_t> pcs;  ///< the innermost first
  std::vector<bool> is_resumed;    ///< of each: by a trampoline that may have been told to go on there

  /// A function that a tracer has put in the place of another is shown by its first instruction or by the next one,
  /// which the frame record has.
  [[nodiscard]] bool is_shown_by(std::size_t index, std::uint64_t pc) const {
    return pc == pcs[index] || (is_resumed[index] && pc == pcs[index] + 4);
  }

  friend bool operator==(const Truth&, const Truth&) = default;
};

/// What control uses a word for.
enum class Role : std::uint8_t {
  return_address,    ///< of a function, in its frame
  saved_fp,          ///< its caller's x29
  saved_register,    ///< another callee-saved register of its caller's
  exception_frame,   ///< a register that an exception has saved
  trampoline_frame,  ///< a register that a trampoline has saved, or a record in its frame
  return_stack,      ///< an entry of the return stack, or its depth
  record_only,       ///< for nothing; but walks read it
  nothing,           ///< for nothing, nor do walks
};
inline constexpr std::size_t role_count = 8;

class Control {
 public:
  /// All must outlive it. The memory is as captured.
  Control(const Capture& capture, Code& code, const Memory& memory);

  /// By the memory as it is now.
  [[nodiscard]] const Truth& follow();

  /// The words that the last follow() has read.
  [[nodiscard]] const std::vector<std::uint64_t>& words_read() const { return read_; }
  /// What it uses the word for in what was captured; `nothing` also stands for what walks alone read.
  [[nodiscard]] Role role_of(std::uint64_t address) const;
  /// True if a function that was captured gives its frame back by x29.
  [[nodiscard]] bool has_varying_sp() const { return has_varying_sp_; }
  /// From here on nothing below counts, where a walk begins: 0 if the capture has no stack.
  [[nodiscard]] std::uint64_t lowest() const { return lowest_; }

 private:
  struct Machine {
    std::array<std::uint64_t, 32> x{};
    RegisterSet known = 0;
    std::uint64_t pc = 0;
    bool is_exact = false;    ///< all that is known of its registers counts at pc, and not what a call leaves of it
    bool is_resumed = false;  ///< see Truth
    std::uint64_t return_pc = 0;
    std::uint64_t return_state = 0;

    [[nodiscard]] bool has(unsigned number) const { return (known >> number & 1) != 0; }
    void set(unsigned number, std::optional<std::uint64_t> value) {
      x[number] = value.value_or(0);
      known = value ? known | RegisterSet{1} << number : known & ~(RegisterSet{1} << number);
    }
  };

  void find_start();
  [[nodiscard]] bool begin(Machine& machine);
  void run(Machine& machine);
  // False if control ends there, as truth_.end says.
  [[nodiscard]] bool go_back(Machine& machine);
  [[nodiscard]] bool execute(Machine& machine, const Step& step);
  [[nodiscard]] bool execute_ordinary(Machine& machine, const Instruction& instruction);
  [[nodiscard]] bool access(Machine& machine, const Instruction& instruction);
  [[nodiscard]] bool authenticate(Machine& machine, unsigned number);
  // What code stores elsewhere than by sp and x29 counts there alone: a handler that sends what it interrupted on to
  // the next instruction is not what this is about.
  [[nodiscard]] bool is_of_return_stack(std::uint64_t address) const;
  void learn_role(std::uint64_t address, unsigned number);
  void end_hooking(const Machine& machine);
  [[nodiscard]] bool pop(Machine& machine, bool is_checked);
  [[nodiscard]] bool stop(Truth::End end) {
    truth_.end = end;
    return false;
  }
  [[nodiscard]] std::optional<std::uint64_t> load(std::uint64_t address, unsigned bytes);
  void store(std::uint64_t address, unsigned bytes, std::optional<std::uint64_t> value);
  [[nodiscard]] std::uint64_t strip(std::uint64_t address) const;

  const Capture& capture_;
  Code& code_;
  const Memory& memory_;
  Machine start_;  ///< without what an exception frame holds, which may be mutated
  std::uint64_t lowest_ = 0;
  std::uint32_t depth_ = 0;  ///< of the return stack, as captured
  std::uint32_t popped_ = 0;
  bool is_learning_ = false;
  bool has_varying_sp_ = false;
  Role reading_ = Role::exception_frame;  ///< of what is loaded, unless the register tells more
  std::map<std::uint64_t, Role> roles_;
  std::map<std::uint64_t, std::uint64_t> hooking_;  ///< the hooks that tracers are about to put into FtraceFrames
  std::set<std::pair<std::uint64_t, std::uint64_t>> signed_;  ///< {signed address, sp} that authenticate
  Truth truth_;
  std::vector<std::pair<std::uint64_t, std::optional<std::uint64_t>>> stored_;  ///< by word; over the memory
  std::vector<std::pair<std::uint64_t, std::uint64_t>> fresh_;                  ///< the same, signed on the way
  std::vector<std::uint64_t> read_;
};

}  // namespace corrupt
