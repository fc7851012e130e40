// SPDX-License-Identifier: MIT
//
// What the tests of live patching share: functions at made-up addresses, patches that replace them, and traces.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "surefoot/livepatch.hpp"

namespace surefoot::livepatch::testing {

/// Functions are so large, and lie so far apart; none ends where another begins but for those that say so.
inline constexpr std::uint64_t function_size = 0x100;

enum Function : std::uint8_t { outer, inner, helper, function_count };
inline constexpr std::uint32_t most_patches = 3;

/// The code of a version of a function: 0 is the image's own.
[[nodiscard]] constexpr AddressRange code_of(Function function, std::uint32_t version = 0) noexcept {
  const std::uint64_t start = 0x10'0000 + 0x1'0000 * std::uint64_t{version} + 0x1000 * std::uint64_t{function};
  return {start, start + function_size};
}
/// And of what the compiler has put elsewhere.
[[nodiscard]] constexpr AddressRange cold_code_of(Function function, std::uint32_t version = 0) noexcept {
  const std::uint64_t start = code_of(function, version).start() + 0x800;
  return {start, start + 0x20};
}
inline constexpr std::uint64_t trampoline_at = 0x80'0000;

/// Frames: a call in the middle of a function, an interrupted instruction there, the entry, a trampoline.
[[nodiscard]] Frame call_in(Function function, std::uint32_t version = 0);
[[nodiscard]] Frame interrupted_at(std::uint64_t pc);
[[nodiscard]] Frame returns_to(std::uint64_t pc);
[[nodiscard]] Frame in_special(SpecialKind kind, CodeAddress::Kind address = CodeAddress::Kind::return_address);

/// A trace that owns its frames.
class OwnTrace {
 public:
  OwnTrace(std::initializer_list<Frame> frames) : frames_(frames) {}
  explicit OwnTrace(std::vector<Frame> frames) : frames_(std::move(frames)) {}
  [[nodiscard]] Trace reliable() const;
  [[nodiscard]] Trace unreliable(StopReason stop = StopReason::final_record,
                                 Evidence evidence = EvidenceBit::unknown_interrupted_code,
                                 std::size_t first_doubtful = 0) const;

 private:
  std::vector<Frame> frames_;
};

/// A patch with its storage, which replaces these functions by the versions of this number.
class OwnPatch {
 public:
  OwnPatch(std::uint32_t version, std::initializer_list<Function> functions);
  OwnPatch(const OwnPatch&) = delete;
  OwnPatch& operator=(const OwnPatch&) = delete;
  [[nodiscard]] Patch& patch() { return *patch_; }
  [[nodiscard]] std::vector<Replacement>& replacements() { return replacements_; }

 private:
  std::array<std::array<AddressRange, 2>, function_count> parts_{};
  std::vector<Replacement> replacements_;
  std::vector<std::uint64_t> filter_;
  std::optional<Patch> patch_;
};

/// The task that redirected calls belong to; null for none.
extern TaskState* current_task;

/// A stack with room for three patches, and tasks.
class World {
 public:
  /// As enable(), without a tracer.
  void begin(Patch& patch);
  /// A round over all tasks, each with this trace, and the end of the transition.
  void complete(const Trace& trace);
  /// Applies the patch to tasks without frames.
  void apply(Patch& patch);

  std::array<Patch*, most_patches> storage{};
  Patches patches{storage};
  std::array<TaskState, 4> tasks{};
};

}  // namespace surefoot::livepatch::testing
