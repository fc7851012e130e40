// SPDX-License-Identifier: MIT
//
// How control goes back from an instruction: the instructions of the shortest path from there to a return, as the
// kernel's memory held them. Every path of a function that was compiled leaves sp, x29 and the callee-saved registers
// alike, so that one of them tells what all do. None of the library's walking is in here, and nothing of the rules that
// `surefoot frames` derives; of the tools it has the decoder.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "capture.hpp"
#include "code/instruction.hpp"
#include "code/vocabulary.hpp"

namespace corrupt {

using surefoot::tools::Instruction;
using surefoot::tools::RegisterSet;

inline constexpr RegisterSet all_registers = ~RegisterSet{0};
/// x19 to x28, x29 and sp: what a callee gives back [aapcs64 §6.1.1].
inline constexpr RegisterSet kept_by_callees = 0xbff80000;

struct Step {
  enum class Kind : std::uint8_t {
    ordinary,
    call,              ///< of a function that returns: what it does not keep becomes unknown
    enter_trampoline,  ///< of an ftrace trampoline, from a patch site: x30 is as it was, by x9
    pop,               ///< what a return hook calls: x0 = the return address of the newest entry, x1 = its return stack
    set_return_pc,     ///< MSR ELR_EL1
    set_return_state,  ///< MSR SPSR_EL1
  };
  Kind kind = Kind::ordinary;
  Instruction instruction;
};

struct Way {
  enum class End : std::uint8_t {
    by_register,   ///< RET
    by_exception,  ///< ERET
    never,         ///< control stays in the function, or calls what never returns
    not_known,     ///< a path is not understood, and no other was found
  };
  End end = End::not_known;
  std::uint8_t target = 30;  ///< the register of a RET
  std::vector<Step> steps;   ///< those that matter to the end
};

/// The code of a capture's regions; captures with the same code share one.
class Code {
 public:
  explicit Code(const Capture& capture);

  /// True if an instruction may be fetched there.
  [[nodiscard]] bool contains(std::uint64_t pc) const { return pc % 4 == 0 && word_at(pc).has_value(); }
  /// True if `pc` is the first instruction of a return hook.
  [[nodiscard]] bool is_hook(std::uint64_t pc) const { return hooks_.contains(pc); }
  /// True if `pc` is anywhere in one.
  [[nodiscard]] bool is_in_hook(std::uint64_t pc) const;
  /// True if `pc` is behind the call by which a return hook learns where to go.
  [[nodiscard]] bool is_behind_pop(std::uint64_t pc) const;
  /// True if `pc` is behind the call of a tracer in a trampoline.
  [[nodiscard]] bool is_behind_tracer(std::uint64_t pc) const;
  /// The way from `pc`, where the registers `known` are known.
  [[nodiscard]] const Way& way_from(std::uint64_t pc, RegisterSet known);

 private:
  struct Text {
    surefoot::AddressRange range;
    std::shared_ptr<const Bytes> bytes;
  };
  struct Node {
    std::uint64_t pc;
    RegisterSet known;
    std::size_t before;
  };

  [[nodiscard]] std::optional<std::uint32_t> word_at(std::uint64_t pc) const;
  [[nodiscard]] std::optional<Step> step_at(std::uint64_t pc) const;
  [[nodiscard]] bool is_trampoline(std::uint64_t pc) const;
  void find_returning();
  [[nodiscard]] bool may_return(std::uint64_t entry) const;
  [[nodiscard]] Way find_way(std::uint64_t pc, RegisterSet known) const;
  [[nodiscard]] Way make_way(const std::vector<Node>& nodes, std::size_t last) const;

  std::vector<Text> texts_;
  std::vector<surefoot::AddressRange> hook_ranges_;
  std::vector<surefoot::AddressRange> trampolines_;
  std::vector<surefoot::AddressRange> tracer_calls_;
  std::unordered_set<std::uint64_t> hooks_;
  std::unordered_set<std::uint64_t> returning_;  ///< functions that are called and return
  surefoot::tools::Vocabulary vocabulary_;
  std::unordered_map<std::uint64_t, Way> ways_;
};

}  // namespace corrupt
