// SPDX-License-Identifier: MIT
//
// One walk of a worker, and what is right about it.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "surefoot/surefoot.hpp"
#include "torture/counts.hpp"
#include "torture/work.hpp"
#include "torture/worker.hpp"

namespace torture {

/// A fault that is planted, to see that it is noticed.
enum class Break : std::uint8_t {
  nothing,
  activity,        ///< the switch of tasks does not tell walks of itself
  depth,           ///< the return stack is looked at before the activity word (G18)
  code_map,        ///< walks use the code map that the kernel had at boot
  forgotten_call,  ///< the task does not write down its outermost call
};
inline constexpr Break all_breaks[] = {Break::activity, Break::depth, Break::code_map, Break::forgotten_call};
[[nodiscard]] const char* to_string(Break fault) noexcept;

/// True if the frames of functions that a record can name are those of the record.
[[nodiscard]] bool is_right(const WorkCode& code, const surefoot::Trace& trace, const Snapshot& record) noexcept;
[[nodiscard]] bool is_trampoline(surefoot::SpecialKind kind) noexcept;

class Judge {
 public:
  Judge(const WorkCode& code, const surefoot::Kernel& at_boot, Break fault) noexcept
      : code_(code), at_boot_(at_boot), fault_(fault) {}

  /// Walks the worker, if there is one at the moment, and counts. True if it was blocked all the time.
  bool walk(Worker& worker, surefoot::Policy policy, Counts& counts) noexcept;

 private:
  struct Look;

  [[nodiscard]] surefoot::Trace make_walk(const kernel::Task& task, surefoot::Policy policy) noexcept;
  [[nodiscard]] bool is_all_of_blocked(const surefoot::Trace& trace, const Snapshot& record) const noexcept;
  [[nodiscard]] static bool is_excused(const Look& look, const surefoot::Verdict& verdict) noexcept;
  void judge(const Look& look, const surefoot::Trace& trace, Counts& counts) noexcept;
  void fail(Failure failure, const Look& look, const surefoot::Trace& trace, Counts& counts) const noexcept;
  void note_kinds(const surefoot::Trace& trace, Counts& counts) const noexcept;

  const WorkCode& code_;
  const surefoot::Kernel& at_boot_;
  Break fault_;
  std::array<surefoot::Frame, 2 * most_calls> frames_{};
  // For Break::depth: each task's return stack as the last walk found it.
  struct alignas(surefoot::ReturnStack) EarlierStack {
    std::byte bytes[sizeof(surefoot::ReturnStack)];
  };
  std::array<EarlierStack, kernel::task_count> earlier_{};
  std::array<bool, kernel::task_count> has_earlier_{};
};

}  // namespace torture
