// SPDX-License-Identifier: MIT
//
// The states of a patch site and the ways between them.
#include "surefoot/ftrace/patch_site.hpp"

#include "code.hpp"
#include "instructions.hpp"
#include "surefoot/ftrace/frame.hpp"
#include "trampolines.hpp"

namespace surefoot::ftrace {
namespace {

using detail::instruction_nop;
using detail::read_instruction;
using detail::write_instruction;

constexpr std::uint64_t word_size = sizeof(std::uint32_t);

// A trampoline that is out of reach cannot be what stands there.
bool is_call(std::uint32_t word, std::uint64_t at, std::uint64_t trampoline) noexcept {
  const auto call = detail::encode_branch(detail::Branch::bl, at, trampoline);
  return call.has_value() && *call == word;
}

// NOP NOP, MOV NOP, or MOV BL: whatever else is there is not ours to change.
bool is_known(std::uint64_t nops_at) noexcept {
  const std::uint32_t first = read_instruction(nops_at);
  const std::uint32_t second = read_instruction(nops_at + word_size);
  if (first == instruction_nop) return second == instruction_nop;
  if (first != detail::instruction_mov_x9_x30) return false;
  return second == instruction_nop || is_call(second, nops_at + word_size, detail::address_of(ftrace_caller)) ||
         is_call(second, nops_at + word_size, detail::address_of(ftrace_regs_caller));
}

}  // namespace

std::expected<PatchSite, PatchError> PatchSite::make(std::uint64_t entry) noexcept {
  if (entry == 0 || entry % word_size != 0) return std::unexpected(PatchError::not_a_patch_site);
  const std::uint64_t nops_at = read_instruction(entry) == instruction_bti_c ? entry + word_size : entry;
  if (!is_known(nops_at)) return std::unexpected(PatchError::not_a_patch_site);
  return PatchSite(nops_at);
}

std::uint64_t PatchSite::function() const noexcept {
  const std::uint64_t before = nops_at_ - word_size;
  return read_instruction(before) == instruction_bti_c ? before : nops_at_;
}

std::expected<void, PatchError> PatchSite::prepare() const noexcept {
  return write_instruction(nops_at_, detail::instruction_mov_x9_x30);
}

std::expected<void, PatchError> PatchSite::set_mode(SiteMode mode) const noexcept {
  if (mode == SiteMode::idle) return write_instruction(call_at(), instruction_nop);
  if (read_instruction(nops_at_) != detail::instruction_mov_x9_x30) return std::unexpected(PatchError::not_prepared);
  const auto trampoline = mode == SiteMode::call ? ftrace_caller : ftrace_regs_caller;
  const auto call = detail::encode_branch(detail::Branch::bl, call_at(), detail::address_of(trampoline));
  return call ? write_instruction(call_at(), *call) : std::unexpected(call.error());
}

}  // namespace surefoot::ftrace
