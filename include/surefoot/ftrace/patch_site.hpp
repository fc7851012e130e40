// SPDX-License-Identifier: MIT
//
// The two words that -fpatchable-function-entry=2 leaves at the entry of a function, and their rewriting.
//
//   without BTI:  F+0  nop | mov x9, x30       with BTI:  F+0  bti c
//                 F+4  nop | bl trampoline                F+4  nop | mov x9, x30
//                                                         F+8  nop | bl trampoline
//
// Only a NOP and a BL may be exchanged while another CPU executes them [arm-arm B2.2.5]; the MOV is not such an
// instruction. prepare() therefore writes it early, once and for good, and no BL is written in front of it
// (docs/changing-code.md).
#pragma once

#include <cstdint>
#include <expected>

namespace surefoot::ftrace {

/// Why a function of the runtime did nothing, or less than it was asked for. The enumerator is also its name in logs
/// (to_string).
enum class PatchError : std::uint8_t {
  not_a_patch_site,    ///< no entry names this function, or its words are neither NOPs nor what the runtime writes
  out_of_range,        ///< the trampoline is further from the site than a BL reaches, 128 MiB [arm-arm C6.2, BL]
  not_writable,        ///< the kernel refused an address to write through
  not_initialized,     ///< initialize() has not named the patch sites
  not_prepared,        ///< prepare() was not called, or failed at some site: a BL there would lose the return address
  already_registered,  ///< this tracer is registered, or another graph tracer
  not_registered,      ///< this tracer is not registered
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(PatchError error) noexcept;

/// What a patch site does.
enum class SiteMode : std::uint8_t { idle, call, call_with_all_registers };

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

  /// Writes the MOV, if it is not there. Requires that no CPU executes an unprepared site meanwhile, and that no task
  /// was preempted in front of its second word: it would arrive there without the return address in x9.
  [[nodiscard]] std::expected<void, PatchError> prepare() const noexcept;

  /// Brings the site into a mode by the exchange of one word, whoever executes it: other CPUs see the old word or the
  /// new one, and the new one only from surefoot_ftrace_port_synchronize_cpus() on. A site without the MOV is refused
  /// as not_prepared. Requires that all CPUs have synchronised since prepare().
  [[nodiscard]] std::expected<void, PatchError> set_mode(SiteMode mode) const noexcept;

 private:
  constexpr explicit PatchSite(std::uint64_t nops_at) noexcept : nops_at_(nops_at) {}

  std::uint64_t nops_at_;
};

}  // namespace surefoot::ftrace
