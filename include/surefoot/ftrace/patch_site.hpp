// SPDX-License-Identifier: MIT
//
// The two words that -fpatchable-function-entry=2 leaves at the entry of a function, and their rewriting.
//
//   without BTI:  F+0  nop | mov x9, x30       with BTI:  F+0  bti c
//                 F+4  nop | bl trampoline                F+4  nop | mov x9, x30
//                                                         F+8  nop | bl trampoline
//
// Only a NOP and a BL may be exchanged while another CPU executes them [arm-arm B2.2.5]; the MOV is not such an
// instruction. prepare() therefore writes it early, once and for good.
#pragma once

#include <cstdint>
#include <expected>

namespace surefoot::ftrace {

/// Why code was not patched. The enumerator is also its name in logs (to_string).
enum class PatchError : std::uint8_t {
  not_a_patch_site,  ///< no entry names this function, or its words are neither NOPs nor what the runtime writes
  out_of_range,      ///< the trampoline is further from the site than a BL reaches, 128 MiB [arm-arm C6.2, BL]
  not_writable,      ///< the kernel refused an address to write through
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(PatchError error) noexcept;

/// What a patch site does.
enum class SiteMode : std::uint8_t { idle, call, call_with_all_registers };

/// What an idle site looks like.
enum class IdleForm : std::uint8_t {
  two_nops,  ///< as compiled
  prepared,  ///< with the MOV in place
};

/// A checked patch site. The state is in the code itself; this is an address.
class PatchSite {
 public:
  /// The site of an entry of the section __patchable_function_entries, which names the first NOP or, with some
  /// compilers, a landing pad before it. Reads three words from `entry`, and the one before it.
  [[nodiscard]] static std::expected<PatchSite, PatchError> make(std::uint64_t entry) noexcept;

  /// The entry point of the function: its landing pad if it has one.
  [[nodiscard]] std::uint64_t function() const noexcept;
  /// Where the BL goes. The function resumes after it.
  [[nodiscard]] constexpr std::uint64_t call_at() const noexcept { return nops_at_ + sizeof(std::uint32_t); }

  /// Writes the MOV. Requires that no CPU executes the site meanwhile, and that no task was preempted in front of its
  /// second word: it would arrive there without the return address in x9.
  [[nodiscard]] std::expected<void, PatchError> prepare() const noexcept;

  /// Brings the site into a mode. Changes one word if the site is prepared, and stays prepared with
  /// IdleForm::prepared: this is safe whoever executes the site, who then sees the old word or the new one. Otherwise
  /// the requirement of prepare() holds here as well; the order of the two writes keeps the site executable for this
  /// CPU at any moment, so that its own interrupts may call the function.
  [[nodiscard]] std::expected<void, PatchError> set_mode(SiteMode mode, IdleForm idle) const noexcept;

 private:
  constexpr explicit PatchSite(std::uint64_t nops_at) noexcept : nops_at_(nops_at) {}

  std::uint64_t nops_at_;
};

}  // namespace surefoot::ftrace
